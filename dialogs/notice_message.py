"""What a notice of the outbox says, drawn from what is so when it is sent: a late notice does not tell old as new."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.directory.cards import doubted_notice, due_notice
from dialogs.domain.access import Right
from dialogs.domain.addresses import CardAddress, CardSubject
from dialogs.domain.case_file import case_file
from dialogs.domain.events import SignalEvent
from dialogs.domain.lifecycle import OPEN, UNCLAIMED
from dialogs.domain.notices import EDITS, FOR_HANDLERS, Lane, Notice, NoticeKind
from dialogs.domain.queue import QueueFilter, QueueQuery
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.nudges import nudge_card
from dialogs.officer.notice_cards import no_handler_card, notice_card, term_card, undelivered_card, word_card
from dialogs.officer.queue import query_of
from dialogs.officer.queue_card import PAGE, Figures, digest_card, inbox_card
from dialogs.ports import DraftUnreadable, UnitOfWork
from dialogs.reporter.cards import news_card, question_reminder_card, receipt_card, sent_card
from dialogs.reporter.reminders import expired_card, reminder_card, shrunk_card
from dialogs.turn import Card
from dialogs.use_cases.watch_desks import NO_HANDLER

#: Of so many at most it is counted how many have no owner any more.
_MOST_ORPHANS = 1000


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """A message to one person."""

    card: Card
    #: The message that it takes the place of; None: it is a new one.
    edits: str | None = None
    #: What the message shows from now on, besides what it showed before.
    shows: tuple[tuple[CardSubject, str], ...] = ()
    #: What it shows no longer.
    ends: CardAddress | None = None


@dataclass(frozen=True, slots=True)
class NoticeMessages:
    """Draws the messages of notices, in one transaction that only reads."""

    uow: UnitOfWork
    knowledge: Knowledge
    now: datetime

    async def of(self, notice: Notice) -> NoticeMessage | None:
        """The message; None when there is nothing to tell any more."""
        texts = self.knowledge.texts
        match notice.kind:
            case NoticeKind.PARTNER_DOUBTED | NoticeKind.PARTNERS_DUE:
                return self._about_numbers(notice)
            case NoticeKind.DRAFT_REMINDER:
                return await self._reminder(notice)
            case NoticeKind.DRAFT_EXPIRED:
                return NoticeMessage(expired_card(texts))
            case NoticeKind.EXPIRED_CARD:
                card = shrunk_card(texts, practice="practice" in notice.detail)
                return NoticeMessage(card, edits=notice.detail["card"])
            case NoticeKind.NUDGE:
                return NoticeMessage(nudge_card(texts))
            case NoticeKind.DIGEST | NoticeKind.INBOX if not self._sees_queue(notice.recipient):
                return None
            case NoticeKind.DIGEST:
                return NoticeMessage(digest_card(await self._figures(notice.recipient), self.knowledge))
            case NoticeKind.INBOX:
                return await self._inbox(notice.recipient)
            case _:
                return await self._about_signal(notice)

    def _sees_queue(self, person: str) -> bool:
        return self.knowledge.staff.actor(person).may(Right.SEE_QUEUE)

    async def _about_signal(self, notice: Notice) -> NoticeMessage | None:
        signal = await self.uow.signals.get(notice.signal_id)
        staff = self.knowledge.staff
        if signal is not None and self._is_for_wardens(notice, signal):
            return self._no_handler(notice, signal)
        if signal is None or (notice.kind in FOR_HANDLERS and not signal.may_be_handled_by(notice.recipient, staff)):
            return None
        if notice.kind is NoticeKind.SIGNAL_FOR_OFFICER:
            return await self._new_signal(notice, signal)
        if notice.kind is NoticeKind.OFFICER_CARD:
            return await self._officer_card(notice, signal)
        if notice.kind is NoticeKind.QUESTION_REMINDER:
            return await self._question_reminder(notice, signal)
        card = await self._card_of_signal(notice, signal)
        return NoticeMessage(card, edits=notice.detail["card"] if notice.kind in EDITS else None)

    def _is_for_wardens(self, notice: Notice, signal: Signal) -> bool:
        """Whether it tells that nobody may handle a signal, by itself or because one of its terms ran out."""
        nobody_may = not self.knowledge.staff.handlers(signal.excluded)
        return notice.detail.get("watch") == NO_HANDLER or (notice.kind is NoticeKind.TERM_PASSED and nobody_may)

    def _no_handler(self, notice: Notice, signal: Signal) -> NoticeMessage | None:
        """An administrator hears that it waits, as long as nobody may handle it."""
        staff = self.knowledge.staff
        waits = signal.status in OPEN and not staff.handlers(signal.excluded)
        if not waits or notice.recipient not in staff.wardens(signal.excluded):
            return None
        return NoticeMessage(no_handler_card(signal, self.knowledge.texts))

    async def _card_of_signal(self, notice: Notice, signal: Signal) -> Card:
        match notice.kind:
            case NoticeKind.RECEIPT:
                return receipt_card(signal, self.knowledge)
            case NoticeKind.INTAKE_CARD:
                return sent_card(signal, self.knowledge.texts)
            case NoticeKind.STATUS_FOR_REPORTER:
                return news_card(signal, await self._event(notice), self.knowledge.texts)
            case NoticeKind.ANSWER:
                return word_card(signal, (await self._event(notice)).kind, self.knowledge)
            case NoticeKind.UNDELIVERED:
                return undelivered_card(signal, notice.detail["to"], self.knowledge)
            case NoticeKind.TERM_PASSED:
                return term_card(signal, notice.detail["watch"], notice.lane, self.knowledge)
            case _:
                return word_card(signal, notice.kind, self.knowledge)

    async def _question_reminder(self, notice: Notice, signal: Signal) -> NoticeMessage | None:
        """Of a question that was answered or ended meanwhile nobody is reminded."""
        question = case_file(signal, await self.uow.signals.history(signal.id)).question
        if question is None or str(question.number) != notice.detail["event"]:
            return None
        return NoticeMessage(question_reminder_card(signal, self.knowledge))

    async def _event(self, notice: Notice) -> SignalEvent:
        history = await self.uow.signals.history(notice.signal_id)
        return next(event for event in history if str(event.number) == notice.detail["event"])

    async def _new_signal(self, notice: Notice, signal: Signal) -> NoticeMessage:
        """An alarm is a message of its own. Of all else there is one open notice, which a further signal joins."""
        shows = (CardSubject.SIGNAL_FOR_OFFICER, signal.id)
        alone = NoticeMessage(notice_card(signal, self.knowledge), shows=(shows,))
        if notice.lane is Lane.ALARM:
            return alone
        standing = await self._standing(notice.recipient)
        both = (shows, (CardSubject.INBOX, ""))
        if standing is None:
            return NoticeMessage(alone.card, shows=both)
        card = await self._inbox_card(notice.recipient) if signal.status in UNCLAIMED else alone.card
        return NoticeMessage(card, edits=standing.message_id, shows=both)

    async def _officer_card(self, notice: Notice, signal: Signal) -> NoticeMessage:
        """The card of a signal follows what happened; the notice of what is new counts again, and ends when empty."""
        message_id = notice.detail["card"]
        standing = await self._standing(notice.recipient)
        if standing is None or standing.message_id != message_id:
            return NoticeMessage(notice_card(signal, self.knowledge), edits=message_id)
        size = await self.uow.queue.size(self._unclaimed(notice.recipient))
        card = notice_card(signal, self.knowledge) if not size else await self._inbox_card(notice.recipient)
        return NoticeMessage(card, edits=message_id, ends=None if size else standing)

    async def _inbox(self, person: str) -> NoticeMessage | None:
        """What is new, again, below the message that became a case; None if somebody has taken up all of it."""
        if not await self.uow.queue.size(self._unclaimed(person)):
            return None
        standing = await self._standing(person)
        card = await self._inbox_card(person)
        return NoticeMessage(card, edits=standing and standing.message_id, shows=((CardSubject.INBOX, ""),))

    async def _inbox_card(self, person: str) -> Card:
        query = self._unclaimed(person)
        entries = await self.uow.queue.page(query, PAGE)
        more = await self.uow.queue.size(query) - len(entries)
        return inbox_card(entries, more, self.knowledge, self.now)

    async def _standing(self, person: str) -> CardAddress | None:
        cards = await self.uow.cards.of("", CardSubject.INBOX)
        return next((card for card in cards if card.person == person), None)

    def _unclaimed(self, person: str) -> QueueQuery:
        staff = self.knowledge.staff
        return query_of(staff.actor(person), staff, self.now, QueueFilter.UNCLAIMED)

    async def _figures(self, person: str) -> Figures:
        staff = self.knowledge.staff
        actor = staff.actor(person)
        counts = {each: await self.uow.queue.size(query_of(actor, staff, self.now, each)) for each in QueueFilter}
        orphans = len(await self.uow.queue.orphans(staff, _MOST_ORPHANS, person))
        return Figures(counts, orphans, await self.uow.desks.absent(self.now))

    async def _reminder(self, notice: Notice) -> NoticeMessage | None:
        """Of a draft that is gone, or went on meanwhile, nobody is reminded."""
        try:
            draft = await self.uow.drafts.of(notice.recipient)
            found = None if draft is None else (draft.id, draft.version)
        except DraftUnreadable as unreadable:
            # Who comes back to it hears that it does not open, and can begin anew.
            found = unreadable.draft_id, unreadable.version
        if found != (notice.signal_id, int(notice.detail["version"])):
            return None
        until = datetime.fromisoformat(notice.detail["until"])
        return NoticeMessage(reminder_card(int(notice.detail["number"]), until, self.knowledge.texts))

    def _about_numbers(self, notice: Notice) -> NoticeMessage | None:
        partners, texts = self.knowledge.partners.now, self.knowledge.texts
        if notice.kind is NoticeKind.PARTNERS_DUE:
            return NoticeMessage(due_notice(partners, self.now, texts))
        partner = notice.detail["partner"]
        if partner not in partners.directory:
            return None
        return NoticeMessage(doubted_notice(partners.directory[partner], texts))
