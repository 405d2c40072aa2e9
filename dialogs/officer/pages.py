"""Long parts of a case in pages, so that no card is larger than Teams takes, whatever people wrote.

A card may hold 28 kB (tests/cards). Every line costs its bytes and what an Adaptive Card needs around it.
"""

from collections.abc import Iterable, Iterator

Row = tuple[str, str]

#: What a page holds; the rest of the card, with its buttons, stays under 8 kB.
ROOM = 18_000
#: What a labelled value and each of its lines cost besides their bytes, measured on drawn cards.
_ROW, _LINE = 320, 110


def cost(label: str, value: str) -> int:
    """About how many bytes of a card a labelled value takes."""
    lines = value.splitlines() or [""]
    return _ROW + len(label.encode()) + sum(_LINE + len(line.encode()) for line in lines)


def paged(rows: Iterable[Row], room: int = ROOM) -> tuple[tuple[Row, ...], ...]:
    """The rows on pages, in order; a row that is longer than a page goes on on the next one. At least one page."""
    pages: list[list[Row]] = [[]]
    left = room
    for row in (part for each in rows for part in _parts(*each, room)):
        if cost(*row) > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= cost(*row)
    return tuple(tuple(page) for page in pages)


def beginning(text: str, most: int) -> str:
    """The text, or the first lines and words of it that fit in so many bytes of a card, from 100."""
    parts = tuple(_parts("", text, most + _ROW))
    return parts[0][1] if len(parts) == 1 else f"{parts[0][1]} …"


def _parts(label: str, value: str, room: int) -> Iterator[Row]:
    """A row as rows that each fit."""
    part: list[str] = []
    left = room - _ROW - len(label.encode())
    for line in _short_lines(value, max(left - _LINE, _LINE)):
        size = _LINE + len(line.encode())
        if part and size > left:
            yield label, "\n".join(part)
            part, left = [], room - _ROW - len(label.encode())
        part.append(line)
        left -= size
    yield label, "\n".join(part)


def _short_lines(value: str, most: int) -> Iterator[str]:
    """The lines, none of more bytes than this; broken between words where that is possible."""
    for line in value.splitlines():
        rest = line
        while len(rest.encode()) > most:
            head = rest.encode()[:most].decode(errors="ignore")
            head = head.rsplit(" ", 1)[0] or head
            yield head
            rest = rest[len(head) :].lstrip(" ")
        yield rest
