"""What an act changes, it changes as one: a fault at any of its calls to the stores leaves everything as it was."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.conversation import Person
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.knowledge import Knowledge
from dialogs.officer.dialog import ACTS as OFFICERS_ACTS
from dialogs.officer.dialog import OfficerDialog
from dialogs.ports import UnitOfWork
from dialogs.turn import Pressed
from dialogs.use_cases.delivery import record_undelivered
from dialogs.use_cases.own_signals import OwnSignals
from dialogs.use_cases.submit_signal import submit_signal
from dialogs.use_cases.watch import take_back_drafts, watch_drafts
from dialogs.use_cases.watch_desks import watch_digests, watch_orphans
from dialogs.use_cases.watch_signals import watch_signals
from storage.engine import Database
from tests.failing_stores import DatabaseStock, MemoryStock, Stock, fails_everywhere
from tests.fakes.unit_of_work import Memory
from tests.knowledge import BAS, EMPLOYEE, MONDAY, OFFICER_ANNA, OFFICER_BAS, ROBIN, knowledge
from tests.storage.factories import a_draft
from tests.transcript import buttons_of

KNOWLEDGE = replace(knowledge(), has_mailbox=True)
#: What every change of a signal is made of.
ALL_FOUR = frozenset({"signals", "signal_events", "outbox", "audit_log"})
#: The same, of which nobody is told.
CHANGE = ALL_FOUR - {"outbox"}
#: What is added beside a signal, which keeps its version.
EVENT = frozenset({"signal_events", "audit_log"})


@dataclass
class Scene:
    """A signal of Robin's and one of Kim's, with the people around them; each step is a unit of work."""

    stock: Stock
    now: datetime = MONDAY
    #: What a card of each signal shows.
    versions: dict[str, int] = field(default_factory=dict[str, int])
    knowledge: Knowledge = field(default=KNOWLEDGE)

    def robin(self, uow: UnitOfWork) -> OwnSignals:
        return OwnSignals(uow, ROBIN.actor, self.knowledge, self.now)

    async def does(self, act: "Act") -> None:
        """The act, as it goes when nothing is wrong."""
        async with self.stock.units() as uow:
            await act(self, uow)
            await uow.commit()
        async with self.stock.units() as uow:
            for signal_id in ("signal-1", "signal-2"):
                if signal := await uow.signals.get(signal_id):
                    self.versions[signal_id] = signal.version
        self.now += timedelta(minutes=1)


Act = Callable[[Scene, UnitOfWork], Awaitable[object]]


@dataclass(frozen=True)
class Presses:
    """An officer presses this, with what was filled in; what the reporter will read is looked at first."""

    act: str
    filled: Mapping[str, str] = field(default_factory=dict[str, str])
    who: Person = OFFICER_ANNA
    carried: Mapping[str, str] = field(default_factory=dict[str, str])

    async def __call__(self, scene: Scene, uow: UnitOfWork) -> None:
        dialog = OfficerDialog(uow, self.who.actor, scene.knowledge, scene.now)
        carried: Mapping[str, str] = {"signal": "signal-1", **self.carried}
        carried = {"version": str(scene.versions.get(carried["signal"], 0)), **carried}
        if (look := f"{self.act}_preview") in OFFICERS_ACTS:
            shown = await dialog.press(Pressed(f"signal.{look}", carried, self.filled))
            carried = next(each.data for each in buttons_of(shown) if each.action == f"signal.{self.act}")
        await dialog.press(Pressed(f"signal.{self.act}", carried, self.filled))


DRAFT = a_draft("signal-1", reporter=ROBIN.actor.id, changed_at=MONDAY, answers={"danger": "no", "story": "Iets."})
SHARED = {"how": "phone", "shared": "story", "note": "gebeld", "due": "2026-12-01"}

takes_up = Presses("take_up")
offers = Presses("offer", {"to": BAS, "reason": "druk"})
asks = Presses("ask", {"question": "Waar was het?"})
consults = Presses("consult", {"partner": "avim", **SHARED, "told": "yes"})
hands_over = Presses("hand_over", {"partner": "avim", "ground": "task", **SHARED})
hands_over_to_three = Presses(
    "hand_over", {"partner": "avim,zoco", "also": "desk", "desk": "IND", "ground": "task", **SHARED}
)
looks_up = Presses(
    "look_up", {"field": "company", "value": "Uitzendbureau De Brug", "reason": "Is het bekend?"}, OFFICER_BAS
)
links = Presses("link", {"reference": "S-2026-0002"})
closes = Presses("close", {"feedback": "other_help", "line": "Dank je wel."})
goes_away = Presses("away", {"until": "26 november"})


async def writes(_: Scene, uow: UnitOfWork) -> None:
    await uow.drafts.save(DRAFT)


async def submits(scene: Scene, uow: UnitOfWork) -> None:
    await submit_signal(uow, DRAFT, ROBIN.actor, "Robin", scene.knowledge, scene.now)


async def submits_too(scene: Scene, uow: UnitOfWork) -> None:
    draft = replace(DRAFT, id="signal-2", reporter=EMPLOYEE.actor.id)
    await submit_signal(uow, draft, EMPLOYEE.actor, "Kim", scene.knowledge, scene.now)


async def answers(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).answer("signal-1", "3", "Op de markt.")


async def rates(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).rate("signal-1", "3", "yes")


async def adds(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).add("signal-1", "Ik zag het weer.")


async def wishes(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).wish_to_withdraw("signal-1", "Het was mijn buurman.")


async def reads(scene: Scene, uow: UnitOfWork) -> None:
    await scene.robin(uow).read("signal-1")


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


async def sets_the_draft_aside(_: Scene, uow: UnitOfWork) -> None:
    await uow.drafts.set_aside(DRAFT.id, MONDAY)


async def takes_the_draft_back(_: Scene, uow: UnitOfWork) -> None:
    await take_back_drafts(uow, MONDAY, 100)


async def watches_the_draft_again(_: Scene, uow: UnitOfWork) -> None:
    await watch_drafts(uow, MONDAY + timedelta(days=14), 100)


async def loses_the_receipt(scene: Scene, uow: UnitOfWork) -> None:
    for claimed in await uow.outbox.claim(
        worker="one", now=scene.now, lease_until=scene.now + timedelta(minutes=1), limit=10
    ):
        await uow.outbox.give_up(claimed.notice.id, "one", scene.now, "403 X")


OWNED = (submits, takes_up)
TWO = (*OWNED, submits_too)
CLOSED = (*OWNED, closes)
OF_SECOND = {"signal": "signal-2"}

#: What came before, the act, and what it changes.
CASES: dict[str, tuple[tuple[Act, ...], Act, frozenset[str]]] = {
    "a reporter sends": ((writes,), submits, ALL_FOUR | {"drafts", "reference_numbers"}),
    "a reporter answers": ((*OWNED, asks), answers, ALL_FOUR),
    "a reporter rates": (CLOSED, rates, EVENT),
    "a reporter adds": (OWNED, adds, ALL_FOUR),
    "a reporter wishes to withdraw": (OWNED, wishes, ALL_FOUR),
    "a reporter reads": (OWNED, reads, EVENT),
    "an officer takes up": ((submits,), takes_up, ALL_FOUR),
    "an officer offers": (OWNED, offers, ALL_FOUR),
    "a colleague accepts": ((*OWNED, offers), Presses("accept", who=OFFICER_BAS), ALL_FOUR),
    "a colleague declines": ((*OWNED, offers), Presses("decline", who=OFFICER_BAS), ALL_FOUR),
    "an officer takes an offer back": ((*OWNED, offers), Presses("decline"), ALL_FOUR),
    "a colleague takes over": (OWNED, Presses("take_over", {"reason": "Anna is ziek"}, OFFICER_BAS), ALL_FOUR),
    "an officer judges": (OWNED, Presses("judge", {"outcome": "clear", "form": "SU", "reason": "Zij is 16."}), CHANGE),
    "an officer ticks a step": (OWNED, Presses("tick", carried={"token": "COMENSHA", "done": "yes"}), EVENT),
    "an officer asks": (OWNED, asks, ALL_FOUR),
    "an officer takes a question back": ((*OWNED, asks), Presses("end_question"), CHANGE),
    "an officer tells": (OWNED, Presses("feed_back", {"feedback": "discussed"}), ALL_FOUR),
    "an officer sends again": ((*OWNED, loses_the_receipt), Presses("send_again"), frozenset({"outbox", "audit_log"})),
    "an officer consults": (OWNED, consults, ALL_FOUR),
    "an officer hands over": (OWNED, hands_over, ALL_FOUR),
    "an officer hands over to three": (OWNED, hands_over_to_three, ALL_FOUR),
    "an officer hands over a case of two": ((*TWO, links), hands_over, ALL_FOUR),
    "a partner answers": ((*OWNED, consults), Presses("answer", {"about": "3.avim", "text": "Opgepakt."}), CHANGE),
    "an officer reads out": (OWNED, Presses("read_out", {"pieces": "story"}), EVENT),
    "a buddy notes": (OWNED, Presses("note", {"note": "Ik bel morgen."}, OFFICER_BAS), EVENT),
    "a buddy looks a company up": (OWNED, looks_up, EVENT | {"signal_places"}),
    "a buddy takes the company away": (
        (*OWNED, looks_up),
        Presses("take_away", who=OFFICER_BAS, carried={"field": "company"}),
        EVENT | {"signal_places"},
    ),
    "an officer links": (TWO, links, ALL_FOUR),
    "an officer links the other way round": (
        (*TWO, Presses("take_up", carried=OF_SECOND)),
        Presses("link", {"reference": "S-2026-0002", "leads": "other"}),
        CHANGE,
    ),
    "an officer unlinks": ((*TWO, links), Presses("unlink", carried=OF_SECOND), CHANGE),
    "an officer closes": (OWNED, closes, ALL_FOUR),
    "an officer closes a case of two": ((*TWO, links), closes, ALL_FOUR),
    "an officer cannot reach the reporter": (
        OWNED,
        Presses("close_unreachable", {"attempts": "3", "ways": "phone", "reason": "Uit dienst."}),
        CHANGE,
    ),
    "an officer reopens": (CLOSED, Presses("reopen", {"reason": "Er is meer gezien."}), ALL_FOUR),
    "an officer withdraws": ((*OWNED, wishes), Presses("withdraw"), ALL_FOUR),
    "an officer goes on": ((*OWNED, wishes), Presses("go_on"), ALL_FOUR),
    "an officer goes away": ((submits,), goes_away, frozenset({"desks", "outbox", "audit_log"})),
    "an officer comes back": ((submits, goes_away), Presses("come_back"), frozenset({"desks", "audit_log"})),
    "an officer sets the hour of the digest": ((), Presses("digest", {"digest": "8 uur"}), frozenset({"desks"})),
    "an officer notes for the talk": (
        (),
        Presses("talk_note", {"line": "Een knelpunt."}, carried={"note": "form-1"}),
        frozenset({"talk_notes", "audit_log"}),
    ),
    "nobody takes up": ((submits,), watches, ALL_FOUR),
    "a reporter does not answer": ((*OWNED, asks), watches, ALL_FOUR),
    "a reporter is reminded": ((*OWNED, asks), watches_soon, ALL_FOUR),
    "a colleague says nothing": ((*OWNED, offers), watches, ALL_FOUR),
    "a partner says nothing": ((*OWNED, hands_over), watches, ALL_FOUR),
    "everything runs out at once": ((*OWNED, asks, hands_over, offers), watches, ALL_FOUR),
    "an owner left": (OWNED, watches_who_left, ALL_FOUR - {"signals"}),
    "a receipt does not arrive": ((submits,), does_not_arrive, ALL_FOUR - {"signals"}),
    "a digest is due": ((submits, plans_digests), digests, frozenset({"desks", "outbox"})),
    "a draft does not open": ((writes,), sets_the_draft_aside, frozenset({"drafts", "drafts_aside"})),
    "a draft opens again": (
        (writes, sets_the_draft_aside),
        takes_the_draft_back,
        frozenset({"drafts", "drafts_aside", "audit_log"}),
    ),
    "a draft waits": ((writes,), watches_the_draft, frozenset({"drafts", "outbox"})),
    "a draft is not finished": (
        (writes, watches_the_draft),
        watches_the_draft_again,
        frozenset({"drafts", "outbox", "audit_log"}),
    ),
}
#: What an officer presses to see a list, a part of a case or a form.
LOOKS = {
    "queue", "desk", "talk_list", "open", "more", "fold", "story", "found", "weighing", "timeline", "notes", "related",
    "measures", "links",
    *(act for act in OFFICERS_ACTS if act.endswith(("_form", "_preview"))),
}  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def stock(request: pytest.FixtureRequest) -> Stock:
    if request.param == "memory":
        return MemoryStock(Memory())
    database: Database = request.getfixturevalue("sqlite_database")
    return DatabaseStock(database)


@pytest.mark.parametrize(("before", "act", "changes"), CASES.values(), ids=CASES)
async def test_all_that_follows_from_an_act_is_stored_together_or_not_at_all(
    stock: Stock, before: tuple[Act, ...], act: Act, changes: frozenset[str]
) -> None:
    scene = Scene(stock)
    for step in before:
        await scene.does(step)

    done = await fails_everywhere(stock, lambda uow: act(scene, uow))

    assert done.failed[-1] == "commit"
    assert done.changed == changes


def test_every_button_of_an_officer_is_an_act_above_or_a_look() -> None:
    acts = {act.act for _, act, _ in CASES.values() if isinstance(act, Presses)}
    assert not acts & LOOKS
    assert acts | LOOKS == OFFICERS_ACTS.keys()


@pytest.mark.parametrize("look", sorted(LOOKS))
async def test_to_look_changes_nothing_but_the_log_of_who_looked(look: str) -> None:
    stock = MemoryStock(Memory())
    scene = Scene(stock)
    for step in OWNED:
        await scene.does(step)
    before = await stock.stored()

    await scene.does(Presses(look))

    after = await stock.stored()
    assert {table for table in after if after[table] != before[table]} <= {"audit_log"}
