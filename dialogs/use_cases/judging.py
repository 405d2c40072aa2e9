"""The officer's own judgement beside the bot's, the route that follows from it, and the steps that were done."""

from dataclasses import dataclass, replace

from dialogs.domain.assessment import Outcome, route_of
from dialogs.domain.case_file import CaseFile
from dialogs.domain.criteria import Form
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import accepted
from dialogs.domain.routing import RouteToken, in_order
from dialogs.intake.flow import minor_in
from dialogs.use_cases.case_work import CaseWork

#: In characters.
MOST_REASON = 500
#: That police or ZoCo told CoMensha is only recorded; Meldroute sends it nothing (domain.md 4).
COMENSHA = "COMENSHA"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an officer filled in."""

    outcome: str
    form: str
    reason: str
    #: Add the RIEC to the route.
    riec: bool = False


class JudgementIncomplete(Exception):
    """A judgement needs an outcome and a reason."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The acts by which an officer decides what it is and what is to be done (policy annex 3, step 3)."""

    work: CaseWork

    async def judge(self, signal_id: str, version: int, opinion: Opinion) -> CaseFile:
        """Judge it: pure, still vague, or something else; the checklist follows. The bot's assessment stays beside it.

        Raises NotAllowed (not the owner), OutOfDate, Follows, TextRefused, JudgementIncomplete.
        """
        reason = accepted(opinion.reason, most=MOST_REASON)
        if opinion.outcome not in set(Outcome) or opinion.form not in {"", *Form} or not reason:
            raise JudgementIncomplete
        case = await self.work.own(signal_id, version)
        riec = "yes" if opinion.riec else "no"
        content = {"outcome": opinion.outcome, "form": opinion.form, "reason": reason, "riec": riec}
        why = " ".join((opinion.outcome, opinion.form)).strip()
        return await self.work.record(case, replace(case.signal), EventKind.JUDGED, content, why=why)

    async def tick(self, signal_id: str, token: str, *, done: bool) -> CaseFile:
        """Say that a step of the checklist was done, or was not; the buddy may too.

        The same tick again is the same one. Raises NotAllowed, Follows, KeyError (no such step on this route).
        """
        case = await self.work.case(signal_id)
        if token not in {*route_of_case(case), COMENSHA}:
            raise KeyError(token)
        said = "yes" if done else "no"
        if token in case.ticks and case.ticks[token].content["done"] == said:
            return case
        return await self.work.add(case, EventKind.TICKED, {"token": token, "done": said}, why=token)


def route_of_case(case: CaseFile) -> tuple[RouteToken, ...]:
    """The route by the officer's judgement, and where there is none by the bot's assessment."""
    assessment, judgement = case.signal.assessment, case.judgement
    if judgement is None:
        return assessment.route
    forms = (judgement.form,) if judgement.form else ()
    keys = {counted.criterion for counted in assessment.counted}
    route = route_of(judgement.outcome, forms, keys, minor=minor_in(case.signal.answers))
    return in_order({*route, RouteToken.RIEC}) if judgement.riec else route


def form_of_case(case: CaseFile) -> Form | None:
    """The form that decides the route."""
    if case.judgement is not None:
        return case.judgement.form
    return next(iter(case.signal.assessment.forms), None)
