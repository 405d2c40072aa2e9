"""What is drawn of a notice, and what happens when a part of sending fails."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.courier import Obsolete
from bot.sender import NoticeSender, Strangers
from bot.teams.errors import Retryable
from dialogs.domain.addresses import Address
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.signals import Draft
from dialogs.ports import UnitOfWork
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ANNA, BAS, MONDAY, knowledge
from tests.storage.factories import STORY, a_signal, an_event

LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)


class Connector:
    """Teams, as far as sending goes."""

    def __init__(self, message_id: str = "message-1") -> None:
        self.message_id = message_id
        self.sent: list[str] = []
        self.sent_to: list[str] = []
        self.edited: dict[str, str] = {}
        self.opened: list[str] = []

    async def send(self, service_url: str, conversation_id: str, activity: Mapping[str, Any]) -> str:
        self.sent.append(str(activity))
        self.sent_to.append(conversation_id)
        return self.message_id

    async def create_conversation(self, service_url: str, *, bot_id: str, person: str, tenant_id: str) -> str:
        self.opened.append(person)
        return f"a:new of {person}"

    async def update(
        self, service_url: str, conversation_id: str, message_id: str, activity: Mapping[str, Any]
    ) -> None:
        self.edited[message_id] = str(activity)


class Away:
    """A database that answers `times` transactions, and then is away."""

    def __init__(self, memory: Memory, times: int) -> None:
        self.memory = memory
        self.times = times

    def __call__(self) -> UnitOfWork:
        self.times -= 1
        if self.times < 0:
            raise ConnectionError
        return self.memory.unit_of_work()


def a_sender(memory: Memory, connector: Connector, transactions: int = 99) -> NoticeSender:
    strangers = Strangers("https://service", "tenant", "28:bot")
    units = Away(memory, transactions)
    return NoticeSender(units, connector, knowledge(), lambda: MONDAY, strangers)  # pyright: ignore[reportArgumentType] - the part that is used


@pytest.fixture
async def memory() -> Memory:
    memory = Memory()
    async with memory.unit_of_work() as uow:
        for person in (ANNA, "reporter-1"):
            await uow.people.seen(Address(person, "", "a:1", "https://service", "tenant", "", "28:bot", MONDAY))
        await uow.signals.add(a_signal())
        await uow.signals.append(an_event())
        await uow.drafts.save(Draft("draft-1", "reporter-1", MONDAY, MONDAY, answers={"story": STORY}))
        await uow.commit()
    return memory


def a_notice(kind: NoticeKind, recipient: str = ANNA, signal_id: str = "signal-1", **detail: str) -> Notice:
    return Notice("notice-1", kind, recipient, signal_id, MONDAY, detail)


def a_reminder(version: str = "1", draft_id: str = "draft-1") -> Notice:
    detail = {"version": version, "number": "2", "until": LATER.isoformat()}
    return a_notice(NoticeKind.DRAFT_REMINDER, "reporter-1", draft_id, **detail)


@pytest.mark.parametrize(
    ("notice", "seen"),
    [
        (a_notice(NoticeKind.SIGNAL_FOR_OFFICER), "Nieuw signaal S-2026-0001"),
        (a_notice(NoticeKind.ADDITION, event="2"), "Aanvulling op signaal S-2026-0001"),
        (a_notice(NoticeKind.UNDELIVERED, to="reporter"), "De melder kreeg het bericht niet"),
        (a_notice(NoticeKind.UNDELIVERED, to="officer"), "Een collega die dit signaal ook ziet, kreeg het"),
        (a_notice(NoticeKind.WITHDRAWAL_WISH, event="2"), "De melder wil signaal S-2026-0001 intrekken"),
        (a_reminder(), "We bewaren je antwoorden tot 26-11-2026 10:00"),
        (a_notice(NoticeKind.DRAFT_EXPIRED, "reporter-1", "draft-2"), "Je open melding is gewist"),
        (a_notice(NoticeKind.NUDGE, "reporter-1", ""), "Melden mag altijd"),
    ],
    ids=lambda value: value.kind if isinstance(value, Notice) else "",
)
async def test_a_notice_is_drawn_without_a_word_of_the_story(memory: Memory, notice: Notice, seen: str) -> None:
    connector = Connector()

    await a_sender(memory, connector).send(notice)

    (message,) = connector.sent
    assert seen in message
    assert STORY not in message
    assert "gebeld met de wijkagent" not in message


@pytest.mark.parametrize(
    ("detail", "seen"), [({}, "Je open melding is gewist"), ({"practice": "yes"}, "Deze oefening is voorbij")]
)
async def test_the_card_of_a_draft_that_expired_keeps_nothing_of_it(
    memory: Memory, detail: dict[str, str], seen: str
) -> None:
    connector = Connector()

    await a_sender(memory, connector).send(
        a_notice(NoticeKind.EXPIRED_CARD, "reporter-1", "draft-1", card="message-7", **detail)
    )

    assert connector.sent == []
    assert seen in connector.edited["message-7"]
    assert STORY not in connector.edited["message-7"]


@pytest.mark.parametrize(
    "notice",
    [
        a_reminder(version="2"),
        a_reminder(draft_id="draft-2"),
        a_notice(NoticeKind.SIGNAL_FOR_OFFICER, signal_id="no"),
        a_notice(NoticeKind.ADDITION, signal_id="no"),
    ],
    ids=["the draft went on", "another draft", "no signal", "no signal to add to"],
)
async def test_what_is_overtaken_is_not_sent(memory: Memory, notice: Notice) -> None:
    connector = Connector()

    with pytest.raises(Obsolete):
        await a_sender(memory, connector).send(notice)

    assert connector.sent == []


async def test_the_card_of_a_signal_is_remembered(memory: Memory) -> None:
    await a_sender(memory, Connector()).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    assert [card.message_id for card in memory.cards] == ["message-1"]


async def test_a_card_that_cannot_be_remembered_was_sent_all_the_same(memory: Memory) -> None:
    connector = Connector()

    await a_sender(memory, connector, transactions=1).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    assert len(connector.sent) == 1
    assert memory.cards == []


async def test_a_message_without_an_id_is_not_remembered(memory: Memory) -> None:
    await a_sender(memory, Connector(message_id="")).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    assert memory.cards == []


async def test_somebody_who_never_wrote_gets_a_conversation_once(memory: Memory) -> None:
    connector = Connector()
    sender = a_sender(memory, connector)

    await sender.send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER, BAS))
    await sender.send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER, BAS))

    assert connector.opened == [BAS]
    assert connector.sent_to == [f"a:new of {BAS}"] * 2


async def test_somebody_who_could_not_be_reached_is_tried_in_a_conversation_that_is_asked_for_anew(
    memory: Memory,
) -> None:
    async with memory.unit_of_work() as uow:
        await uow.people.seen(Address(ANNA, "Anna", "a:1", "https://service", "tenant", "29:1", "28:bot", MONDAY))
        await uow.people.unreachable(ANNA)
        await uow.commit()
    connector = Connector()

    await a_sender(memory, connector).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    assert connector.sent_to == [f"a:new of {ANNA}"]
    async with memory.unit_of_work() as uow:
        address = await uow.people.address(ANNA)
    assert address == Address(
        ANNA, "Anna", f"a:new of {ANNA}", "https://service", "tenant", "29:1", "28:bot", MONDAY, reachable=True
    )


async def test_a_notice_that_cannot_be_made_did_not_arrive_and_tells_no_content(memory: Memory) -> None:
    with capture_logs() as logs, pytest.raises(Retryable) as failed:
        await a_sender(memory, Connector(), transactions=0).send(a_notice(NoticeKind.RECEIPT))

    assert failed.value.reason == "ConnectionError"
    assert [(log["event"], log["error"]) for log in logs] == [("notice_not_made", "ConnectionError")]


async def test_alarms_have_a_way_of_their_own(memory: Memory) -> None:
    ordinary, alarms = Connector(), Connector()
    strangers = Strangers("https://service", "tenant", "28:bot")
    sender = NoticeSender(
        memory.unit_of_work,
        ordinary,  # pyright: ignore[reportArgumentType] - the part that is used
        knowledge(),
        lambda: MONDAY,
        strangers,
        alarms,  # pyright: ignore[reportArgumentType] - as above
    )

    await sender.send(replace(a_notice(NoticeKind.SIGNAL_FOR_OFFICER), lane=Lane.ALARM))
    await sender.send(a_notice(NoticeKind.RECEIPT, "reporter-1"))

    assert (len(alarms.sent), len(ordinary.sent)) == (1, 1)
