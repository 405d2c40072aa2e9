"""What is drawn of a notice, and what happens when a part of sending fails."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

import bot.mailbox
from bot.courier import Obsolete
from bot.mailbox import NO_MAILBOX
from bot.sender import NoticeSender, Strangers
from bot.teams.errors import Permanent, Retryable
from dialogs.domain.addresses import Address, CardSubject
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import FOR_HANDLERS, Lane, Notice, NoticeKind
from dialogs.domain.signals import Draft
from dialogs.ports import UnitOfWork
from tests.fakes.unit_of_work import Memory
from tests.knowledge import ADMINISTRATOR, ANNA, BAS, CONFIDANT, MONDAY, STAFF, knowledge
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


def a_sender(
    memory: Memory, connector: Connector, transactions: int = 99, mailbox: bot.mailbox.Mailbox = NO_MAILBOX
) -> NoticeSender:
    strangers = Strangers("https://service", "tenant", "28:bot")
    units = Away(memory, transactions)
    return NoticeSender(units, connector, knowledge(), lambda: MONDAY, strangers, mailbox=mailbox)  # pyright: ignore[reportArgumentType] - the part that is used


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


async def test_who_has_a_report_that_does_not_open_is_reminded_of_it_all_the_same(memory: Memory) -> None:
    memory.committed.unreadable.add("draft-1")
    connector = Connector()

    await a_sender(memory, connector).send(a_reminder())

    assert "We bewaren je antwoorden tot" in connector.sent[0]
    with pytest.raises(Obsolete):
        await a_sender(memory, connector).send(a_reminder(version="2"))


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

    shown = {(card.subject, card.signal_id, card.message_id) for card in memory.cards}
    assert shown == {
        (CardSubject.SIGNAL_FOR_OFFICER, "signal-1", "message-1"),
        (CardSubject.INBOX, "", "message-1"),
    }


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

    await sender.send(a_notice(NoticeKind.ADDITION, BAS))
    await sender.send(a_notice(NoticeKind.ADDITION, BAS))

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


async def a_second_signal(memory: Memory) -> Notice:
    """One more comes in; the notice of it for Anna."""
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2))
        await uow.commit()
    return a_notice(NoticeKind.SIGNAL_FOR_OFFICER, signal_id="signal-2")


async def test_a_further_signal_joins_the_one_open_notice_of_what_is_new(memory: Memory) -> None:
    connector = Connector()
    await a_sender(memory, connector).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    await a_sender(memory, connector).send(await a_second_signal(memory))

    assert len(connector.sent) == 1
    assert "Nog niet opgepakt: 2" in connector.edited["message-1"]
    assert STORY not in connector.edited["message-1"]


async def test_danger_is_a_message_of_its_own_whatever_notice_stands(memory: Memory) -> None:
    connector = Connector()
    await a_sender(memory, connector).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    acute = replace(await a_second_signal(memory), lane=Lane.ALARM)
    await a_sender(memory, connector).send(acute)

    assert len(connector.sent) == 2
    assert connector.edited == {}


async def test_a_notice_that_is_gone_from_the_chat_is_sent_anew(memory: Memory) -> None:
    connector = Connector()
    await a_sender(memory, connector).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))

    async def gone(*_: object) -> None:
        raise Permanent(status=404, code="ActivityNotFoundInConversation")

    connector.update = gone  # pyright: ignore[reportAttributeAccessIssue] - Teams does not know the message any more
    connector.message_id = "message-2"
    await a_sender(memory, connector).send(await a_second_signal(memory))

    assert len(connector.sent) == 2
    assert {card.message_id for card in memory.cards if card.subject is CardSubject.INBOX} == {"message-2"}


@pytest.mark.parametrize("kind", sorted({*FOR_HANDLERS, NoticeKind.INBOX, NoticeKind.DIGEST}))
async def test_who_is_no_officer_any_more_gets_nothing_about_a_signal_and_it_is_no_failure(
    memory: Memory, kind: NoticeKind
) -> None:
    connector = Connector()
    notice = a_notice(kind, "officer-who-left", event="1", card="message-1", to="reporter", watch="unclaimed")

    with pytest.raises(Obsolete):
        await a_sender(memory, connector).send(notice)

    assert (connector.sent, connector.edited, connector.opened) == ([], {}, [])


@pytest.mark.parametrize("watch", ["no_handler", "unclaimed", "feedback"])
@pytest.mark.parametrize(
    ("recipient", "excluded", "gets"),
    [
        (ADMINISTRATOR, (ANNA, BAS, CONFIDANT), True),
        (ADMINISTRATOR, (ANNA, BAS), False),
        (ADMINISTRATOR, (ANNA, BAS, CONFIDANT, ADMINISTRATOR), False),
        (ANNA, (ANNA, BAS, CONFIDANT), False),
    ],
    ids=["nobody may handle it", "the confidant may by now", "it is about the administrator too", "no administrator"],
)
async def test_an_administrator_hears_that_nobody_may_handle_a_signal_and_can_open_nothing(
    memory: Memory, recipient: str, excluded: tuple[str, ...], gets: bool, watch: str
) -> None:
    connector = Connector()
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2, excluded=frozenset(excluded)))
        await uow.commit()
    notice = a_notice(NoticeKind.TERM_PASSED, recipient, "signal-2", watch=watch, about="", step="1")

    with nullcontext() if gets else pytest.raises(Obsolete):
        await a_sender(memory, connector).send(notice)

    assert len(connector.sent) == gets
    for message in connector.sent:
        assert "Niemand mag dit signaal behandelen: S-2026-0002" in message
        assert "signal.open" not in message
        assert STORY not in message


@pytest.mark.parametrize(
    ("recipient", "excluded", "gets"),
    [
        ("deputy", (), True),
        (CONFIDANT, (), False),
        (CONFIDANT, (ANNA, BAS, "deputy"), True),
        (ANNA, (ANNA,), False),
        (BAS, (ANNA,), True),
    ],
    ids=[
        "a deputy, though the officers are at work",
        "a confidant of a signal that officers may see",
        "a confidant of a signal about all of them",
        "whom it is about",
        "the other one",
    ],
)
async def test_who_may_handle_a_signal_gets_what_is_about_it(
    memory: Memory, recipient: str, excluded: tuple[str, ...], gets: bool
) -> None:
    connector = Connector()
    known = replace(knowledge(), staff=replace(STAFF, deputies=("deputy",)))
    sender = NoticeSender(memory.unit_of_work, connector, known, lambda: MONDAY, Strangers("https://s", "t", "28:bot"))  # pyright: ignore[reportArgumentType] - the part that is used
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2, excluded=frozenset(excluded)))
        await uow.commit()

    with nullcontext() if gets else pytest.raises(Obsolete):
        await sender.send(a_notice(NoticeKind.ADDITION, recipient, "signal-2", event="1"))

    assert len(connector.sent) == gets


async def test_when_all_is_taken_up_the_notice_says_so_and_the_next_signal_is_a_new_message(memory: Memory) -> None:
    connector = Connector()
    await a_sender(memory, connector).send(a_notice(NoticeKind.SIGNAL_FOR_OFFICER))
    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter("reporter-1", 5)
        taken = replace(signal.moved_to(SignalStatus.TAKEN_UP, now=MONDAY), owner=BAS)
        await uow.signals.save(taken)
        await uow.commit()

    follows = a_notice(NoticeKind.OFFICER_CARD, event="2", card="message-1")
    await a_sender(memory, connector).send(follows)

    assert "Opgepakt · Bas" in connector.edited["message-1"]
    connector.message_id = "message-2"
    await a_sender(memory, connector).send(await a_second_signal(memory))
    assert len(connector.sent) == 2


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (NoticeKind.TERM_PASSED, {"watch": "unclaimed", "about": "1", "step": "1"}, "Nog niet opgepakt: signaal"),
        (NoticeKind.TERM_PASSED, {"watch": "owner_left", "about": BAS, "step": "1"}, "geen behandelaar meer"),
        (NoticeKind.OFFER, {"event": "1"}, "Een collega biedt je signaal S-2026-0001 aan"),
        (NoticeKind.OFFER_ANSWERED, {"event": "1"}, "Antwoord op je aanbod"),
        (NoticeKind.TAKEN_OVER, {"event": "1"}, "Een collega nam signaal S-2026-0001 over"),
        (NoticeKind.DIGEST, {"day": "2026-11-23"}, "Open signalen: 1"),
    ],
)
async def test_what_officers_are_told_has_a_reference_and_no_content(
    memory: Memory, kind: NoticeKind, detail: dict[str, str], words: str
) -> None:
    connector = Connector()

    await a_sender(memory, connector).send(a_notice(kind, **detail))

    assert words in connector.sent[0]
    assert STORY not in connector.sent[0]


async def test_the_digest_counts_no_signal_without_a_handler_for_somebody_it_is_about(memory: Memory) -> None:
    connector = Connector()
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2, excluded=frozenset({ANNA}), status=SignalStatus.TAKEN_UP, owner="gone"))
        await uow.commit()

    for officer in (ANNA, BAS):
        await a_sender(memory, connector).send(a_notice(NoticeKind.DIGEST, recipient=officer, day="2026-11-23"))

    assert ["Zonder behandelaar: 1" in words for words in connector.sent] == [False, True]


class Mailbox:
    """A mailbox that keeps what came."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, str]] = []

    async def send(self, mail_id: str, subject: str, text: str) -> None:
        self.mails.append((mail_id, subject, text))


async def test_the_mailbox_hears_the_reference_and_nothing_else_until_it_is_taken_up(memory: Memory) -> None:
    mailbox = Mailbox()
    strangers = Strangers("https://service", "tenant", "28:bot")
    sender = NoticeSender(
        memory.unit_of_work,
        Connector(),  # pyright: ignore[reportArgumentType] - the part that is used
        knowledge(),
        lambda: MONDAY,
        strangers,
        mailbox=mailbox,
    )
    mail = a_notice(NoticeKind.FALLBACK_MAIL, recipient="mailbox")

    await sender.send(mail)

    ((mail_id, subject, text),) = mailbox.mails
    assert (mail_id, "S-2026-0001" in subject) == (mail.id, True)
    assert STORY not in text
    async with memory.unit_of_work() as uow:
        (signal,) = await uow.signals.of_reporter("reporter-1", 5)
        await uow.signals.save(replace(signal.moved_to(SignalStatus.TAKEN_UP, now=MONDAY), owner=BAS))
        await uow.commit()
    with pytest.raises(Obsolete):
        await sender.send(mail)


@pytest.mark.parametrize("excluded", [(ANNA, BAS), (ANNA, BAS, CONFIDANT)], ids=["the confidant may", "nobody may"])
async def test_the_mail_does_not_tell_whom_a_signal_is_about_by_who_may_open_it(
    memory: Memory, excluded: tuple[str, ...]
) -> None:
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal(2, excluded=frozenset(excluded)))
        await uow.commit()
    mailbox = Mailbox()
    sender = a_sender(memory, Connector(), mailbox=mailbox)

    for number in (1, 2):
        await sender.send(a_notice(NoticeKind.FALLBACK_MAIL, "mailbox", f"signal-{number}"))

    (ordinary, about_officers) = (text for _, _, text in mailbox.mails)
    assert about_officers == ordinary.replace("0001", "0002")
