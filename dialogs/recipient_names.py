"""What recipients of a signal are called: by the directory, and by the texts where it does not have them."""

from collections.abc import Mapping

from dialogs.domain.recipients import OUTSIDE_DIRECTORY
from dialogs.knowledge import Knowledge


def recipient_name(key: str, knowledge: Knowledge) -> str:
    """The name of one; of one that is gone from the directory since, that it was a partner."""
    if key in knowledge.directory:
        return knowledge.directory[key].name
    return knowledge.texts(f"recipient.{key}" if key in OUTSIDE_DIRECTORY else "recipient.gone")


def recipients_in(content: Mapping[str, str], knowledge: Knowledge) -> str:
    """Everybody who was consulted or got it in a step with this content, as a list in a sentence."""
    names = (recipient_name(key, knowledge) for key in content["partner"].split(","))
    return in_a_row(list(dict.fromkeys(names)))


def in_a_row(names: list[str]) -> str:
    """As a sentence has it: "a, b en c"."""
    return " en ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
