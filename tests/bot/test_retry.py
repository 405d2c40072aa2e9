from datetime import UTC, datetime, timedelta

import pytest

from bot.retry import Decision, Delivered, GiveUp, LetGo, PutOff, TryAgain, before_sending, decide
from bot.teams.errors import Ambiguous, DeliveryFailed, HeldBack, Operation, Retryable, broken, classify
from dialogs.domain.notices import EDITS, IMPORTANCE, Importance, Lane, Notice, NoticeKind
from dialogs.ports import Claimed

CREATED = datetime(2026, 11, 23, 9, tzinfo=UTC)
MUST_ARRIVE = [kind for kind in NoticeKind if IMPORTANCE[kind] is Importance.MUST_ARRIVE]
SMALL = [kind for kind in NoticeKind if IMPORTANCE[kind] is Importance.SMALL]
SMALL_MESSAGES = [kind for kind in SMALL if kind not in EDITS]


def claimed(
    kind: NoticeKind,
    *,
    attempts: int = 0,
    ambiguous: bool = False,
    lane: Lane = Lane.ORDINARY,
    since: datetime = CREATED,
) -> Claimed:
    return Claimed(Notice("n1", kind, "officer", "s1", CREATED, lane=lane), attempts, ambiguous, since)


def seconds(decision: Decision) -> float:
    assert isinstance(decision, TryAgain)
    return (decision.at - CREATED).total_seconds()


#: What can come of a try: the answer of Teams by what it means, as `bot.teams.errors` reads it.
DID_NOT_ARRIVE = [
    classify(Operation.SEND, 429, 1.0),
    classify(Operation.SEND, 429),
    classify(Operation.SEND, 412),
    classify(Operation.SEND, 503, 1.0),
    Retryable(code="ClientConnectorError"),
    *[classify(Operation.EDIT, status) for status in (408, 500, 502, 503, 504)],
    broken(Operation.EDIT, code="ServerDisconnectedError"),
    classify(Operation.OPEN, 504),
]
MAY_HAVE_ARRIVED = [
    *[classify(Operation.SEND, status) for status in (408, 500, 502, 503, 504)],
    broken(Operation.SEND, code="TimeoutError"),
    broken(Operation.SEND, code="ServerDisconnectedError"),
]
REFUSED = [classify(Operation.SEND, status) for status in (301, 400, 401, 405, 409, 413, 415, 422)]
UNREACHABLE = [classify(Operation.SEND, 403, code="MessageWritesBlocked"), classify(Operation.SEND, 404)]


def named(failure: object) -> str:
    return failure.reason if isinstance(failure, DeliveryFailed) else str(failure)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_is_said_to_be_one_that_must_arrive_or_a_small_one(kind: NoticeKind) -> None:
    assert kind in IMPORTANCE, f"say in dialogs/domain/notices.py whether {kind} must arrive or is small"


def test_edits_are_small() -> None:
    assert set(SMALL) >= EDITS


@pytest.mark.parametrize("failure", DID_NOT_ARRIVE, ids=named)
@pytest.mark.parametrize("kind", NoticeKind)
def test_what_did_not_arrive_is_sent_again(kind: NoticeKind, failure: DeliveryFailed) -> None:
    decision = decide(claimed(kind), failure, CREATED, 0.5)

    assert decision == TryAgain(CREATED + timedelta(seconds=2), failure.reason, ambiguous=False)


@pytest.mark.parametrize("failure", MAY_HAVE_ARRIVED, ids=named)
@pytest.mark.parametrize("kind", MUST_ARRIVE)
def test_what_must_arrive_is_sent_again_when_it_may_have_arrived(kind: NoticeKind, failure: DeliveryFailed) -> None:
    decision = decide(claimed(kind), failure, CREATED, 0.5)

    assert decision == TryAgain(CREATED + timedelta(seconds=15), failure.reason, ambiguous=True)


@pytest.mark.parametrize("failure", MAY_HAVE_ARRIVED, ids=named)
@pytest.mark.parametrize("kind", SMALL_MESSAGES)
def test_a_small_message_is_let_go_when_it_may_have_arrived(kind: NoticeKind, failure: DeliveryFailed) -> None:
    assert decide(claimed(kind), failure, CREATED, 0.5) == LetGo(failure.reason)


@pytest.mark.parametrize("kind", sorted(EDITS))
def test_an_edit_that_was_cut_off_is_made_again(kind: NoticeKind) -> None:
    decision = decide(claimed(kind), Ambiguous(code="TimeoutError"), CREATED, 0.5)

    assert seconds(decision) == 2


@pytest.mark.parametrize(
    ("kind", "in_doubt", "tried"),
    [
        *[(kind, True, True) for kind in MUST_ARRIVE],
        *[(kind, True, True) for kind in sorted(EDITS)],
        *[(kind, True, False) for kind in SMALL_MESSAGES],
        *[(kind, False, True) for kind in NoticeKind],
    ],
)
def test_after_a_crash_in_the_middle_only_a_small_message_is_not_tried_again(
    kind: NoticeKind, in_doubt: bool, tried: bool
) -> None:
    decision = before_sending(claimed(kind, attempts=1, ambiguous=in_doubt))

    assert decision == (None if tried else LetGo("worker_gone"))


@pytest.mark.parametrize("failure", [*REFUSED, *UNREACHABLE], ids=named)
@pytest.mark.parametrize("kind", MUST_ARRIVE)
def test_what_teams_refuses_is_a_dead_letter_at_once(kind: NoticeKind, failure: DeliveryFailed) -> None:
    decision = decide(claimed(kind), failure, CREATED, 0.5)

    assert decision == GiveUp(failure.reason, unreachable=failure in UNREACHABLE)


@pytest.mark.parametrize("failure", [*REFUSED, *UNREACHABLE], ids=named)
@pytest.mark.parametrize("kind", SMALL)
def test_a_small_one_that_teams_refuses_is_let_go(kind: NoticeKind, failure: DeliveryFailed) -> None:
    assert decide(claimed(kind), failure, CREATED, 0.5) == LetGo(failure.reason)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("attempts", [0, 99])
def test_what_is_too_much_at_once_is_put_off_however_often(kind: NoticeKind, attempts: int) -> None:
    now = CREATED + timedelta(days=30)
    decision = decide(claimed(kind, attempts=attempts), HeldBack(0.25), now, 0.5)

    assert decision == PutOff(now + timedelta(seconds=0.25))


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


@pytest.mark.parametrize(
    ("attempts", "failure", "wait"),
    [
        (0, Retryable(), 2),
        (4, Retryable(), 32),
        (5, Retryable(), 60),
        (2, Ambiguous(), 60),
        (9, Ambiguous(), 60),
        (0, Retryable(30.0), 30),
        (0, Retryable(1e9), 60),
    ],
)
def test_an_alarm_and_the_one_behind_it_wait_a_minute_at_most(
    attempts: int, failure: DeliveryFailed, wait: float
) -> None:
    alarm = claimed(NoticeKind.SIGNAL_FOR_OFFICER, attempts=attempts, lane=Lane.ALARM)

    assert seconds(decide(alarm, failure, CREATED, 0.5)) == wait


@pytest.mark.parametrize("kind", NoticeKind)
def test_what_arrived_is_done(kind: NoticeKind) -> None:
    assert decide(claimed(kind, attempts=3, ambiguous=True), None, CREATED, 0.5) == Delivered()


@pytest.mark.parametrize(
    ("kind", "age", "attempts", "ends"),
    [
        # Created at 9:00; after so many tries the wait is 300 s.
        *[(kind, timedelta(hours=71), 50, None) for kind in MUST_ARRIVE],
        *[(kind, timedelta(hours=72), 50, GiveUp("503")) for kind in MUST_ARRIVE],
        *[(kind, timedelta(days=30), 3, None) for kind in MUST_ARRIVE],  # the bot was down: 4 tries < 5
        *[(kind, timedelta(days=30), 4, GiveUp("503")) for kind in MUST_ARRIVE],  # 5 tries
        *[(kind, timedelta(minutes=59), 4, None) for kind in SMALL],  # 59 min + 32 s < 1 h
        *[(kind, timedelta(minutes=60), 4, LetGo("503")) for kind in SMALL],
        *[(kind, timedelta(minutes=60), 3, None) for kind in SMALL],
    ],
)
def test_patience_with_a_notice_that_does_not_arrive_ends(
    kind: NoticeKind, age: timedelta, attempts: int, ends: Decision | None
) -> None:
    decision = decide(claimed(kind, attempts=attempts), Retryable(status=503), CREATED + age, 0.5)

    assert decision == ends if ends else isinstance(decision, TryAgain)


def test_patience_with_one_in_doubt_ends_as_well() -> None:
    now = CREATED + timedelta(hours=71, minutes=30)  # an hour's wait does not fit any more
    decision = decide(claimed(NoticeKind.RECEIPT, attempts=9), Ambiguous(status=504), now, 0.5)

    assert decision == GiveUp("504")


def test_patience_with_a_dead_letter_that_was_put_back_begins_anew() -> None:
    again = claimed(NoticeKind.RECEIPT, attempts=9, since=CREATED + timedelta(days=30))

    assert isinstance(decide(again, Retryable(), CREATED + timedelta(days=31), 0.5), TryAgain)
