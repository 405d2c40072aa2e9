"""A reader of text that knows a few words: tests of the dialog do not hang on how well Dutch is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.domain.recognition import Reading, Suggestion


@dataclass(frozen=True)
class WordSuggester:
    """Suggests a criterion where its word stands, danger where one of the danger words does, and one who is young."""

    words: Mapping[str, str] = field(
        default_factory=lambda: {"paspoorten": "docs_held", "bang": "fear", "schuld": "debt_bondage"}
    )
    danger_words: tuple[str, ...] = ("opgesloten",)
    young: str = "meisje van 15"

    def read(self, text: str) -> Reading:
        """What stands in the text, in its order."""
        found = sorted((text.find(word), word, key) for word, key in self.words.items() if word in text)
        danger = next((word for word in self.danger_words if word in text), None)
        return Reading(
            suggestions=tuple(Suggestion(key, word, at, at + len(word)) for at, word, key in found),
            negated=frozenset(),
            minor=True if self.young in text else None,
            minor_quote=self.young if self.young in text else None,
            danger=danger is not None,
            danger_quote=danger,
            bsn=(),
            phone_numbers=(),
            warnings=(),
        )
