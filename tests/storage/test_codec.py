import pytest

from storage.codec import ContentCodec, ContentUnreadable, Place
from storage.key_file import FileKeyRing
from tests.storage.conftest import KEYS

PLACE = Place("drafts", "content")
CONTENT = {"story": "hij hield haar paspoort 😟", "seen": ["papers_held"], "minor": None, "count": 2}


@pytest.fixture
def codec() -> ContentCodec:
    return ContentCodec(KEYS)


@pytest.mark.parametrize("content", [CONTENT, {}, [], "", "Anne", None, ["x" * 100_000]])
def test_content_opens_as_it_was_sealed(codec: ContentCodec, content: object) -> None:
    assert codec.open(PLACE, "row-1", codec.seal(PLACE, "row-1", content)) == content


def test_sealed_content_shows_nothing_of_it_and_is_never_the_same_twice(codec: ContentCodec) -> None:
    sealed = [codec.seal(PLACE, "row-1", CONTENT) for _ in range(50)]

    assert len(set(sealed)) == 50
    assert not any(b"paspoort" in each or b"papers_held" in each for each in sealed)


@pytest.mark.parametrize(
    ("place", "row"),
    [(PLACE, "row-2"), (Place("drafts", "answers"), "row-1"), (Place("signals", "content"), "row-1")],
    ids=["row", "column", "table"],
)
def test_content_that_was_moved_does_not_open(codec: ContentCodec, place: Place, row: str) -> None:
    sealed = codec.seal(PLACE, "row-1", CONTENT)

    with pytest.raises(ContentUnreadable, match="altered"):
        codec.open(place, row, sealed)


def test_where_one_name_ends_and_the_next_begins_is_bound_too(codec: ContentCodec) -> None:
    sealed = codec.seal(Place("a", "bc"), "d", CONTENT)

    with pytest.raises(ContentUnreadable):
        codec.open(Place("ab", "c"), "d", sealed)


def test_content_does_not_open_once_any_byte_was_altered(codec: ContentCodec) -> None:
    sealed = codec.seal(PLACE, "row-1", CONTENT)

    for index in range(len(sealed)):
        altered = bytearray(sealed)
        altered[index] ^= 1
        with pytest.raises(ContentUnreadable):
            codec.open(PLACE, "row-1", bytes(altered))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x02k1", b'{"story": "in clear"}', b"\x01\xff" + b"x" * 40])
def test_what_was_never_sealed_does_not_open(codec: ContentCodec, sealed: bytes) -> None:
    with pytest.raises(ContentUnreadable):
        codec.open(PLACE, "row-1", sealed)


def test_a_new_key_writes_and_the_older_one_still_reads() -> None:
    old, new = bytes(32), bytes(range(32))
    sealed = ContentCodec(FileKeyRing("old", {"old": old})).seal(PLACE, "row-1", CONTENT)
    rotated = ContentCodec(FileKeyRing("new", {"old": old, "new": new}))

    assert rotated.open(PLACE, "row-1", sealed) == CONTENT
    resealed = rotated.seal(PLACE, "row-1", CONTENT)
    assert ContentCodec(FileKeyRing("new", {"new": new})).open(PLACE, "row-1", resealed) == CONTENT


def test_a_lost_key_is_named() -> None:
    sealed = ContentCodec(FileKeyRing("lost", {"lost": bytes(32)})).seal(PLACE, "row-1", CONTENT)

    with pytest.raises(ContentUnreadable, match=r"drafts\.content of row row-1 .* 'lost'"):
        ContentCodec(KEYS).open(PLACE, "row-1", sealed)


def test_a_ring_without_its_current_key_is_refused_at_the_start() -> None:
    with pytest.raises(KeyError):
        ContentCodec(FileKeyRing("missing", {"k1": bytes(32)}))


def test_what_is_no_json_is_refused(codec: ContentCodec) -> None:
    with pytest.raises(TypeError):
        codec.seal(PLACE, "row-1", {"story": object()})
