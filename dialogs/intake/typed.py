"""What is typed where the card has buttons and boxes: the button that is meant, the boxes that are ticked."""

import re
from collections.abc import Sequence

from dialogs.domain.signals import Answer
from dialogs.domain.whole_numbers import whole_number
from dialogs.intake.answers import SPOKEN, AnswerRejected
from dialogs.intake.questions import NO, UNKNOWN, YES, Question
from dialogs.near_words import denied, nearest
from dialogs.turn import Button, Card, ChoiceField, Entry, TextField

#: One wrong letter in six.
_CLOSE_ENOUGH = 83
_NONE = {*SPOKEN[NO], "geen", "geen van deze", "niets", "niks", "klopt niet"}
_EDIT = re.compile(r"(?:wijzig|wijzigen|verander|aanpassen|pas aan)\s+(?:de |het |mijn |bij )?(?P<name>.+)")


def button_called(text: str, card: Card) -> Button | None:
    """The button on this card whose words were typed, a wrong letter allowed; a choice is an answer, no button."""
    buttons = _buttons_by_words(card)
    near = nearest(text.casefold().strip(" .!"), buttons, least=_CLOSE_ENOUGH)
    return None if near is None else buttons[near]


def is_next(button: Button) -> bool:
    """Whether it stores what stands on the card and goes on: *Volgende*."""
    return button.action == "intake.answer" and "question" not in button.data


def as_it_opened(card: Card) -> dict[str, str]:
    """What stands in the fields of a card on which nothing was filled in: what a typed press brings."""
    texts = {each.key: each.value for each in card.elements if isinstance(each, TextField) and each.value}
    choices = {each.key: ",".join(each.value) for each in card.elements if isinstance(each, ChoiceField) and each.value}
    return texts | choices


def has_fields(card: Card) -> bool:
    """Whether something can be filled in or ticked on it."""
    return any(isinstance(each, TextField | ChoiceField) for each in card.elements)


def denied_button(text: str, card: Card) -> Button | None:
    """The button on this card that somebody says not to want: "niet wissen"."""
    buttons = _buttons_by_words(card)
    found = denied(text.casefold().strip(" .!"), buttons, least=_CLOSE_ENOUGH)
    return None if found is None else buttons[found]


def question_called(text: str, questions: Sequence[Question]) -> Question | None:
    """The answer that is to be changed: "wijzig waar". What was asked about criteria has one name together."""
    said = _EDIT.match(text.casefold().strip(" .!"))
    if said is None:
        return None
    names = {question.name.casefold(): question for question in reversed(questions)}
    near = nearest(said["name"], names, least=_CLOSE_ENOUGH, shortest=1)
    return None if near is None else names[near]


def ticks_called(text: str, suggested: Sequence[str], before: Answer = ()) -> tuple[str, ...]:
    """Ticks by typing: "klopt" (all that was read), "geen", or the numbers of what was read. Raises AnswerRejected.

    What was ticked `before` and has no number stays, but for "geen".
    """
    kept = [key for key in before if key not in suggested] if isinstance(before, tuple) else []
    said = text.casefold().strip(" .!")
    if said in {"ja", "klopt", "alles", "alles klopt"}:
        return (*suggested, *kept)
    if said in {*_NONE, *SPOKEN[UNKNOWN]}:
        return ()
    if not suggested:
        raise AnswerRejected("no_such_subject")
    words = [word for word in said.replace(",", " ").split() if word not in {"en", "nummer", "nummers"}]
    numbers = [number for word in words if (number := whole_number(word)) is not None]
    if not numbers or len(numbers) < len(words) or any(not 1 <= number <= len(suggested) for number in numbers):
        raise AnswerRejected("no_such_tick")
    return (*(suggested[number - 1] for number in dict.fromkeys(numbers)), *kept)


def list_called(text: str, asked: Sequence[str]) -> dict[str, Answer]:
    """Answers to a list by typing: "nee" or "weet ik niet" to all of it, or the numbers of what is right.

    What has no number is not known. Raises AnswerRejected, also for a mere "ja": it may be meant for one of them.
    """
    said = text.casefold().strip(" .!")
    if said in SPOKEN[UNKNOWN]:
        return dict.fromkeys(asked, UNKNOWN)
    if said in {"ja", "klopt"}:
        raise AnswerRejected("no_such_number")
    try:
        right = ticks_called(text, asked)
    except AnswerRejected:
        raise AnswerRejected("no_such_number") from None
    return {key: YES if key in right else UNKNOWN if right else NO for key in asked}


def _buttons_by_words(card: Card) -> dict[str, Button]:
    beside = (element.button for element in card.elements if isinstance(element, Entry) and element.button is not None)
    every = (*card.buttons, *beside)
    pressed = (b for b in every if b.action != "intake.answer" or is_next(b))
    return {words.casefold(): b for b in pressed for words in (b.title, b.name) if words}
