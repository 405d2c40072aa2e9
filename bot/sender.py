"""A notice of the outbox as a message in Teams: read what it tells of now, draw it, send it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.cards import CardRenderer
from bot.clock import Clock
from bot.courier import Obsolete, place_of
from bot.mailbox import NO_MAILBOX, Mailbox
from bot.teams.activities import to_activity
from bot.teams.connector import ConnectorClient
from bot.teams.errors import NotAuthorised, Permanent, Retryable, Unreachable
from dialogs.domain.addresses import Address, CardAddress
from dialogs.domain.lifecycle import UNCLAIMED
from dialogs.domain.notices import EDITS, Lane, Notice, NoticeKind
from dialogs.knowledge import Knowledge
from dialogs.notice_message import NoticeMessage, NoticeMessages
from dialogs.ports import UnitsOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Strangers:
    """How a conversation is opened with somebody who never wrote to the bot."""

    service_url: str
    tenant_id: str
    bot_id: str
    #: Installs the app for somebody who does not have it, and raises DeliveryFailed; None: nobody may.
    install: Callable[[str], Awaitable[None]] | None = None


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
        mailbox: Mailbox = NO_MAILBOX,
    ) -> None:
        """`alarms`: what alarms are sent by, if not by the same; `mailbox`: where mail of the municipality goes."""
        self._mailbox = mailbox
        self._units = units
        self._connectors = {Lane.ORDINARY: connector, Lane.ALARM: alarms or connector}
        self._knowledge = knowledge
        self._clock = clock
        self._strangers = strangers
        self._renderer = CardRenderer(knowledge.texts)

    async def send(self, notice: Notice) -> None:
        """Send it. Raises DeliveryFailed, and Obsolete when what it tells of is no longer there."""
        if notice.kind is NoticeKind.FALLBACK_MAIL:
            await self._mail(notice)
            return
        message, address = await self._made(notice)
        activity = to_activity(self._renderer.message(message.card))
        connector = self._connectors[notice.lane]
        if address is None or not address.reachable:
            address = await self._open_conversation(connector, notice.recipient, address)
        if notice.kind in EDITS:
            await connector.update(address.service_url, address.conversation_id, message.edits or "", activity)
            await self._sent(notice, address, message, message.edits or "")
            return
        message_id = message.edits
        if message_id is None or not await self._edited(connector, address, message_id, activity):
            message_id = await connector.send(address.service_url, address.conversation_id, activity)
        await self._sent(notice, address, message, message_id)

    async def _edited(
        self, connector: ConnectorClient, address: Address, message_id: str, activity: dict[str, object]
    ) -> bool:
        """Edit a message that should still stand; False if it is gone, so that a new one is needed."""
        try:
            await connector.update(address.service_url, address.conversation_id, message_id, activity)
        except (Unreachable, NotAuthorised):
            raise
        except Permanent:
            return False
        return True

    async def _mail(self, notice: Notice) -> None:
        async with self._units() as uow:
            signal = await uow.signals.get(notice.signal_id)
        if signal is None or signal.status not in UNCLAIMED:
            raise Obsolete(notice.id)
        texts = self._knowledge.texts
        subject = texts(f"mail.{'acute' if notice.lane is Lane.ALARM else 'subject'}", reference=signal.reference)
        # The same for each: many read the mailbox, and who may open a signal tells whom it is about.
        await self._mailbox.send(notice.id, subject, texts("mail.text", reference=signal.reference))

    async def _made(self, notice: Notice) -> tuple[NoticeMessage, Address | None]:
        """The message, and where its recipient was last seen. Raises Obsolete, and Retryable if it cannot be made."""
        try:
            async with self._units() as uow:
                message = await NoticeMessages(uow, self._knowledge, self._clock()).of(notice)
                address = await uow.people.address(notice.recipient)
        except Exception as error:
            log.error(  # noqa: TRY400 - the words of an error may hold content
                "notice_not_made", notice=notice.id, error=type(error).__name__, place=place_of(error)
            )
            raise Retryable(code=type(error).__name__) from error
        if message is None:
            raise Obsolete(notice.id)
        return message, address

    async def _open_conversation(self, connector: ConnectorClient, person: str, known: Address | None) -> Address:
        """The conversation with somebody who never wrote, or who could not be reached: Teams is asked for it (anew)."""
        strangers = self._strangers
        service_url = strangers.service_url if known is None else known.service_url
        try:
            conversation_id = await connector.create_conversation(
                service_url, bot_id=strangers.bot_id, person=person, tenant_id=strangers.tenant_id
            )
        except Unreachable as refused:
            if known is None:
                await self._without_app(person, refused)
            raise
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

    async def _without_app(self, person: str, refused: Unreachable) -> None:
        """Somebody who never wrote does not have the app: store that, and install it where that is allowed.

        Raises Retryable once it is installed, as Teams needs a moment. Who removed the app keeps it removed.
        """
        async with self._units() as uow:
            await uow.people.lacks_app(person, self._clock())
            await uow.commit()
        if self._strangers.install is None:
            return
        try:
            await self._strangers.install(person)
        except Permanent as failed:
            log.warning("app_not_installed", reason=failed.reason)
            return
        raise Retryable(code="just_installed") from refused

    async def _sent(self, notice: Notice, address: Address, message: NoticeMessage, message_id: str) -> None:
        """Store what the message shows, and that somebody can be reached again.

        If that fails, the message is there all the same: the next press tells the card's id.
        """
        if address.reachable and not message.shows and message.ends is None:
            return
        try:
            async with self._units() as uow:
                if not address.reachable:
                    await uow.people.seen(replace(address, seen_at=self._clock()))
                for subject, signal_id in message.shows if message_id else ():
                    await uow.cards.remember(CardAddress(notice.recipient, subject, signal_id, message_id))
                if message.ends is not None:
                    await uow.cards.forget(message.ends)
                await uow.commit()
        except Exception as error:  # noqa: BLE001 - whatever the database raises: sending again would show it twice
            log.warning("card_not_remembered", notice=notice.id, kind=type(error).__name__)
