"""The life of a signal: every status and every allowed change, in one table."""

from enum import StrEnum
from types import MappingProxyType


class SignalStatus(StrEnum):
    """Where a signal is. Stored; never renamed."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    WAITING_FOR_REPORTER = "waiting_for_reporter"
    CONSULTING = "consulting"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


S = SignalStatus

#: Policy annex 3, steps 2 to 5: taken up, enriched, consulted or handed over, fed back and closed. A signal never
#: leaves `received` by itself: "ieder signaal moet besproken worden en mag niet blijven liggen" (step 3).
#: `withdrawn` is a wish of the reporter on which the focal officer decides, so nobody reaches it alone.
ALLOWED_TRANSITIONS = MappingProxyType(
    {
        S.RECEIVED: frozenset({S.TAKEN_UP}),
        S.TAKEN_UP: frozenset({S.WAITING_FOR_REPORTER, S.CONSULTING, S.HANDED_OVER, S.CLOSED, S.WITHDRAWN}),
        S.WAITING_FOR_REPORTER: frozenset({S.TAKEN_UP, S.CONSULTING, S.HANDED_OVER, S.CLOSED, S.WITHDRAWN}),
        S.CONSULTING: frozenset({S.TAKEN_UP, S.WAITING_FOR_REPORTER, S.HANDED_OVER, S.CLOSED, S.WITHDRAWN}),
        S.HANDED_OVER: frozenset(
            {S.TAKEN_UP, S.WAITING_FOR_REPORTER, S.CONSULTING, S.HANDED_OVER, S.CLOSED, S.WITHDRAWN}
        ),
        S.CLOSED: frozenset({S.REOPENED}),
        S.REOPENED: frozenset({S.TAKEN_UP}),
        S.WITHDRAWN: frozenset({S.REOPENED}),
    }
)

#: What still needs somebody: everything but the two ends.
OPEN = frozenset(SignalStatus) - {S.CLOSED, S.WITHDRAWN}

#: What nobody has taken up yet.
UNCLAIMED = frozenset({S.RECEIVED, S.REOPENED})


class TransitionNotAllowed(Exception):
    """A signal cannot go from its status to the one that was asked."""

    def __init__(self, current: SignalStatus, wanted: SignalStatus) -> None:
        super().__init__(f"{current} cannot become {wanted}")
        self.current = current
        self.wanted = wanted


def check_transition(current: SignalStatus, wanted: SignalStatus) -> None:
    """Raise TransitionNotAllowed unless the table has this change."""
    if wanted not in ALLOWED_TRANSITIONS[current]:
        raise TransitionNotAllowed(current, wanted)
