"""A text that somebody wrote outside the questions of the intake: taken as it is, or refused with a reason."""

from dialogs.domain.bsn import find_bsn


class TextRefused(Exception):
    """A text cannot be stored; the reason is a key of the texts, under `rejected`: `empty`, `too_long` or `bsn`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def accepted(raw: str, *, most: int, required: bool = False) -> str:
    """The text without what cannot be shown. Raises TextRefused for a BSN, too much, or nothing where it is needed."""
    text = "".join(char for char in raw if char.isprintable() or char in "\n\t").strip()
    if required and not text:
        raise TextRefused("empty")
    if len(text) > most:
        raise TextRefused("too_long")
    if find_bsn(text):
        raise TextRefused("bsn")
    return text


def shown_again(raw: str, *, most: int) -> str:
    """What was filled in and refused, to go on with: a BSN blanked out, cut to what fits."""
    for start, end in reversed(find_bsn(raw)):
        raw = raw[:start] + "*" * (end - start) + raw[end:]
    return raw[:most]
