"""Find a burgerservicenummer in a text, so that it can be refused with a reason."""

import re

#: Nine digits, also written in groups with spaces, dots or dashes; part of a longer number is none.
_CANDIDATE = re.compile(r"(?<![\w+])(?<!\d[ .\-])\d(?:[ .\-]?\d){8}(?![ .\-]?\d)(?!\w)", re.ASCII)
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(digits: str) -> bool:
    """Whether nine digits pass the 11-test of the BSN (Besluit burgerservicenummer)."""
    if not (digits.isascii() and digits.isdecimal()) or len(digits) != len(_WEIGHTS):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def find_bsn(text: str) -> tuple[tuple[int, int], ...]:
    """Return where (start, end) a number stands that passes the 11-test."""
    return tuple(
        match.span() for match in _CANDIDATE.finditer(text) if is_bsn("".join(filter(str.isdecimal, match.group())))
    )
