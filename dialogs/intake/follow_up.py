"""What is still worth asking after the ticks: computed from the criteria by trying what each answer would change.

Recognition misses much of what a person implies, and nobody reads seventy boxes. So every criterion that is still open
is tried: a "yes" that would change the outcome, the first form or the route makes it worth asking, the others are left.
The questions follow from the criteria file, and their answers are stored by criterion: a draft in flight survives a
deploy that changes the criteria.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogs.domain.assessment import Verdict, verdict
from dialogs.domain.criteria import Age, Criteria, Criterion, Form
from dialogs.domain.signals import Answers
from dialogs.intake.questions import FOLLOW_UP, NO, UNKNOWN, YES, YES_NO_UNKNOWN, Kind, Page, Question

#: With the question for the age these are the six that design section 4 and the intake of two minutes allow.
MOST = 5
#: What all that is asked about single criteria is called together.
NAME = "Nagevraagd"
#: The two lists on the card, of what is right and of what is surely not; ticked in neither is not known.
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when it is decided what to ask."""

    confirmed: frozenset[str]
    #: Criteria that were put to the reporter, whatever the answer: read in the text, or asked.
    settled: frozenset[str]
    minor: bool | None
    #: The reporter says that the person has to work, pay or act for another: at least vague.
    purpose: bool


def question_for(key: str, sentence: str) -> Question:
    """The question whether a criterion is right; `key` is the criterion's."""
    return Question(
        key=FOLLOW_UP + key,
        page=Page.FOLLOW_UP,
        text=sentence,
        name=NAME,
        kind=Kind.CHOICE,
        choices=YES_NO_UNKNOWN,
        default=UNKNOWN,
    )


def ticked(inputs: Mapping[str, str]) -> dict[str, str]:
    """What was ticked in the two lists, as an answer to each question; what is in both is right."""
    lists = ((WRONG, NO), (RIGHT, YES))
    return {key: answer for name, answer in lists for key in inputs.get(name, "").split(",") if key}


def answered(answers: Answers) -> tuple[str, ...]:
    """The criteria that were asked, also those that left the file since."""
    return tuple(key.removeprefix(FOLLOW_UP) for key in answers if key.startswith(FOLLOW_UP))


def said_yes(answers: Answers) -> tuple[str, ...]:
    """The criteria that were asked and are right. A "no" is remembered and takes nothing away from what was ticked."""
    return tuple(key for key in answered(answers) if answers[FOLLOW_UP + key] == YES)


@lru_cache(maxsize=512)
def worth_asking(criteria: Criteria, known: Known) -> tuple[str, ...]:
    """The criteria whose "yes" would change outcome, form or route: at most `MOST`, by theme, most telling first.

    Most telling: it raises the outcome; then it fits the forms that what is confirmed points to (where nothing is
    confirmed: it fits most forms); then it is about the same theme; then its weight. Remembered, as a draft
    asks for the same a few times a turn.
    """
    chosen = [criteria[key] for key in known.confirmed]
    now = verdict(chosen, minor=known.minor, ticks_skipped=known.purpose or not known.confirmed)
    telling = sorted(
        ((_tells(chosen, criterion, known, now), criterion) for criterion in _open(criteria, known)),
        key=lambda scored: scored[0],
        reverse=True,
    )
    best = [criterion for score, criterion in telling if score != _NOTHING][:MOST]
    themes = list(dict.fromkeys(criterion.theme for criterion in best))
    return tuple(criterion.key for criterion in sorted(best, key=lambda criterion: themes.index(criterion.theme)))


_Score = tuple[bool, float, bool, int]
_NOTHING: _Score = (False, 0.0, False, 0)


def _open(criteria: Criteria, known: Known) -> Iterable[Criterion]:
    beside_the_point = Age.CHILD if known.minor is False else None
    closed = known.confirmed | known.settled
    return (each for each in criteria if each.key not in closed and each.age is not beside_the_point)


def _tells(chosen: Sequence[Criterion], criterion: Criterion, known: Known, now: Verdict) -> _Score:
    """How much a "yes" would tell; `_NOTHING` if it changes nothing that somebody would act on."""
    then = verdict([*chosen, criterion], minor=known.minor, ticks_skipped=known.purpose)
    raises = then.outcome.rank > now.outcome.rank
    if not raises and (then.forms[:1], then.route) == (now.forms[:1], now.route):
        return _NOTHING
    same_theme = any(each.theme == criterion.theme for each in chosen)
    return raises, _fit(chosen, criterion, known), same_theme, criterion.strength_for(minor=known.minor).points


def _fit(chosen: Sequence[Criterion], criterion: Criterion, known: Known) -> float:
    """The share of what is confirmed that points to a form of this criterion, the best one; 0 to 1."""
    if not chosen:
        return len(criterion.forms) / len(Form)
    weights = {each.key: each.strength_for(minor=known.minor).points for each in chosen}
    return max(sum(weights[each.key] for each in chosen if form in each.forms) for form in criterion.forms) / sum(
        weights.values()
    )
