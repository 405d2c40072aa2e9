from datetime import UTC, datetime, timedelta

import pytest

from bot.retry import Decision, Delivered, GiveUp, TryAgain, decide
from bot.teams.errors import Ambiguous, DeliveryFailed, NotAuthorised, Permanent, Retryable, Unreachable
from dialogs.domain.notices import EDITS, Notice, NoticeKind
from dialogs.ports import Claimed

CREATED = datetime(2026, 11, 23, 9, tzinfo=UTC)
IMPORTANT = [
    NoticeKind.SIGNAL_FOR_OFFICER,
    NoticeKind.RECEIPT,
    NoticeKind.STATUS_FOR_REPORTER,
    NoticeKind.ADDITION,
    NoticeKind.WITHDRAWAL_WISH,
    NoticeKind.DRAFT_REMINDER,
    NoticeKind.DRAFT_EXPIRED,
    NoticeKind.NUDGE,
    NoticeKind.UNDELIVERED,
    NoticeKind.PARTNER_DOUBTED,
    NoticeKind.PARTNERS_DUE,
]


def claimed(kind: NoticeKind, *, attempts: int = 0, ambiguous: bool = False) -> Claimed:
    return Claimed(Notice("n1", kind, "officer", "s1", CREATED), attempts, ambiguous, CREATED)


def seconds(decision: Decision) -> float:
    assert isinstance(decision, TryAgain)
    return (decision.at - CREATED).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "failure", "jitter", "wait"),
    [
        # Did not arrive: 2 s doubled, 300 s at most, 20 % around it.
        (0, Retryable(), 0.5, 2),  # 2
        (0, Retryable(), 0.0, 1.6),  # 2 * 0.8
        (0, Retryable(), 1.0, 2.4),  # 2 * 1.2
        (1, Retryable(), 0.5, 4),  # 2 * 2
        (5, Retryable(), 0.5, 64),  # 2 * 32
        (7, Retryable(), 0.5, 256),  # 2 * 128
        (8, Retryable(), 0.5, 300),  # 2 * 256 = 512
        (5000, Retryable(), 0.5, 300),
        # Teams named a wait: the longer of the two, an hour at most.
        (0, Retryable(30.0), 0.5, 30),
        (0, Retryable(0.0), 0.5, 2),
        (7, Retryable(30.0), 0.5, 256),
        (0, Retryable(7_200.0), 0.5, 3_600),
        (0, Retryable(1e300), 0.5, 3_600),
        # May have arrived: 15 s doubled, an hour at most.
        (0, Ambiguous(), 0.5, 15),
        (0, Ambiguous(), 0.0, 12),  # 15 * 0.8
        (3, Ambiguous(), 0.5, 120),  # 15 * 8
        (7, Ambiguous(), 0.5, 1_920),  # 15 * 128
        (8, Ambiguous(), 0.5, 3_600),  # 15 * 256 = 3840
    ],
)
def test_the_wait_doubles_with_each_try(attempts: int, failure: DeliveryFailed, jitter: float, wait: float) -> None:
    decision = decide(claimed(NoticeKind.RECEIPT, attempts=attempts), failure, CREATED, jitter)

    assert seconds(decision) == pytest.approx(wait)  # pyright: ignore[reportUnknownMemberType] - pytest has it untyped


@pytest.mark.parametrize("kind", NoticeKind)
def test_what_arrived_is_done(kind: NoticeKind) -> None:
    assert decide(claimed(kind, attempts=3, ambiguous=True), None, CREATED, 0.5) == Delivered()


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("failure", [Permanent(status=400), Unreachable(status=403, code="X"), NotAuthorised()])
def test_what_teams_refuses_for_good_is_given_up_at_once(kind: NoticeKind, failure: DeliveryFailed) -> None:
    assert decide(claimed(kind), failure, CREATED, 0.5) == GiveUp(failure.reason)


@pytest.mark.parametrize(
    ("before", "failure", "after"),
    [(False, Retryable(), False), (False, Ambiguous(), True), (True, Retryable(), True), (True, Ambiguous(), True)],
)
def test_a_doubt_stays_until_there_is_a_definite_answer(before: bool, failure: DeliveryFailed, after: bool) -> None:
    decision = decide(claimed(NoticeKind.RECEIPT, ambiguous=before), failure, CREATED, 0.5)

    assert isinstance(decision, TryAgain)
    assert decision.ambiguous is after


def test_every_kind_is_a_message_that_must_arrive_or_an_edit() -> None:
    assert {*IMPORTANT, *EDITS} == set(NoticeKind)


@pytest.mark.parametrize("failure", [Retryable(status=503), Ambiguous(status=504)])
@pytest.mark.parametrize(
    ("kind", "age", "attempts", "given_up"),
    [
        # Created at 9:00; the wait of both failures is an hour at most.
        *[(kind, timedelta(hours=70), 50, False) for kind in IMPORTANT],  # 70 h + 1 h < 3 days
        *[(kind, timedelta(hours=72), 50, True) for kind in IMPORTANT],
        *[(kind, timedelta(days=30), 3, False) for kind in IMPORTANT],  # the bot was down: 4 tries < 5
        *[(kind, timedelta(days=30), 4, True) for kind in IMPORTANT],  # 5 tries
        *[(kind, timedelta(minutes=50), 4, False) for kind in EDITS],  # 50 min + 240 s < 1 h
        *[(kind, timedelta(minutes=60), 4, True) for kind in EDITS],
        *[(kind, timedelta(minutes=60), 3, False) for kind in EDITS],
    ],
)
def test_a_notice_that_stays_undelivered_becomes_a_dead_letter(
    kind: NoticeKind, age: timedelta, attempts: int, given_up: bool, failure: DeliveryFailed
) -> None:
    decision = decide(claimed(kind, attempts=attempts), failure, CREATED + age, 0.5)

    assert isinstance(decision, GiveUp) is given_up


def test_a_dead_letter_says_why() -> None:
    decision = decide(claimed(NoticeKind.RECEIPT, attempts=99), Ambiguous(status=504), CREATED + timedelta(days=4), 0.5)

    assert decision == GiveUp("504")
