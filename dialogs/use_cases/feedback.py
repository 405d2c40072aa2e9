"""What the reporter hears, and the end of a signal: feedback, closing, reopening, deciding on a wish to withdraw it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import UNREACHABLE, EventKind
from dialogs.domain.free_text import accepted
from dialogs.domain.lifecycle import SignalStatus, TransitionNotAllowed
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.whole_numbers import whole_number
from dialogs.ports import Delivery, DeliveryState
from dialogs.use_cases.case_work import CaseWork, OutOfDate

#: The reviewed texts: keys under `feedback.closed` and under `feedback.interim`.
CLOSING_TEXTS = ("followed_up", "handed_over", "no_action", "other_help", "under_investigation")
INTERIM_TEXTS = ("in_progress", "discussed", "waiting", "under_investigation")
#: An officer told it; no message goes.
IN_PERSON = "in_person"
#: Says nothing of the matter (policy annex 3, step 5: the police may be investigating), so no line goes with it.
NEUTRAL = "under_investigation"
#: How long an officer's line for the reporter, and a reason, may be, in characters.
MOST_LINE, MOST_REASON = 500, 500


class Way(StrEnum):
    """How an officer tried to reach a reporter. Stored; never renamed."""

    TEAMS = "teams"
    PHONE = "phone"
    MAIL = "mail"
    VISIT = "visit"


class FeedbackMissing(Exception):
    """A signal cannot be closed without feedback for the reporter (policy annex 3, step 5)."""


class LineNotAllowed(Exception):
    """With the neutral text no line of the officer's own goes along."""


class AttemptsMissing(Exception):
    """*Niet bereikbaar* needs how often it was tried, how, and why it did not work."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter reads: the key of a reviewed text, and a line of the officer's own."""

    text: str
    line: str = ""

    @classmethod
    def checked(cls, text: str, raw_line: str, among: Collection[str]) -> "Told":
        """One of these texts, with a line that can be stored. Raises FeedbackMissing, LineNotAllowed, TextRefused."""
        if text not in among:
            raise FeedbackMissing
        line = accepted(raw_line, most=MOST_LINE)
        if line and text == NEUTRAL:
            raise LineNotAllowed
        return cls(text, line)

    @property
    def content(self) -> dict[str, str]:
        """As an event has it."""
        return {"text": self.text, "feedback": self.line}


@dataclass(frozen=True, slots=True)
class Attempts:
    """How it was tried to reach the reporter."""

    times: int
    ways: tuple[Way, ...]
    reason: str

    @classmethod
    def checked(cls, times: str, ways: Collection[str], raw_reason: str) -> "Attempts":
        """What was filled in. Raises AttemptsMissing, TextRefused."""
        tried = tuple(way for way in Way if way in ways)
        reason = accepted(raw_reason, most=MOST_REASON)
        number = whole_number(times)
        if not (number and tried and reason):
            raise AttemptsMissing
        return cls(number, tried, reason)


@dataclass(frozen=True, slots=True)
class Feedback:
    """The acts of which the reporter hears by themselves."""

    work: CaseWork

    async def may_close(self, signal_id: str, version: int) -> CaseFile:
        """The case, if it can be closed now. Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed."""
        case = await self.work.own(signal_id, version)
        case.signal.moved_to(SignalStatus.CLOSED, now=self.work.now)
        return case

    async def close(self, signal_id: str, version: int, told: Told) -> CaseFile:
        """Close it with feedback; a question that is open ends with it, and so does a wish to withdraw.

        Raises as `may_close`.
        """
        case = await self.may_close(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.CLOSED, now=self.work.now)
        return await self.work.record(case, changed, EventKind.CLOSED, told.content)

    async def close_unreachable(self, signal_id: str, version: int, attempts: Attempts) -> CaseFile:
        """Close it without a message, as the reporter cannot be reached; counted apart. Raises as `may_close`."""
        case = await self.may_close(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.CLOSED, now=self.work.now)
        content = {
            "text": UNREACHABLE,
            "feedback": "",
            "attempts": str(attempts.times),
            "ways": ",".join(attempts.ways),
            "reason": attempts.reason,
        }
        return await self.work.record(case, changed, EventKind.CLOSED, content)

    async def may_tell(self, signal_id: str, version: int) -> CaseFile:
        """The case, if its reporter can be told something between two steps. Raises NotAllowed, OutOfDate."""
        return await self.work.own(signal_id, version)

    async def tell(self, signal_id: str, version: int, told: Told) -> CaseFile:
        """Tell the reporter how it stands, by a message or in person: what was owed is paid.

        Of what has ended only that it was told in person: a message of before may not have arrived. Raises NotAllowed
        (not the owner), OutOfDate, TransitionNotAllowed.
        """
        case = await self.may_tell(signal_id, version)
        in_person = told.text == IN_PERSON
        if not case.is_open and not in_person:
            raise TransitionNotAllowed(case.signal.status, case.signal.status)
        content = {**told.content, "how": IN_PERSON if in_person else "push"}
        return await self.work.record(case, case.signal, EventKind.FED_BACK, content)

    async def send_again(self, signal_id: str) -> CaseFile:
        """Send the reporter what did not arrive. Raises NotAllowed."""
        work = self.work
        case = await work.case(signal_id)
        for failed in failed_messages(case, await work.uow.outbox.of_signal(signal_id)):
            await work.uow.outbox.resend(work.now, failed.id)
            await work.audit("notice_resent", case.signal, failed.kind)
        return case

    async def may_reopen(self, signal_id: str, version: int) -> CaseFile:
        """The case, if it can be reopened. Raises NotAllowed, OutOfDate, TransitionNotAllowed."""
        case = await self.work.case(signal_id)
        if case.signal.version != version:
            raise OutOfDate(case)
        case.signal.moved_to(SignalStatus.REOPENED, now=self.work.now)
        return case

    async def reopen(self, signal_id: str, version: int, raw_reason: str) -> CaseFile:
        """Put it back in the queue, with a reason; who may handle it hears so, and its reporter.

        Raises as `may_reopen`, and TextRefused.
        """
        work = self.work
        case = await self.may_reopen(signal_id, version)
        reason = accepted(raw_reason, most=MOST_REASON, required=True)
        reopened = replace(case.signal.moved_to(SignalStatus.REOPENED, now=work.now), owner=None)
        after = await work.record(case, reopened, EventKind.REOPENED, {"reason": reason})
        number = str(after.history[-1].number)
        for person in after.signal.listeners(work.knowledge.staff, await work.uow.desks.absent(work.now)):
            if person != work.actor.id:
                await work.tell(NoticeKind.SIGNAL_FOR_OFFICER, after.signal, person, event=number)
        return after

    async def withdraw(self, signal_id: str, version: int) -> CaseFile:
        """Agree to the reporter's wish to withdraw it. Raises NotAllowed (not the owner), OutOfDate (no wish)."""
        case = await self._wished(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.WITHDRAWN, now=self.work.now)
        return await self.work.record(case, changed, EventKind.WITHDRAWN)

    async def go_on(self, signal_id: str, version: int) -> CaseFile:
        """Go on with it against the reporter's wish. Raises NotAllowed (not the owner), OutOfDate (no wish)."""
        case = await self._wished(signal_id, version)
        return await self.work.record(case, replace(case.signal), EventKind.WITHDRAWAL_DECLINED)

    async def _wished(self, signal_id: str, version: int) -> CaseFile:
        case = await self.work.own(signal_id, version, also_follower=True)
        if not case.is_withdrawal_wished:
            raise OutOfDate(case)
        return case


def failed_messages(case: CaseFile, deliveries: Collection[Delivery]) -> tuple[Notice, ...]:
    """What the reporter should have got and did not, oldest first; not what was told in person since."""
    told_at = max((event.at for event in case.of_kind(EventKind.FED_BACK) if not event.is_pushed), default=None)
    return tuple(
        delivery.notice
        for delivery in deliveries
        if delivery.state is DeliveryState.FAILED
        and delivery.notice.recipient == case.signal.reporter
        and delivery.notice.kind in {NoticeKind.STATUS_FOR_REPORTER, NoticeKind.RECEIPT}
        and (told_at is None or delivery.notice.created_at > told_at)
    )
