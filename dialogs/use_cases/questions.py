"""Questions to the reporter: one at a time about a signal, and nothing hangs on an answer that does not come."""

from dataclasses import dataclass, replace

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import accepted
from dialogs.domain.lifecycle import SignalStatus
from dialogs.use_cases.case_work import CaseWork, OutOfDate

#: How long a question may be, in characters.
MOST_QUESTION = 500


class QuestionOpen(Exception):
    """The reporter has not answered the question before; `case` is as it is."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


class AskedOneself(Exception):
    """Who asks entered the signal on behalf of somebody: there is nobody to ask but that person."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


@dataclass(frozen=True, slots=True)
class Questions:
    """The acts of an officer who wants to know more."""

    work: CaseWork

    async def may_ask(self, signal_id: str, version: int) -> CaseFile:
        """The case, if a question can be asked about it now.

        Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed, QuestionOpen, AskedOneself.
        """
        case = await self.work.own(signal_id, version)
        if case.question is not None:
            raise QuestionOpen(case)
        case.signal.moved_to(SignalStatus.WAITING_FOR_REPORTER, now=self.work.now)
        if case.signal.reporter == self.work.actor.id:
            raise AskedOneself(case)
        return case

    async def ask(self, signal_id: str, version: int, raw: str) -> CaseFile:
        """Ask the reporter, who gets a message without the question in it. Raises as `may_ask`, and TextRefused."""
        case = await self.may_ask(signal_id, version)
        question = accepted(raw, most=MOST_QUESTION, required=True)
        changed = case.signal.moved_to(SignalStatus.WAITING_FOR_REPORTER, now=self.work.now)
        return await self.work.record(case, changed, EventKind.ASKED, {"question": question})

    async def take_back(self, signal_id: str, version: int) -> CaseFile:
        """The question need not be answered any more. Raises NotAllowed (not the owner), OutOfDate (none is open)."""
        case = await self.work.own(signal_id, version)
        if case.question is None:
            raise OutOfDate(case)
        return await end_question(self.work, case)


async def end_question(work: CaseWork, case: CaseFile) -> CaseFile:
    """End the open question, by an officer or because time passed: the signal goes on where it was; nothing if none is.

    Raises OutOfDate if somebody else changed the signal first.
    """
    if (question := case.question) is None:
        return case
    changed = replace(case.signal, status=status_without_question(case))
    return await work.record(case, changed, EventKind.QUESTION_ENDED, {"asked": str(question.number)})


def status_without_question(case: CaseFile) -> SignalStatus:
    """Where the signal is once the question is answered or ended: where it was before it was asked.

    What was consulted or handed over meanwhile stays so: then the question was not all that was waited for.
    """
    status, question = case.signal.status, case.question
    if question is None or status is not SignalStatus.WAITING_FOR_REPORTER:
        return status
    before = [event.status for event in case.history if event.number < question.number]
    return before[-1] if before else SignalStatus.TAKEN_UP
