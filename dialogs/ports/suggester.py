"""The reader of free text."""

from typing import Protocol

from dialogs.domain.recognition import Reading


class Suggester(Protocol):
    """Reads free text; a suggestion counts only if its quote stands in the text."""

    def read(self, text: str) -> Reading:
        """What the text seems to mention. Never raises, whatever the text."""
        ...
