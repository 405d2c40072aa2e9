"""Weighing a stored signal again: because its reporter confirmed more, or to see what other criteria would change.

Other criteria change nothing by themselves: what an officer has read and acted on stays as it was weighed then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogs.domain.assessment import Assessment, Outcome
from dialogs.domain.criteria import Criteria, Form
from dialogs.domain.routing import RouteToken
from dialogs.domain.signals import Signal
from dialogs.intake.flow import weigh
from dialogs.intake.questions import YES


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an assessment decided, and by which version of the criteria. No content."""

    outcome: Outcome
    forms: tuple[Form, ...]
    route: tuple[RouteToken, ...]
    criteria_version: str

    @classmethod
    def of(cls, assessment: Assessment) -> "Weighed":
        """The decision of this assessment."""
        return cls(assessment.outcome, assessment.forms, assessment.route, assessment.criteria_version)

    @property
    def decision(self) -> tuple[Outcome, tuple[Form, ...], tuple[RouteToken, ...]]:
        """What somebody would act on."""
        return self.outcome, self.forms, self.route


@dataclass(frozen=True, slots=True)
class Change:
    """A signal that these criteria weigh otherwise."""

    reference: str
    before: Weighed
    after: Weighed


def changes(signals: Sequence[Signal], criteria: Criteria) -> tuple[Change, ...]:
    """The signals whose outcome, forms or route these criteria would change, in the same order."""
    weighed = (
        Change(signal.reference, Weighed.of(signal.assessment), Weighed.of(weigh(criteria, signal.answers)))
        for signal in signals
    )
    return tuple(change for change in weighed if change.before.decision != change.after.decision)


def with_confirmed(signal: Signal, confirmed: Sequence[str], criteria: Criteria, *, in_danger: bool) -> Signal:
    """The signal with these criteria ticked as well, and danger now if that was said, weighed with it."""
    answers = dict(signal.answers)
    if confirmed:
        ticked = answers.get("signs", ())
        answers["signs"] = (*((ticked,) if isinstance(ticked, str) else ticked), *confirmed)
    if in_danger:
        answers["danger_check"] = YES
    return replace(signal, answers=answers, assessment=weigh(criteria, answers))
