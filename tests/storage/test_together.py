"""What an act changes, it changes as one: a fault at any of its calls to the stores leaves everything as it was."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.domain.case_file import Field
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.recipients import How
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.delivery import record_undelivered
from dialogs.use_cases.desks import Desks
from dialogs.use_cases.enrichment import Enrichment
from dialogs.use_cases.feedback import Attempts, Feedback, Told, Way
from dialogs.use_cases.own_signals import OwnSignals
from dialogs.use_cases.ownership import Ownership
from dialogs.use_cases.questions import Questions
from dialogs.use_cases.referrals import Referrals, Referred
from dialogs.use_cases.submit_signal import submit_signal
from dialogs.use_cases.watch import watch_drafts
from dialogs.use_cases.watch_desks import watch_digests, watch_orphans
from dialogs.use_cases.watch_signals import watch_signals
from storage.engine import Database
from tests.failing_stores import DatabaseStock, MemoryStock, Stock, fails_everywhere
from tests.fakes.unit_of_work import Memory
from tests.knowledge import BAS, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.storage.factories import a_draft

E, S = EventKind, SignalStatus
KNOWLEDGE = replace(knowledge(), has_mailbox=True)
#: What every change of a signal is made of.
ALL_FOUR = frozenset({"signals", "signal_events", "outbox", "audit_log"})
#: What is added beside a signal, which keeps its version.
EVENT = frozenset({"signal_events", "audit_log"})


@dataclass
class Scene:
    """One signal of Robin's, with the people around it; each step is a unit of work."""

    stock: Stock
    now: datetime = MONDAY
    version: int = 0
    knowledge: Knowledge = field(default=KNOWLEDGE)

    def anna(self, uow: UnitOfWork) -> CaseWork:
        return CaseWork(uow, OFFICER_ANNA.actor, self.knowledge, self.now)

    def bas(self, uow: UnitOfWork) -> CaseWork:
        return CaseWork(uow, OFFICER_BAS.actor, self.knowledge, self.now)

    def robin(self, uow: UnitOfWork) -> OwnSignals:
        return OwnSignals(uow, ROBIN.actor, self.knowledge, self.now)

    async def does(self, act: "Act") -> None:
        """The act, as it goes when nothing is wrong."""
        async with self.stock.units() as uow:
            await act(self, uow)
            await uow.commit()
        async with self.stock.units() as uow:
            signal = await uow.signals.get("signal-1")
            self.version = signal.version if signal else 0
        self.now += timedelta(minutes=1)


Act = Callable[[Scene, UnitOfWork], Awaitable[object]]


DRAFT = a_draft("signal-1", reporter=ROBIN.actor.id, changed_at=MONDAY, answers={"danger": "no", "story": "Iets."})


async def writes(_: Scene, uow: UnitOfWork) -> None:
    await uow.drafts.save(DRAFT)


async def submits(scene: Scene, uow: UnitOfWork) -> None:
    await submit_signal(uow, DRAFT, ROBIN.actor, "Robin", scene.knowledge, scene.now)


async def takes_up(scene: Scene, uow: UnitOfWork) -> None:
    await Ownership(scene.anna(uow)).take_up("signal-1")


async def offers(scene: Scene, uow: UnitOfWork) -> None:
    await Ownership(scene.anna(uow)).offer("signal-1", scene.version, BAS, "druk")


async def accepts(scene: Scene, uow: UnitOfWork) -> None:
    await Ownership(scene.bas(uow)).accept("signal-1")


async def declines(scene: Scene, uow: UnitOfWork) -> None:
    await Ownership(scene.bas(uow)).decline("signal-1")


async def takes_over(scene: Scene, uow: UnitOfWork) -> None:
    await Ownership(scene.bas(uow)).take_over("signal-1", scene.version, "Anna is ziek")


async def asks(scene: Scene, uow: UnitOfWork) -> None:
    await Questions(scene.anna(uow)).ask("signal-1", scene.version, "Waar was het?")


async def takes_the_question_back(scene: Scene, uow: UnitOfWork) -> None:
    await Questions(scene.anna(uow)).take_back("signal-1", scene.version)


async def answers(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).answer("signal-1", "3", "Op de markt.")


async def rates(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).rate("signal-1", "3", "yes")


async def tells(scene: Scene, uow: UnitOfWork) -> None:
    await Feedback(scene.anna(uow)).tell("signal-1", scene.version, Told("discussed"))


async def cannot_reach(scene: Scene, uow: UnitOfWork) -> None:
    attempts = Attempts(3, (Way.PHONE,), "Uit dienst.")
    await Feedback(scene.anna(uow)).close_unreachable("signal-1", scene.version, attempts)


async def reopens(scene: Scene, uow: UnitOfWork) -> None:
    await Feedback(scene.anna(uow)).reopen("signal-1", scene.version, "Er is meer gezien.")


async def refers(scene: Scene, uow: UnitOfWork) -> None:
    work = scene.anna(uow)
    case = await work.own("signal-1", scene.version)
    changed = case.signal.moved_to(S.HANDED_OVER, now=scene.now)
    await work.record(case, changed, E.HANDED_OVER, {"partner": "avim", "due": "2026-11-24", "feedback": ""})


async def consults(scene: Scene, uow: UnitOfWork) -> None:
    asked = Referred(("avim",), "", How.PHONE, ("story",), "gebeld", "", "2026-12-01", told=True)
    await Referrals(scene.anna(uow)).consult("signal-1", scene.version, asked)


async def writes_the_answer_down(scene: Scene, uow: UnitOfWork) -> None:
    await Referrals(scene.anna(uow)).record_answer("signal-1", scene.version, "3.avim", "Opgepakt.")


async def notes(scene: Scene, uow: UnitOfWork) -> None:
    await Enrichment(scene.bas(uow)).note("signal-1", "Ik bel morgen.")


async def looks_up(scene: Scene, uow: UnitOfWork) -> None:
    await Enrichment(scene.bas(uow)).look_up("signal-1", Field.COMPANY, "Uitzendbureau De Brug", "Is het bekend?")


async def closes(scene: Scene, uow: UnitOfWork) -> None:
    await Feedback(scene.anna(uow)).close("signal-1", scene.version, Told("other_help", "Dank je wel."))


async def adds(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).add("signal-1", "Ik zag het weer.")


async def wishes(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).wish_to_withdraw("signal-1", "Het was mijn buurman.")


async def reads(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).read("signal-1")


async def withdraws(scene: Scene, uow: UnitOfWork) -> None:
    await Feedback(scene.anna(uow)).withdraw("signal-1", scene.version)


async def goes_on(scene: Scene, uow: UnitOfWork) -> None:
    await Feedback(scene.anna(uow)).go_on("signal-1", scene.version)


async def opens(scene: Scene, uow: UnitOfWork) -> None:
    await scene.anna(uow).open("signal-1")


async def goes_away(scene: Scene, uow: UnitOfWork) -> None:
    await Desks(uow, OFFICER_ANNA.actor, scene.knowledge.staff, scene.now).go_away(scene.now + timedelta(days=3))


async def comes_back(scene: Scene, uow: UnitOfWork) -> None:
    await Desks(uow, OFFICER_ANNA.actor, scene.knowledge.staff, scene.now).come_back()


async def notes_for_the_talk(scene: Scene, uow: UnitOfWork) -> None:
    await Desks(uow, OFFICER_ANNA.actor, scene.knowledge.staff, scene.now).note_for_talk("form-1", "Een knelpunt.")


async def watches(scene: Scene, uow: UnitOfWork) -> None:
    await watch_signals(uow, scene.knowledge, scene.now + timedelta(days=30), 100)


async def watches_soon(scene: Scene, uow: UnitOfWork) -> None:
    await watch_signals(uow, scene.knowledge, datetime(2026, 11, 26, 9, 30, tzinfo=UTC), 100)


async def watches_who_left(scene: Scene, uow: UnitOfWork) -> None:
    without_anna = replace(scene.knowledge, staff=replace(scene.knowledge.staff, focal_officers=(BAS,)))
    await watch_orphans(uow, without_anna, scene.now, 100)


async def plans_digests(scene: Scene, uow: UnitOfWork) -> None:
    await watch_digests(uow, scene.knowledge, scene.now)


async def digests(scene: Scene, uow: UnitOfWork) -> None:
    await watch_digests(uow, scene.knowledge, scene.now + timedelta(days=1))


async def does_not_arrive(scene: Scene, uow: UnitOfWork) -> None:
    receipt = Notice("receipt-1", NoticeKind.RECEIPT, ROBIN.actor.id, "signal-1", scene.now)
    await record_undelivered(uow, receipt, "403 X", scene.now, scene.knowledge.staff)


async def watches_the_draft(_: Scene, uow: UnitOfWork) -> None:
    await watch_drafts(uow, MONDAY + timedelta(days=7), 100)


async def watches_the_draft_again(_: Scene, uow: UnitOfWork) -> None:
    await watch_drafts(uow, MONDAY + timedelta(days=14), 100)


#: What came before, the act, and what it changes.
ACTS: dict[str, tuple[tuple[Act, ...], Act, frozenset[str]]] = {
    "a reporter sends": ((writes,), submits, ALL_FOUR | {"drafts", "reference_numbers"}),
    "an officer opens": ((submits,), opens, frozenset({"audit_log"})),
    "an officer takes up": ((submits,), takes_up, ALL_FOUR),
    "an officer offers": ((submits, takes_up), offers, ALL_FOUR),
    "a colleague accepts": ((submits, takes_up, offers), accepts, ALL_FOUR),
    "a colleague declines": ((submits, takes_up, offers), declines, ALL_FOUR),
    "a colleague takes over": ((submits, takes_up), takes_over, ALL_FOUR),
    "an officer asks": ((submits, takes_up), asks, ALL_FOUR),
    "an officer takes a question back": ((submits, takes_up, asks), takes_the_question_back, ALL_FOUR - {"outbox"}),
    "a reporter answers": ((submits, takes_up, asks), answers, ALL_FOUR),
    "an officer tells": ((submits, takes_up), tells, ALL_FOUR),
    "an officer cannot reach the reporter": ((submits, takes_up), cannot_reach, ALL_FOUR - {"outbox"}),
    "an officer reopens": ((submits, takes_up, closes), reopens, ALL_FOUR),
    "a reporter rates": ((submits, takes_up, closes), rates, EVENT),
    "an officer hands over": ((submits, takes_up), refers, ALL_FOUR),
    "an officer consults": ((submits, takes_up), consults, ALL_FOUR),
    "a partner answers": ((submits, takes_up, consults), writes_the_answer_down, ALL_FOUR - {"outbox"}),
    "a buddy notes": ((submits, takes_up), notes, EVENT),
    "a buddy looks a company up": ((submits, takes_up), looks_up, EVENT | {"signal_places"}),
    "an officer closes": ((submits, takes_up), closes, ALL_FOUR),
    "a reporter adds": ((submits, takes_up), adds, ALL_FOUR),
    "a reporter wishes to withdraw": ((submits, takes_up), wishes, ALL_FOUR),
    "an officer withdraws": ((submits, takes_up, wishes), withdraws, ALL_FOUR),
    "an officer goes on": ((submits, takes_up, wishes), goes_on, ALL_FOUR),
    "a reporter reads": ((submits, takes_up), reads, EVENT),
    "nobody takes up": ((submits,), watches, ALL_FOUR),
    "a reporter does not answer": ((submits, takes_up, asks), watches, ALL_FOUR),
    "a reporter is reminded": ((submits, takes_up, asks), watches_soon, ALL_FOUR),
    "a colleague says nothing": ((submits, takes_up, offers), watches, ALL_FOUR),
    "a partner says nothing": ((submits, takes_up, refers), watches, ALL_FOUR),
    "everything runs out at once": ((submits, takes_up, asks, refers, offers), watches, ALL_FOUR),
    "an owner left": ((submits, takes_up), watches_who_left, ALL_FOUR - {"signals"}),
    "a receipt does not arrive": ((submits,), does_not_arrive, ALL_FOUR - {"signals"}),
    "an officer goes away": ((submits,), goes_away, frozenset({"desks", "outbox", "audit_log"})),
    "an officer comes back": ((submits, goes_away), comes_back, frozenset({"desks", "audit_log"})),
    "an officer notes for the talk": ((), notes_for_the_talk, frozenset({"talk_notes", "audit_log"})),
    "a digest is due": ((submits, plans_digests), digests, frozenset({"desks", "outbox"})),
    "a draft waits": ((writes,), watches_the_draft, frozenset({"drafts", "outbox"})),
    "a draft is not finished": (
        (writes, watches_the_draft),
        watches_the_draft_again,
        frozenset({"drafts", "outbox", "audit_log"}),
    ),
}


@pytest.fixture(params=["memory", "sqlite"])
def stock(request: pytest.FixtureRequest) -> Stock:
    if request.param == "memory":
        return MemoryStock(Memory())
    database: Database = request.getfixturevalue("sqlite_database")
    return DatabaseStock(database)


@pytest.mark.parametrize(("before", "act", "changes"), ACTS.values(), ids=ACTS)
async def test_all_that_follows_from_an_act_is_stored_together_or_not_at_all(
    stock: Stock, before: tuple[Act, ...], act: Act, changes: frozenset[str]
) -> None:
    scene = Scene(stock)
    for step in before:
        await scene.does(step)

    done = await fails_everywhere(stock, lambda uow: act(scene, uow))

    assert done.failed[-1] == "commit"
    assert done.changed == changes
