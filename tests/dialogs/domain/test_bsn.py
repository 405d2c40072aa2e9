import pytest

from dialogs.domain.bsn import find_bsn, is_bsn


@pytest.mark.parametrize(
    ("digits", "passes"),
    [
        ("111222333", True),
        ("123456782", True),
        ("123456789", False),
        ("000000000", False),
        ("12345678", False),
        ("1112223334", False),
        ("11122233a", False),
        ("١١١٢٢٢٣٣٣", False),
    ],
)
def test_only_nine_digits_that_pass_the_eleven_test_are_a_bsn(digits: str, passes: bool):
    assert is_bsn(digits) is passes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Haar BSN is 111222333.", ["111222333"]),
        ("bsn 111 222 333 of 111.222.333", ["111 222 333", "111.222.333"]),
        ("Nummer 123456789 klopt niet", []),
        ("Bel 0611122233 of +31111222333", []),
        ("Zaak 2111222333 en code A111222333", []),
        ("", []),
    ],
)
def test_a_bsn_is_found_where_it_stands(text: str, found: list[str]):
    assert [text[start:end] for start, end in find_bsn(text)] == found
