"""A notice of the outbox as a message in Teams: read what it tells of now, draw it, send it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import CardRenderer
from bot.clock import Clock
from bot.dispatcher import Obsolete
from bot.teams.activities import to_activity
from bot.teams.connector import ConnectorClient
from dialogs.directory.cards import doubted_notice, due_notice
from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.notices import EDITS, Notice, NoticeKind
from dialogs.domain.signals import Signal, SignalEvent
from dialogs.knowledge import Knowledge
from dialogs.officer.cards import notice_card
from dialogs.ports import UnitsOfWork
from dialogs.reporter.cards import news_card, receipt_card, sent_card
from dialogs.turn import Card


@dataclass(frozen=True, slots=True)
class Strangers:
    """How a conversation is opened with somebody who never wrote to the bot."""

    service_url: str
    tenant_id: str
    bot_id: str


class NoticeSender:
    """Sends notices. What a card says is read when it is sent, so a late notice does not tell old news as new."""

    def __init__(
        self, units: UnitsOfWork, connector: ConnectorClient, knowledge: Knowledge, clock: Clock, strangers: Strangers
    ) -> None:
        self._units = units
        self._connector = connector
        self._knowledge = knowledge
        self._clock = clock
        self._strangers = strangers
        self._renderer = CardRenderer(knowledge.texts)

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, and Obsolete when what it tells of is no longer there."""
        async with self._units() as uow:
            signal = await uow.signals.get(notice.signal_id)
            history = await uow.signals.history(notice.signal_id)
            address = await uow.people.address(notice.recipient)
        card = self._card(notice, signal, history) if signal is not None else self._numbers_card(notice)
        activity = to_activity(self._renderer.message(card))
        if address is None:
            address = await self._open_conversation(notice.recipient)
        if notice.kind in EDITS:
            await self._connector.update(address.service_url, address.conversation_id, notice.detail["card"], activity)
            return
        message_id = await self._connector.send(address.service_url, address.conversation_id, activity)
        if notice.kind is NoticeKind.SIGNAL_FOR_OFFICER:
            await self._remember(notice, message_id)

    def _card(self, notice: Notice, signal: Signal, history: Sequence[SignalEvent]) -> Card:
        match notice.kind:
            case NoticeKind.SIGNAL_FOR_OFFICER | NoticeKind.OFFICER_CARD:
                return notice_card(signal, self._knowledge)
            case NoticeKind.RECEIPT:
                return receipt_card(signal, self._knowledge)
            case NoticeKind.INTAKE_CARD:
                return sent_card(signal, self._knowledge.texts)
            case NoticeKind.STATUS_FOR_REPORTER:
                event = next(event for event in history if str(event.number) == notice.detail["event"])
                return news_card(signal, event, self._knowledge.texts)
            case NoticeKind.PARTNER_DOUBTED | NoticeKind.PARTNERS_DUE:
                raise Obsolete(notice.id)  # these are about no signal

    def _numbers_card(self, notice: Notice) -> Card:
        partners, texts = self._knowledge.partners.now, self._knowledge.texts
        if notice.kind is NoticeKind.PARTNERS_DUE:
            return due_notice(partners, self._clock(), texts)
        if notice.kind is NoticeKind.PARTNER_DOUBTED and notice.detail["partner"] in partners.directory:
            return doubted_notice(partners.directory[notice.detail["partner"]], texts)
        raise Obsolete(notice.id)

    async def _open_conversation(self, person: str) -> Address:
        strangers = self._strangers
        conversation_id = await self._connector.create_conversation(
            strangers.service_url, bot_id=strangers.bot_id, person=person, tenant_id=strangers.tenant_id
        )
        address = Address(
            person=person,
            name="",
            conversation_id=conversation_id,
            service_url=strangers.service_url,
            tenant_id=strangers.tenant_id,
            teams_id="",
            bot_id=strangers.bot_id,
            seen_at=self._clock(),
        )
        async with self._units() as uow:
            await uow.people.seen(address)
            await uow.commit()
        return address

    async def _remember(self, notice: Notice, message_id: str) -> None:
        card = CardAddress(notice.recipient, CardSubject.SIGNAL_FOR_OFFICER, notice.signal_id, message_id)
        async with self._units() as uow:
            await uow.cards.remember(card)
            await uow.commit()
