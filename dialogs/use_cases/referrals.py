"""Partners: handing a signal over to them."""

from dataclasses import dataclass

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.use_cases.case_work import CaseWork


@dataclass(frozen=True, slots=True)
class Referrals:
    """The acts in which a partner takes part."""

    work: CaseWork

    async def hand_over(self, signal_id: str, version: int, partner: str, note: str, line: str) -> CaseFile:
        """Record that a partner has it now, what was agreed (`note`, for officers) and a line for the reporter.

        Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed, KeyError (no such partner).
        """
        self.work.knowledge.directory[partner]
        case = await self.work.own(signal_id, version)
        changed = case.signal.moved_to(SignalStatus.HANDED_OVER, now=self.work.now)
        content = {"partner": partner, "note": note, "feedback": line}
        return await self.work.record(case, changed, EventKind.HANDED_OVER, content)
