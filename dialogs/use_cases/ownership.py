"""Who has a signal: taking it up, as the first."""

from dataclasses import dataclass, replace

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.use_cases.case_work import CaseWork, OutOfDate


class AlreadyTakenUp(Exception):
    """Somebody else was first; `case` is as it is now."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


@dataclass(frozen=True, slots=True)
class Ownership:
    """The acts by which a signal gets an owner, or another one."""

    work: CaseWork

    async def take_up(self, signal_id: str) -> CaseFile:
        """Become its owner, as the first; the reporter hears it. Raises NotAllowed, AlreadyTakenUp."""
        work = self.work
        case = await work.case(signal_id)
        if not case.is_unclaimed:
            if case.signal.owner == work.actor.id:
                return case
            raise AlreadyTakenUp(case)
        taken = replace(case.signal.moved_to(SignalStatus.TAKEN_UP, now=work.now), owner=work.actor.id)
        try:
            return await work.record(case, taken, EventKind.TAKEN_UP)
        except OutOfDate as late:
            raise AlreadyTakenUp(late.case) from late
