"""One press of an officer: who pressed what, and what every act needs for it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor
from dialogs.domain.case_file import CaseFile
from dialogs.domain.free_text import TextRefused
from dialogs.domain.whole_numbers import whole_number
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.case_buttons import CaseButton, offered
from dialogs.officer.case_card import case_card
from dialogs.officer.history import changed_since
from dialogs.officer.parts import name_of
from dialogs.ports import UnitOfWork
from dialogs.texts import Texts
from dialogs.turn import Card, Pressed, Weight
from dialogs.use_cases.case_work import CaseWork


@dataclass(frozen=True, slots=True)
class Press:
    """A press in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime
    pressed: Pressed
    #: The buttons that a case can have.
    buttons: tuple[CaseButton, ...] = ()

    @property
    def signal_id(self) -> str:
        """The signal that the button belongs to; empty if it belongs to none."""
        return self.pressed.data.get("signal", "")

    @property
    def version(self) -> int:
        """The version of the signal that the card showed; 0 if the button does not say."""
        return whole_number(self.pressed.data.get("version", "")) or 0

    @property
    def page(self) -> int:
        """The page that was asked for; 0 if the button does not say."""
        return whole_number(self.pressed.data.get("page", "")) or 0

    @property
    def texts(self) -> Texts:
        """The Dutch texts."""
        return self.knowledge.texts

    @property
    def work(self) -> CaseWork:
        """What all work on a case has in common."""
        return CaseWork(self.uow, self.actor, self.knowledge, self.now)

    def filled(self, field: str) -> str:
        """What was filled in in this field; empty if nothing."""
        return self.pressed.inputs.get(field, "").strip()

    def chosen(self, *fields: str) -> tuple[str, ...]:
        """What was ticked in these fields together."""
        ticked = (key for field in fields for key in self.filled(field).split(","))
        return tuple(dict.fromkeys(key for key in ticked if key))

    def why_refused(self, refused: TextRefused, most: int, empty: str) -> str:
        """Why a text cannot be stored: `empty` is the key of the sentence for one that is needed and not there."""
        if refused.reason == "empty":
            return self.texts(empty)
        return (
            self.texts("rejected.too_long", most=most) if refused.reason == "too_long" else self.texts("rejected.bsn")
        )

    def what_changed(self, case: CaseFile) -> str:
        """What others did since the form was drawn, for who has to fill it in on an older state."""
        seen = whole_number(self.pressed.data.get("events", ""))
        changed = () if seen is None else changed_since(case, seen, self.actor.id, self.knowledge)
        told = "; ".join(changed) or self.texts("form.something")
        return self.texts("form.changed", what=told)

    def with_what_was_typed(self, form: Card, case: CaseFile) -> Card:
        """The form as it was filled in; without the button that does it, if the signal is somebody else's by now."""
        if case.signal.owner == self.actor.id:
            return form
        return replace(form, buttons=tuple(button for button in form.buttons if button.weight is not Weight.MAIN))

    async def case_card(self, case: CaseFile, note: str = "") -> Card:
        """The case as this person sees it, with what has just happened on top."""
        acts = offered(self.buttons, case, self.actor.id, self.texts)
        return case_card(await self.work.view(case), acts, self.knowledge, self.now, note)

    def who_was_first(self, case: CaseFile) -> str:
        """That somebody else took it up, and when."""
        signal = case.signal
        name = name_of(signal.owner or "", self.knowledge)
        return self.texts("case.already_taken_up", name=name, when=local_time(signal.changed_at or signal.received_at))


#: What a button does: the card that comes of it. May raise NotAllowed, TransitionNotAllowed, OutOfDate, AlreadyTakenUp.
Act = Callable[[Press], Awaitable[Card]]
Acts = Mapping[str, Act]
