"""Every status against every other: what may follow what is written down here a second time, as a person reads it."""

import pytest

from dialogs.domain.lifecycle import ALLOWED_TRANSITIONS, OPEN, SignalStatus, TransitionNotAllowed
from tests.storage.factories import NOW, a_signal

#: A row is where a signal is, a column where it may go, in the order of the rows.
TABLE = """
                      rec tak wai con han clo reo wit
received               -   x   -   -   -   -   -   -
taken_up               -   -   x   x   x   x   -   x
waiting_for_reporter   -   x   -   x   x   x   -   x
consulting             -   x   x   -   x   x   -   x
handed_over            -   x   x   x   x   x   -   x
closed                 -   -   -   -   -   -   x   -
reopened               -   x   -   -   -   -   -   -
withdrawn              -   -   -   -   -   -   x   -
"""


def pairs() -> list[tuple[SignalStatus, SignalStatus, bool]]:
    """(where it is, where it goes, whether it may): all 64."""
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    columns = [SignalStatus(name) for name, *_ in rows]
    return [
        (SignalStatus(name), wanted, mark == "x")
        for name, *marks in rows
        for wanted, mark in zip(columns, marks, strict=True)
    ]


ids = [f"{current}-{wanted}" for current, wanted, _ in pairs()]


def test_the_table_is_about_every_pair() -> None:
    assert {(current, wanted) for current, wanted, _ in pairs()} == {
        (current, wanted) for current in SignalStatus for wanted in SignalStatus
    }


@pytest.mark.parametrize(("current", "wanted", "allowed"), pairs(), ids=ids)
def test_a_signal_goes_from_one_status_to_another_as_the_table_says(
    current: SignalStatus, wanted: SignalStatus, allowed: bool
) -> None:
    signal = a_signal(status=current)

    if allowed:
        assert signal.moved_to(wanted, now=NOW).status is wanted
    else:
        with pytest.raises(TransitionNotAllowed):
            signal.moved_to(wanted, now=NOW)


def test_from_every_status_a_way_leads_on_and_every_open_one_comes_to_an_end() -> None:
    assert all(ALLOWED_TRANSITIONS[status] for status in SignalStatus)
    for status in OPEN:
        reached = {status}
        while more := {after for each in reached for after in ALLOWED_TRANSITIONS[each]} - reached:
            reached |= more
        assert SignalStatus.CLOSED in reached
