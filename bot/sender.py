"""A notice of the outbox as a message in Teams: read what it tells of now, draw it, send it."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.cards import CardRenderer
from bot.clock import Clock
from bot.courier import Obsolete, place_of
from bot.teams.activities import to_activity
from bot.teams.connector import ConnectorClient
from bot.teams.errors import Retryable
from dialogs.directory.cards import doubted_notice, due_notice
from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.case_file import case_file
from dialogs.domain.events import SignalEvent
from dialogs.domain.notices import EDITS, Lane, Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.notice_cards import notice_card, undelivered_card, word_card
from dialogs.ports import UnitOfWork, UnitsOfWork
from dialogs.reporter.cards import news_card, question_reminder_card, receipt_card, sent_card
from dialogs.reporter.reminders import expired_card, nudge_card, reminder_card, shrunk_card
from dialogs.turn import Card

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Strangers:
    """How a conversation is opened with somebody who never wrote to the bot."""

    service_url: str
    tenant_id: str
    bot_id: str


class NoticeSender:
    """Sends notices. What a card says is read when it is sent, so a late notice does not tell old news as new."""

    def __init__(
        self,
        units: UnitsOfWork,
        connector: ConnectorClient,
        knowledge: Knowledge,
        clock: Clock,
        strangers: Strangers,
        alarms: ConnectorClient | None = None,
    ) -> None:
        """`alarms`: what alarms are sent by, if not by the same."""
        self._units = units
        self._connectors = {Lane.ORDINARY: connector, Lane.ALARM: alarms or connector}
        self._knowledge = knowledge
        self._clock = clock
        self._strangers = strangers
        self._renderer = CardRenderer(knowledge.texts)

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, and Obsolete when what it tells of is no longer there."""
        activity, address = await self._made(notice)
        connector = self._connectors[notice.lane]
        if address is None or not address.reachable:
            address = await self._open_conversation(connector, notice.recipient, address)
        if notice.kind in EDITS:
            await connector.update(address.service_url, address.conversation_id, notice.detail["card"], activity)
            return
        message_id = await connector.send(address.service_url, address.conversation_id, activity)
        await self._sent(notice, address, message_id)

    async def _made(self, notice: Notice) -> tuple[dict[str, object], Address | None]:
        """The message, and where its recipient was last seen. Raises Obsolete, and Retryable if it cannot be made."""
        try:
            async with self._units() as uow:
                card = await self._card(uow, notice)
                address = await uow.people.address(notice.recipient)
            return to_activity(self._renderer.message(card)), address
        except Obsolete:
            raise
        except Exception as error:
            log.error(  # noqa: TRY400 - the words of an error may hold content
                "notice_not_made", notice=notice.id, error=type(error).__name__, place=place_of(error)
            )
            raise Retryable(code=type(error).__name__) from error

    async def _card(self, uow: UnitOfWork, notice: Notice) -> Card:
        match notice.kind:
            case NoticeKind.PARTNER_DOUBTED | NoticeKind.PARTNERS_DUE:
                return self._numbers_card(notice)
            case NoticeKind.DRAFT_REMINDER:
                return await self._reminder_card(uow, notice)
            case NoticeKind.DRAFT_EXPIRED:
                return expired_card(self._knowledge.texts)
            case NoticeKind.EXPIRED_CARD:
                return shrunk_card(self._knowledge.texts, practice="practice" in notice.detail)
            case NoticeKind.NUDGE:
                return nudge_card(self._knowledge.texts)
            case _:
                return await self._signal_card(uow, notice)

    async def _signal_card(self, uow: UnitOfWork, notice: Notice) -> Card:
        signal = await uow.signals.get(notice.signal_id)
        if signal is None:
            raise Obsolete(notice.id)
        match notice.kind:
            case NoticeKind.RECEIPT:
                return receipt_card(signal, self._knowledge)
            case NoticeKind.INTAKE_CARD:
                return sent_card(signal, self._knowledge.texts)
            case NoticeKind.STATUS_FOR_REPORTER:
                return news_card(signal, await self._event(uow, notice), self._knowledge.texts)
            case NoticeKind.QUESTION_REMINDER:
                return await self._question_reminder(uow, notice, signal)
            case NoticeKind.ADDITION | NoticeKind.WITHDRAWAL_WISH:
                return word_card(signal, notice.kind, self._knowledge)
            case NoticeKind.ANSWER:
                event = await self._event(uow, notice)
                return word_card(signal, event.kind, self._knowledge)
            case NoticeKind.UNDELIVERED:
                return undelivered_card(signal, notice.detail["to"], self._knowledge)
            case _:
                return notice_card(signal, self._knowledge)

    async def _event(self, uow: UnitOfWork, notice: Notice) -> SignalEvent:
        """What the notice tells of."""
        history = await uow.signals.history(notice.signal_id)
        return next(event for event in history if str(event.number) == notice.detail["event"])

    async def _question_reminder(self, uow: UnitOfWork, notice: Notice, signal: Signal) -> Card:
        """Of a question that was answered or ended meanwhile nobody is reminded."""
        question = case_file(signal, await uow.signals.history(signal.id)).question
        if question is None or str(question.number) != notice.detail["event"]:
            raise Obsolete(notice.id)
        return question_reminder_card(signal, self._knowledge.texts)

    async def _reminder_card(self, uow: UnitOfWork, notice: Notice) -> Card:
        """Of a draft that is gone, or went on meanwhile, nobody is reminded."""
        draft = await uow.drafts.of(notice.recipient)
        if draft is None or (draft.id, str(draft.version)) != (notice.signal_id, notice.detail["version"]):
            raise Obsolete(notice.id)
        until = datetime.fromisoformat(notice.detail["until"])
        return reminder_card(int(notice.detail["number"]), until, self._knowledge.texts)

    def _numbers_card(self, notice: Notice) -> Card:
        partners, texts = self._knowledge.partners.now, self._knowledge.texts
        if notice.kind is NoticeKind.PARTNERS_DUE:
            return due_notice(partners, self._clock(), texts)
        if notice.kind is NoticeKind.PARTNER_DOUBTED and notice.detail["partner"] in partners.directory:
            return doubted_notice(partners.directory[notice.detail["partner"]], texts)
        raise Obsolete(notice.id)

    async def _open_conversation(self, connector: ConnectorClient, person: str, known: Address | None) -> Address:
        """The conversation with somebody who never wrote, or who could not be reached: Teams is asked for it (anew)."""
        strangers = self._strangers
        service_url = strangers.service_url if known is None else known.service_url
        conversation_id = await connector.create_conversation(
            service_url, bot_id=strangers.bot_id, person=person, tenant_id=strangers.tenant_id
        )
        if known is not None:
            return replace(known, conversation_id=conversation_id)
        address = Address(
            person=person,
            name="",
            conversation_id=conversation_id,
            service_url=service_url,
            tenant_id=strangers.tenant_id,
            teams_id="",
            bot_id=strangers.bot_id,
            seen_at=self._clock(),
        )
        async with self._units() as uow:
            await uow.people.seen(address)
            await uow.commit()
        return address

    async def _sent(self, notice: Notice, address: Address, message_id: str) -> None:
        """Store where the card is, and that somebody can be reached again.

        If that fails, the message is there all the same: the next press tells the card's id.
        """
        shows_signal = notice.kind is NoticeKind.SIGNAL_FOR_OFFICER and message_id
        if address.reachable and not shows_signal:
            return
        try:
            async with self._units() as uow:
                if not address.reachable:
                    await uow.people.seen(replace(address, seen_at=self._clock()))
                if shows_signal:
                    subject = CardSubject.SIGNAL_FOR_OFFICER
                    await uow.cards.remember(CardAddress(notice.recipient, subject, notice.signal_id, message_id))
                await uow.commit()
        except Exception as error:  # noqa: BLE001 - whatever the database raises: sending again would show it twice
            log.warning("card_not_remembered", notice=notice.id, kind=type(error).__name__)
