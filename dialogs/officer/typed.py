"""What an officer types where a button could be pressed: its words, and the reference of the signal that is meant.

"notitie S-2026-0001 gebeld met de wijkagent", "S-2026-0001 overdragen", "AVIM: gedaan"; with small typing errors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dialogs.commands import Command, command_in
from dialogs.domain.case_file import Field
from dialogs.domain.queue import QueueFilter
from dialogs.near_words import denied, nearest, without_denial
from dialogs.officer.case_buttons import CaseButton
from dialogs.officer.checklist import PARTNER_OF
from dialogs.requests import split_at_reference
from dialogs.texts import Texts
from dialogs.turn import Pressed
from dialogs.use_cases.judging import COMENSHA

#: One wrong letter in a word of eight.
CLOSE_ENOUGH = 85
#: As many words as a button has: "maak de kaart om voor te lezen S-2026-0001".
_MOST_BEFORE = 7

#: What a form is asked for with besides the words of its buttons.
_ALSO = {
    "notitie": "note_form",
    "vraag": "ask_form",
    "overdracht": "hand_over_form",
    "overleg": "consult_form",
    "oordeel": "judge_form",
    "opgezocht": "look_up_form",
    "koppel": "link_form",
    "geef": "offer_form",
    "geven": "offer_form",
    "sluit af": "close_form",
    "niet bereikbaar": "unreachable_form",
    "bekijk": "open",
    "openen": "open",
}
#: Where the text goes that is written behind the words, so that none of it is lost: the act, which is the form again
#: where more is needed, and the field.
_WITH_TEXT = {
    "note_form": ("note", "note"),
    "ask_form": ("ask_preview", "question"),
    "reopen_form": ("reopen", "reason"),
    "take_over_form": ("take_over", "reason"),
    "link_form": ("link", "reference"),
    "feedback_form": ("feedback_form", "line"),
    "close_form": ("close_form", "line"),
    "offer_form": ("offer_form", "reason"),
    "hand_over_form": ("hand_over_form", "note"),
    "consult_form": ("consult_form", "note"),
    "answer_form": ("answer_form", "text"),
    "look_up_form": ("look_up_form", "value"),
    "judge_form": ("judge_form", "reason"),
    "unreachable_form": ("unreachable_form", "reason"),
}
#: The words under a form ask for the form, as what it needs cannot all be typed in one line.
_UNDER_FORM = {
    "hand_over": "hand_over_form",
    "consult": "consult_form",
    "partner_answer": "answer_form",
    "read_out": "read_out_form",
    "look_up": "look_up_form",
    "note": "note_form",
    "judge": "judge_form",
    "link": "link_form",
    "close": "close_form",
    "close_unreachable": "unreachable_form",
    "ask": "ask_form",
    "feed_back": "feedback_form",
    "preview": "feedback_form",
    "preview_again": "feedback_form",
    "offer": "offer_form",
    "take_over": "take_over_form",
}
#: Buttons of a card that are no button of a case by themselves.
_ON_CARD = {
    "cancel": "open",
    "section_story": "story",
    "section_found": "found",
    "section_weighing": "weighing",
    "section_timeline": "timeline",
    "section_notes": "notes",
    "section_related": "related",
    "links": "links",
    "unreachable_form": "unreachable_form",
    "send_again": "send_again",
    "more": "more",
    "fold": "fold",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One thing that can be typed: the act, what its button carries, and the button of the case, if it is one."""

    act: str
    carried: Mapping[str, str] = field(default_factory=dict[str, str])
    button: CaseButton | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: what it can mean, best first, about which signal, and what stood behind it."""

    meanings: tuple[Wording, ...]
    reference: str
    text: str
    #: Letter for letter.
    is_exact: bool

    def press(self, meaning: Wording, carried: Mapping[str, str]) -> Pressed:
        """The press that it stands for."""
        act, inputs = meaning.act, dict[str, str]()
        if self.text:
            act, key = _WITH_TEXT[act]
            inputs[key] = self.text
        return Pressed(f"signal.{act}", {**carried, **meaning.carried}, inputs)


def typed_in(text: str, buttons: tuple[CaseButton, ...], texts: Texts) -> Typed | None:
    """What an officer asks for with it; None if it is anything else."""
    reference, words, rest = _parts(text)
    listed = dict[str, list[Wording]]()
    for title, wording in _wordings(buttons, texts):
        listed.setdefault(title.casefold().strip("?"), []).append(wording)
    if reference and not words:
        return Typed((Wording("open"),), reference, "", is_exact=True)
    found = words if words in listed else nearest(words, listed, least=CLOSE_ENOUGH)
    if found is None or (rest and not without_denial(rest.casefold())):
        return None
    meanings = tuple(each for each in listed[found] if not rest or each.act in _WITH_TEXT)
    return Typed(meanings, reference, rest, is_exact=found == words) if meanings else None


def denies_act(text: str, buttons: tuple[CaseButton, ...], texts: Texts) -> bool:
    """Whether an officer says not to want what a button does: "S-2026-0001 niet oppakken", "oppakken S-2026-0001 niet".

    Without what stands behind the words and the reference, if that is more than a denial.
    """
    reference, words, rest = _parts(text)
    listed = {title.casefold().strip("?") for title, _ in _wordings(buttons, texts)}
    if reference and rest and not without_denial(rest.casefold()):
        return words in listed or nearest(words, listed, least=CLOSE_ENOUGH) is not None
    return words not in listed and denied(words, listed, least=CLOSE_ENOUGH) is not None


def page_in(text: str, texts: Texts) -> Pressed | None:
    """The page of the queue that the whole text asks for: "wachtrij 2", "van mij 3"; None if it is anything else."""
    words, _, number = " ".join(text.casefold().strip(" .!?:").split()).rpartition(" ")
    if not words or not number.isdecimal():
        return None
    pressed = Pressed("signal.queue") if command_in(words) is Command.QUEUE else queue_in(words, texts)
    return pressed and replace(pressed, data={**pressed.data, "page": number})


def turns_page(text: str, texts: Texts) -> bool:
    """Whether it is the words of a button that turns the pages of the queue, and does not say which page."""
    words = " ".join(text.casefold().strip(" .!").split())
    return words in {texts(f"button.{key}").casefold() for key in ("next_page", "first_page")}


def queue_in(text: str, texts: Texts) -> Pressed | None:
    """The filter of the queue that the whole text is; None if it is none."""
    named = {texts(f"queue.filter.{each}").casefold(): each for each in QueueFilter if each is not QueueFilter.ALL}
    words = " ".join(text.casefold().strip(" .!?:").split())
    found = words if words in named else nearest(words, named, least=CLOSE_ENOUGH)
    return Pressed("signal.queue", {"filter": named[found]}) if found else None


def _parts(text: str) -> tuple[str, str, str]:
    """The reference, the words that can be those of a button, and what stands behind both."""
    reference, before, behind = split_at_reference(text, _MOST_BEFORE)
    said, rest = (before, behind) if before.strip() else (behind, "")
    return reference, " ".join(said.casefold().strip(" .!?:").split()), rest


def _wordings(buttons: tuple[CaseButton, ...], texts: Texts) -> Iterator[tuple[str, Wording]]:
    yield texts("button.open", reference="").strip(), Wording("open")
    for button in buttons:
        yield texts(button.title), Wording(button.action.partition(".")[2], button=button)
    for key, act in (_ON_CARD | _UNDER_FORM).items():
        yield texts(f"button.{key}"), Wording(act)
    for words, act in _ALSO.items():
        yield words, Wording(act)
    for each in Field:
        yield texts("button.take_away", field=texts(f"field.{each}")), Wording("take_away", {"field": each})
    for token in PARTNER_OF:
        for key, done in (("step_done", "yes"), ("step_not_done", "no")):
            title = texts(f"button.{key}", step=texts(f"step.{token}"))
            yield title, Wording("tick", {"token": token, "done": done})
    for done in ("yes", "no"):
        yield texts(f"button.comensha_{done}"), Wording("tick", {"token": COMENSHA, "done": done})
