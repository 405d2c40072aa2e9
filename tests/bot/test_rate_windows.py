from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.governor import TEAMS_CONVERSATION
from bot.rate_windows import Limit, Windows

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def in_seconds(most: int, seconds: float) -> Limit:
    return Limit(most, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("limits", "sent", "now", "share", "wait"),
    [
        ([in_seconds(2, 1)], [], 0, 1.0, 0),
        ([in_seconds(2, 1)], [0], 0, 1.0, 0),
        ([in_seconds(2, 1)], [0, 0], 0, 1.0, 1),
        ([in_seconds(2, 1)], [0, 0.7], 0.75, 1.0, 0.25),  # the first is over at 1
        ([in_seconds(2, 1)], [0, 0.7], 1, 1.0, 0),
        ([in_seconds(2, 1)], [0, 0.7, 1], 1.25, 1.0, 0.45),  # 0.7 is over at 1.7
        # The strictest of several.
        ([in_seconds(2, 1), in_seconds(3, 10)], [0, 3, 4], 6, 1.0, 4),  # 0 is over at 10
        ([in_seconds(2, 1), in_seconds(3, 10)], [0, 5.5, 5.7], 6, 1.0, 4),
        ([in_seconds(2, 1), in_seconds(3, 10)], [0, 9.5, 9.7], 9.9, 1.0, 0.6),  # 9.5 is over at 10.5
        # A part of a limit; one is always let through.
        ([in_seconds(8, 2)], [0, 0, 0], 0, 0.5, 0),
        ([in_seconds(8, 2)], [0, 0, 0, 0], 0.5, 0.5, 1.5),
        ([in_seconds(7, 2)], [0, 0, 0], 0.5, 0.5, 1.5),  # 3.5 is 3
        ([in_seconds(1, 2)], [], 0, 0.5, 0),
        ([in_seconds(1, 2)], [0], 0, 0.5, 2),
        ([], [0, 0, 0], 0, 1.0, 0),
    ],
)
def test_the_next_one_waits_until_the_oldest_that_counts_is_over(
    limits: list[Limit], sent: list[float], now: float, share: float, wait: float
) -> None:
    windows = Windows(limits)
    for each in sent:
        windows.add(at(each))

    assert windows.wait(at(now), share) == timedelta(seconds=wait)


def test_what_was_sent_elsewhere_counts_in_its_place() -> None:
    windows = Windows([in_seconds(3, 10)])
    windows.add(at(5))
    windows.recall([at(6), at(1)])

    assert windows.wait(at(7)) == timedelta(seconds=4)  # 1 is over at 11


def test_a_clock_that_is_set_back_holds_nobody_up_for_longer_than_the_window() -> None:
    windows = Windows([in_seconds(2, 2)])
    for each in (0, 3600, 3601):
        windows.add(at(each))

    assert windows.wait(at(1)) == timedelta(seconds=2)
    assert windows.wait(at(2)) == timedelta(seconds=1)
    assert windows.wait(at(3)) == timedelta(0)


def test_windows_are_idle_when_the_last_one_is_over_in_the_longest() -> None:
    windows = Windows([in_seconds(2, 1), in_seconds(3, 10)])
    assert windows.is_idle(at(0))
    windows.add(at(0))
    assert not windows.is_idle(at(9))
    assert windows.is_idle(at(10))


_PAUSES = st.lists(st.one_of(st.just(0.0), st.floats(0, 3), st.floats(0, 4000)), min_size=1, max_size=200)
_SHARES = st.sampled_from([0.1, 0.5, 0.85, 1.0])


@given(_PAUSES, st.data())
def test_never_is_more_sent_than_a_limit_allows_whenever_people_ask(pauses: list[float], data: st.DataObject) -> None:
    windows = Windows(TEAMS_CONVERSATION)
    now, sent = START, list[datetime]()
    for pause in pauses:
        now += timedelta(seconds=pause)
        if wait := windows.wait(now, data.draw(_SHARES)):
            assert wait > timedelta(0)
            now += wait
        # Waiting as long as was told is enough for whoever may fill the whole of it.
        assert windows.wait(now) == timedelta(0)
        windows.add(now)
        sent.append(now)

    assert_within_limits(sent)


@given(st.integers(1, 400), st.lists(st.floats(0, 3600), max_size=200))
def test_a_backlog_leaves_as_fast_as_the_limits_allow_and_no_faster(count: int, before: list[float]) -> None:
    windows = Windows(TEAMS_CONVERSATION)
    # What another replica sent kept to the limits as well.
    earlier = Windows(TEAMS_CONVERSATION)
    recalled = list[datetime]()
    for each in sorted(before):
        moment = max(at(each - 3600), recalled[-1] if recalled else START - timedelta(hours=1))
        moment += earlier.wait(moment)
        earlier.add(moment)
        recalled.append(moment)
    windows.recall(recalled)

    now, sent = max(START, *recalled, START), recalled
    for _ in range(count):
        now += windows.wait(now)
        windows.add(now)
        sent.append(now)

    assert_within_limits(sent)
    if not before:
        # 60 in each half minute, until 1,800 in the hour are reached.
        assert now - START <= timedelta(seconds=30 * (count // 60) + 15)


def assert_within_limits(sent: list[datetime]) -> None:
    assert all(earlier <= later for earlier, later in pairwise(sent))
    for limit in TEAMS_CONVERSATION:
        for first, one_too_many in zip(sent, sent[limit.most :], strict=False):
            assert one_too_many - first >= limit.within
