"""What the reporter hears, and the end of a signal: closing it, and deciding on a wish to withdraw it."""

from dataclasses import dataclass, replace

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.use_cases.case_work import CaseWork, OutOfDate


class FeedbackMissing(Exception):
    """A signal cannot be closed without feedback for the reporter (policy annex 3, step 5)."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The acts of which the reporter hears by themselves."""

    work: CaseWork

    async def close(self, signal_id: str, version: int, feedback: str, line: str) -> CaseFile:
        """Close it with feedback: the key of a reviewed text, and a line of the officer's own.

        Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed, FeedbackMissing.
        """
        if f"feedback.closed.{feedback}" not in set(self.work.knowledge.texts):
            raise FeedbackMissing
        case = await self.work.own(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.CLOSED, now=self.work.now)
        return await self.work.record(case, changed, EventKind.CLOSED, {"text": feedback, "feedback": line})

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
        case = await self.work.own(signal_id, version)
        if not case.is_withdrawal_wished:
            raise OutOfDate(case)
        return case
