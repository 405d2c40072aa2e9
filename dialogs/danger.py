"""Whether somebody says that there is danger now, told from what they did alone: no draft is looked at."""

from dialogs.intake.questions import YES
from dialogs.knowledge import Knowledge
from dialogs.turn import Pressed, Said

#: The questions whose yes means danger now.
_DANGER = ("danger", "danger_check")


def tells_of_danger(what: object, knowledge: Knowledge) -> bool:
    """True for a yes to a question about danger, and for words of danger in what was typed or filled in."""
    match what:
        case Said(text=text):
            return knowledge.suggester.read(text).danger
        case Pressed(data=data, inputs=inputs):
            given = {**inputs, data.get("question", ""): data.get("value", "")}
            said_yes = any(given.get(question) == YES for question in _DANGER)
            return said_yes or any(knowledge.suggester.read(text).danger for text in inputs.values())
        case _:
            return False
