import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.key_file import FileKeyRing, KeyFileRefused, open_key_file

SECRET = "A" * 43 + "="


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text)
    path.chmod(mode)


def test_the_first_run_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"

    ring = open_key_file(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(ring.secret(ring.current)) == 32
    assert list(path.parent.iterdir()) == [path]


def test_the_next_run_finds_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    assert open_key_file(path) == open_key_file(path)


def test_two_machines_do_not_get_the_same_key(tmp_path: Path) -> None:
    one, other = open_key_file(tmp_path / "one.json"), open_key_file(tmp_path / "other.json")

    assert one.current != other.current
    assert one.secret(one.current) != other.secret(other.current)


def test_processes_that_start_at_once_end_up_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(open_key_file, [path] * 40))

    assert all(ring == rings[0] for ring in rings)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_can_reach_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    open_key_file(path)
    path.chmod(mode)

    with pytest.raises(KeyFileRefused, match=f"chmod 600 {path}"):
        open_key_file(path)

    path.chmod(0o400)
    assert open_key_file(path).current


def test_older_keys_stay_on_the_ring(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write(path, json.dumps({"current": "k2", "keys": {"k1": SECRET, "k2": "B" * 43 + "="}}))

    ring = open_key_file(path)

    assert ring.current == "k2"
    assert ring.secret("k1") == bytes(32)
    with pytest.raises(KeyError):
        ring.secret("k3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "not json " + SECRET,
        json.dumps({"current": "k1"}),
        json.dumps({"current": "k1", "keys": {"k1": 5}}),
        json.dumps({"current": "k1", "keys": {"k1": "not base64!" + SECRET}}),
        json.dumps({"current": "k1", "keys": {"k1": SECRET}, "more": 1}),
        json.dumps({"current": "k2", "keys": {"k1": SECRET}}),
        json.dumps({"current": "k1", "keys": {"k1": SECRET[:-4]}}),
        json.dumps({"current": "", "keys": {"": SECRET}}),
        json.dumps({"current": "k" * 65, "keys": {"k" * 65: SECRET}}),
    ],
)
def test_a_damaged_key_file_is_refused_without_showing_a_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    write(path, text)

    with pytest.raises(KeyFileRefused, match=str(path)) as refused:
        open_key_file(path)

    assert "AAAA" not in str(refused.value)
    assert path.read_text() == text


def test_a_key_file_that_cannot_be_made_or_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir(mode=0o700)

    for path in (tmp_path / "file" / "keys.json", tmp_path / "folder"):
        with pytest.raises(KeyFileRefused, match=str(path)):
            open_key_file(path)


def test_a_ring_does_not_show_its_keys() -> None:
    assert "secret" not in repr(FileKeyRing("k1", {"k1": b"secret"}))
