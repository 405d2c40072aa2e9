"""Whole numbers that come from outside: in a press, in a field, in a typed line."""

#: What a database holds as a whole number, on every side (PostgreSQL: integer, four bytes).
MOST = 2**31 - 1
_MOST_DIGITS = 10


def whole_number(text: str, most: int = MOST) -> int | None:
    """The number from 0 to `most` that the whole text is; None if it is none."""
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= most else None
