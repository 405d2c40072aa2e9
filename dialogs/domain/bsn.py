"""Find a burgerservicenummer in a text, so that it can be refused with a reason."""

import re

#: Nine digits, or eight (an old number without its leading zero), also written in groups with spaces, dots or dashes.
_CANDIDATE = re.compile(r"(?<![\w+])\d(?:[ .\-]?\d){7,8}(?![ .\-]?\d)(?!\w)", re.ASCII)
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_DIGITS = 9


def is_bsn(digits: str) -> bool:
    """Whether eight or nine digits pass the 11-test of the BSN (Besluit burgerservicenummer)."""
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in {_DIGITS - 1, _DIGITS}:
        return False
    padded = digits.zfill(_DIGITS)
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, padded, strict=True))
    return total % 11 == 0 and int(padded) > 0


def find_bsn(text: str) -> tuple[tuple[int, int], ...]:
    """Return where (start, end) a number stands that passes the 11-test."""
    return tuple(
        match.span() for match in _CANDIDATE.finditer(text) if is_bsn("".join(filter(str.isdecimal, match.group())))
    )
