"""No answer is lost or filed under another question, and a draft becomes one signal at most, whatever happens when.

Random presses on new and old cards, typed texts, redeliveries, crashes and deploys that add and retire questions and
criteria. The model is what a person would say: what I filled in under a question is the answer to that question.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from dialogs.domain.criteria import Criteria
from dialogs.domain.notices import NoticeKind
from dialogs.domain.signals import Answer, Draft
from dialogs.intake.follow_up import RIGHT, WRONG
from dialogs.intake.questions import QUESTIONS, Kind, Page, Question
from dialogs.knowledge import Knowledge
from dialogs.turn import Button, Card, ChoiceField, Said, TextField
from tests.knowledge import knowledge
from tests.model.chat import Chat, opened_with, press
from tests.transcript import buttons_of

ADDED = Question(key="vehicle", page=Page.CIRCUMSTANCES, text="Welk voertuig zag je?", name="Voertuig", kind=Kind.TEXT)
_KNOWN = knowledge()


def _without(*keys: str) -> Criteria:
    return Criteria("later", {key: each for key, each in _KNOWN.criteria.by_key.items() if key not in keys})


def _later(*retired: str) -> Knowledge:
    """A later version: the list has grown, and these are no longer asked. No question ever leaves the list."""
    questions = (*QUESTIONS, ADDED)
    return replace(_KNOWN, questions=tuple(replace(each, retired=each.key in retired) for each in questions))


#: The versions that a deploy can bring.
DEPLOYS: tuple[Knowledge, ...] = (
    _later(),
    _later("vehicle"),
    _later("where"),
    _later("opinion", "vehicle"),
    replace(_later(), criteria=_without("debt_bondage", "violence", "threats_person", "asked_for_help")),
)
WORDS = (
    "melden", "verder", "stop", "terug", "overslaan", "versturen", "help", "bewaren", "wissen", "nummer avim",
    "oefenen", "mijn meldingen", "ja", "nee", "weet ik niet", "klopt", "geen", "1", "meldne", "wijzig waar",
    "nu versturen zoals het is", "versturen naar de af",
)  # fmt: skip
STORIES = (
    "ik zag een vrouw {} met alle paspoorten",
    "ze is erg bang {} en heeft een schuld",
    "er zit iemand opgesloten boven {} de zaak",
    "nee dat is volgens mij {} helemaal niet zo",
)
#: Answers that a later one may take out of the way: danger is asked again when the story says something new of it.
_ASKED_AGAIN = {"danger_check"}
#: Counts only while the question is asked.
_NAMES_SOMEBODY = {"about_officer"}
#: Every way of leaving a page takes along what was filled in.
_TAKES_ALONG = {"intake.answer", "intake.back", "intake.skip", "intake.stop", "intake.send"}


class ConversationMachine(RuleBasedStateMachine):
    """A reporter, the bot and what may come between them."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.chat = Chat(_KNOWN)
        self.marks = 0

    def teardown(self) -> None:
        self.chat.loop.close()

    # --- what happens ---

    @rule(word=st.sampled_from(WORDS))
    def types_a_word(self, word: str) -> None:
        before = self.chat.draft
        self.chat.sends(Said(word))
        if before is not None:
            self._nothing_lost(before, changed={"*"} if self._answers_a_question(before) else set())

    @rule(story=st.sampled_from(STORIES))
    def types_a_sentence(self, story: str) -> None:
        before = self.chat.draft
        mark = self._mark()
        self.chat.sends(Said(story.format(mark)))
        if before is None:
            assert mark in self._answers_of(self.chat.draft)["story"], "a report starts with its text"
            return
        kept = [key for key, answer in self._stored(before).items() if mark in str(answer)]
        assert len(kept) == 1, "a sentence is kept, and once"
        told_more = "story" in kept and not str(before.focus).startswith("question:")
        self._nothing_lost(before, changed={*kept, *self._choices_on_screen(before)}, extends=told_more)

    @rule()
    def types_an_answer(self) -> None:
        before = self.chat.draft
        mark = self._mark()
        self.chat.sends(Said(mark))
        if before is None:
            assert self.chat.draft is None
            return
        kept = [key for key, answer in self._stored(before).items() if mark in str(answer)]
        field = self._first_text_field(before)
        if field is not None:
            assert kept == [field], "what is typed is the answer to the first question on the card"
        self._nothing_lost(before, changed=set(kept))

    @precondition(lambda self: self.chat.cards)
    @rule(data=st.data())
    def presses(self, data: st.DataObject) -> None:
        cards = self.chat.cards
        newest = data.draw(st.integers(0, 9), label="old card?") > 1
        card = cards[-1] if newest else cards[data.draw(st.integers(0, len(cards) - 1), label="card")]
        button = self._draw_button(card, data)
        inputs = self._fills_in(card, data) if not button.unchecked else {}
        before = self.chat.draft
        self.chat.sends(press(button, inputs))
        if before is not None:
            self._pressed(card, button, inputs, before)

    @precondition(lambda self: self.chat.sent)
    @rule(data=st.data())
    def the_same_comes_again(self, data: st.DataObject) -> None:
        activity = self.chat.sent[-data.draw(st.integers(1, min(8, len(self.chat.sent))), label="activity")]
        before = self._state()
        self.chat.delivers(activity)
        assert self._state() == before, "a redelivery changes nothing"

    @precondition(lambda self: self.chat.cards)
    @rule(data=st.data())
    def the_bot_dies_before_it_commits(self, data: st.DataObject) -> None:
        card = self.chat.cards[-1]
        button = self._draw_button(card, data)
        before = self._state()
        activity = self.chat.sent[-1]
        again = replace(activity, id=f"{activity.id}-lost", turn=press(button, opened_with(card)))
        self.chat.delivers(again, dies=True)
        assert self._state() == before

    @rule(version=st.integers(0, len(DEPLOYS) - 1))
    def a_deploy(self, version: int) -> None:
        before = self._state()
        self.chat.knowledge = DEPLOYS[version]
        assert self._state() == before

    # --- what always holds ---

    @invariant()
    def a_step_was_taken(self) -> None:
        type(self).steps += 1

    @invariant()
    def a_draft_becomes_one_signal_at_most(self) -> None:
        signals = self.chat.memory.signals
        receipts = [notice for notice in self.chat.memory.notices if notice.kind is NoticeKind.RECEIPT]
        assert len({signal.reference for signal in signals}) == len(signals)
        assert sorted(receipt.signal_id for receipt in receipts) == sorted(signal.id for signal in signals)
        assert len(self.chat.memory.drafts) <= 1
        assert all(draft.id not in {signal.id for signal in signals} for draft in self.chat.memory.drafts)

    @invariant()
    def the_newest_card_of_the_draft_can_be_pressed(self) -> None:
        draft = self.chat.draft
        if draft is not None and self.chat.cards and _draft_of(self.chat.cards[-1]) == draft.id:
            assert _version_of(self.chat.cards[-1]) == str(draft.version)

    @invariant()
    def every_mark_stands_where_it_was_written(self) -> None:
        for answers in (*(d.answers for d in self.chat.memory.drafts), *(s.answers for s in self.chat.memory.signals)):
            for key, answer in answers.items():
                for word in str(answer).replace("\n", " ").split():
                    if word.startswith("in_"):
                        assert word.split("_qz")[0] == f"in_{key}", "an answer is filed under its own question"

    # --- the model ---

    def _pressed(self, card: Card, button: Button, inputs: Mapping[str, str], before: Draft) -> None:
        if button.action == "intake.wipe" and self._is_current(card, before):
            assert self.chat.draft is None
            return
        if self._is_gone(before):
            assert before.practice, "only a practice leaves nothing behind"
            assert button.action == "intake.send"
            return
        mine = _draft_of(card) == before.id and button.action in _TAKES_ALONG
        current = self._is_current(card, before)
        given = _given(card, button, inputs, current=current) if mine else {}
        taken = given if current else {key: each for key, each in given.items() if key not in before.answers}
        stored = self._stored(before)
        for key, answer in taken.items():
            if key in _NAMES_SOMEBODY and key not in stored:
                continue
            if key == "story" and not answer:
                continue  # refused with a reason: it is the one thing that is needed
            if key in _ASKED_AGAIN:
                continue
            wanted = answer
            if isinstance(answer, frozenset):  # a criterion that left the file stands on no card, and stays ticked
                wanted = answer | {each for each in before.answers.get(key, ()) if each not in self._criteria}
            assert _words(stored.get(key)) == wanted, f"{key} was filled in"
        # What was skipped is answered by what stands on the card that is sent: "Nee" is chosen from the start.
        shown = {key for key, value in inputs.items() if before.answers.get(key) == "" and stored.get(key) == value}
        self._nothing_lost(before, changed=set(taken) | ((set(given) | shown) if current else set()))

    @property
    def _criteria(self) -> Criteria:
        return self.chat.knowledge.criteria

    def _nothing_lost(self, before: Draft, *, changed: set[str], extends: bool = False) -> None:
        """What was answered before is still there, apart from what was answered anew."""
        stored = self._stored(before)
        if self._is_gone(before):
            return
        for key, answer in before.answers.items():
            if key in changed | _ASKED_AGAIN or "*" in changed:
                assert key in stored or key in _ASKED_AGAIN | _NAMES_SOMEBODY
                if extends and key == "story":
                    assert str(stored[key]).startswith(str(answer))
            elif key not in _NAMES_SOMEBODY:
                assert stored.get(key) == answer, f"{key} was answered before"

    def _is_gone(self, before: Draft) -> bool:
        """Wiped, or the end of a practice: the person asked for it."""
        now = self.chat.draft
        return (now is None or now.id != before.id) and self.chat.signal(before.id) is None

    def _stored(self, before: Draft) -> Mapping[str, Answer]:
        """The answers of that draft as they are now: in the draft, or in the signal that it became."""
        draft, signal = self.chat.draft, self.chat.signal(before.id)
        if signal is not None:
            return signal.answers
        return draft.answers if draft is not None and draft.id == before.id else {}

    def _answers_of(self, draft: Draft | None) -> Mapping[str, Answer]:
        assert draft is not None
        return draft.answers

    def _state(self) -> object:
        memory = self.chat.memory
        return [replace(draft) for draft in memory.drafts], memory.signals, memory.notices

    def _is_current(self, card: Card, draft: Draft) -> bool:
        return _draft_of(card) == draft.id and _version_of(card) == str(draft.version)

    def _newest_card(self, draft: Draft) -> Card | None:
        """The card on screen, unless the version that drew it is gone."""
        cards = [card for card in self.chat.cards if self._is_current(card, draft)]
        return cards[-1] if cards else None

    def _first_text_field(self, draft: Draft) -> str | None:
        """The key of the first open question on the current state's card, if it is answered in own words."""
        from dialogs.intake.dialog import Intake  # noqa: PLC0415 - the card as this version draws it

        fields = [
            e for e in Intake(draft, self.chat.knowledge).card().elements if isinstance(e, TextField | ChoiceField)
        ]
        open_fields = [each for each in fields if each.key not in draft.answers] or fields
        first = open_fields[0] if open_fields else None
        return first.key if isinstance(first, TextField) else None

    def _choices_on_screen(self, draft: Draft) -> set[str]:
        from dialogs.intake.dialog import Intake  # noqa: PLC0415 - the card as this version draws it

        return {question.key for question in Intake(draft, self.chat.knowledge).on_screen()}

    def _answers_a_question(self, draft: Draft) -> bool:
        return bool(self._choices_on_screen(draft))

    def _draw_button(self, card: Card, data: st.DataObject) -> Button:
        title = data.draw(st.sampled_from([button.title for button in buttons_of(card)]), label="button")
        return next(button for button in buttons_of(card) if button.title == title)

    def _fills_in(self, card: Card, data: st.DataObject) -> dict[str, str]:
        inputs = opened_with(card)
        for element in card.elements:
            match element:
                case TextField(key=key):
                    if data.draw(st.booleans(), label=f"fill in {key}"):
                        inputs[key] = f"in_{key}{self._mark('_qz')}"
                case ChoiceField(key=key, options=options, many=False):
                    inputs[key] = data.draw(st.sampled_from([option.key for option in options]), label=key)
                case ChoiceField(key=key, options=options, folded=folded) if key == WRONG or not folded:
                    picked = data.draw(st.sets(st.sampled_from([option.key for option in options])), label=key)
                    inputs[key] = ",".join(option.key for option in options if option.key in picked)
                case _:
                    pass
        return inputs

    def _mark(self, prefix: str = "qz") -> str:
        self.marks += 1
        return f"{prefix}{self.marks}x"


def _given(card: Card, button: Button, inputs: Mapping[str, str], *, current: bool) -> dict[str, str | frozenset[str]]:
    """The answers that a person gives with this press: all of the newest card, or else what they changed."""
    if "value" in button.data:
        return {button.data["question"]: button.data["value"]}
    opened, given = opened_with(card), dict[str, str | frozenset[str]]()
    # Without a story the card is refused; then it is what was filled in that must not be lost.
    whole = current and button.action == "intake.answer" and bool(inputs.get("story", "told").strip())
    ticks = {key for key in inputs if key.split(".")[0] == "signs"}
    listed, before = _listed(card, inputs), _listed(card, opened)
    given |= {key: said for key, said in listed.items() if whole or said != before[key]}
    for key, value in inputs.items():
        if key not in ticks | {RIGHT, WRONG} and (whole or value != opened[key]):
            given[key] = value.strip()
    if ticks and (whole or any(inputs[key] != opened[key] for key in ticks)):
        given["signs"] = frozenset(part for key in ticks for part in inputs[key].split(",") if part)
    return given


def _listed(card: Card, inputs: Mapping[str, str]) -> dict[str, str]:
    """What the two lists say of each sign on them: right, surely not, or nothing."""
    lists = [element for element in card.elements if isinstance(element, ChoiceField) and element.key == RIGHT]
    right, wrong = (inputs.get(key, "").split(",") for key in (RIGHT, WRONG))
    keys = [option.key for element in lists for option in element.options]
    return {key: "yes" if key in right else "no" if key in wrong else "unknown" for key in keys}


def _words(answer: Answer | None) -> str | frozenset[str] | None:
    return frozenset(answer) if isinstance(answer, tuple) else answer


def _draft_of(card: Card) -> str | None:
    return next((button.data["draft"] for button in card.buttons if "draft" in button.data), None)


def _version_of(card: Card) -> str | None:
    return next((button.data["version"] for button in card.buttons if "draft" in button.data), None)


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
    )


def test_nothing_is_lost_whatever_happens_when() -> None:
    run_state_machine_as_test(ConversationMachine, settings=_settings(examples=20, steps=40))


@pytest.mark.long
def test_nothing_is_lost_in_ten_thousand_steps() -> None:
    ConversationMachine.steps = 0
    run_state_machine_as_test(ConversationMachine, settings=_settings(examples=250, steps=60))
    assert ConversationMachine.steps >= 10_000
