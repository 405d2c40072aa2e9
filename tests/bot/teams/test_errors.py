import pytest

from bot.teams.errors import (
    Ambiguous,
    DeliveryFailed,
    NotAuthorised,
    Operation,
    Permanent,
    Retryable,
    Unreachable,
    broken,
    classify,
    error_code,
    seconds_to_wait,
)

SEND, EDIT, OPEN = Operation.SEND, Operation.EDIT, Operation.OPEN


@pytest.mark.parametrize(
    ("status", "retry_after", "code", "send", "edit", "open_"),
    [
        # What a status means for a new message, for an edit, and for opening a conversation.
        (302, None, "", Permanent, Permanent, Permanent),
        (400, None, "BadArgument", Permanent, Permanent, Permanent),
        (401, None, "BotNotRegistered", NotAuthorised, NotAuthorised, NotAuthorised),
        (403, None, "BotDisabledByAdmin", Unreachable, Unreachable, Unreachable),
        (403, None, "BotNotInConversationRoster", Unreachable, Unreachable, Unreachable),
        (403, None, "ConversationBlockedByUser", Unreachable, Unreachable, Unreachable),
        (403, None, "ForbiddenOperationException", Unreachable, Unreachable, Unreachable),
        (403, None, "MessageWritesBlocked", Unreachable, Unreachable, Unreachable),
        (403, None, "", Unreachable, Permanent, Unreachable),  # subCode is sometimes absent
        (403, None, "InvalidBotApiHost", Permanent, Permanent, Permanent),
        (404, None, "ConversationNotFound", Unreachable, Unreachable, Unreachable),
        (404, None, "ActivityNotFoundInConversation", Permanent, Permanent, Permanent),
        (404, None, "", Unreachable, Permanent, Unreachable),
        (405, None, "", Permanent, Permanent, Permanent),
        (408, None, "", Ambiguous, Retryable, Retryable),
        (412, None, "", Retryable, Retryable, Retryable),
        (413, None, "MessageSizeTooBig", Permanent, Permanent, Permanent),
        (429, None, "", Retryable, Retryable, Retryable),
        (429, 7.0, "", Retryable, Retryable, Retryable),
        (500, None, "ServiceError", Ambiguous, Retryable, Retryable),
        (502, None, "", Ambiguous, Retryable, Retryable),
        (503, None, "", Ambiguous, Retryable, Retryable),
        (503, 7.0, "", Retryable, Retryable, Retryable),
        (504, None, "", Ambiguous, Retryable, Retryable),
        (599, None, "", Ambiguous, Retryable, Retryable),
    ],
)
def test_a_status_says_whether_the_message_may_be_sent_again(
    status: int,
    retry_after: float | None,
    code: str,
    send: type[DeliveryFailed],
    edit: type[DeliveryFailed],
    open_: type[DeliveryFailed],
) -> None:
    failures = [classify(operation, status, retry_after, code) for operation in (SEND, EDIT, OPEN)]

    assert [type(failure) for failure in failures] == [send, edit, open_]
    assert {(failure.status, failure.code) for failure in failures} == {(status, code)}


def test_a_wait_that_teams_asks_for_is_kept() -> None:
    failure = classify(SEND, 429, 7.5)

    assert isinstance(failure, Retryable)
    assert failure.retry_after == 7.5


@pytest.mark.parametrize(("operation", "kind"), [(SEND, Ambiguous), (EDIT, Retryable), (OPEN, Retryable)])
def test_a_cut_connection_leaves_only_a_new_message_in_doubt(operation: Operation, kind: type[DeliveryFailed]) -> None:
    assert type(broken(operation, code="ServerDisconnectedError")) is kind


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error": {"code": "ConversationNotFound", "message": "secret"}}', "ConversationNotFound"),
        (b'{"errorCode": 209, "message": "{\\"subCode\\": \\"MessageWritesBlocked\\"}"}', "MessageWritesBlocked"),
        (b'{"errorCode": 209, "message": "no JSON"}', "209"),
        (b'{"message": "Authorization has been denied for this request."}', ""),
        (b'{"error": {"code": "a whole sentence of somebody"}}', ""),
        (b'{"error": {"code": ["x"]}}', ""),
        (b'{"error": "invalid_client"}', ""),
        (b"<html><h1>502 Bad Gateway</h1></html>", ""),
        (b"[1, 2]", ""),
        (b"\xff\xfe", ""),
        (b"", ""),
    ],
)
def test_the_code_of_an_error_is_one_word_or_nothing(body: bytes, code: str) -> None:
    assert error_code(body) == code


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        (None, None, None),
        ("7", None, 7.0),
        ("0", None, 0.0),
        ("1.5", None, 1.5),
        ("-3", None, None),
        ("nan", None, None),
        ("inf", None, None),
        ("soon", None, None),
        ("Mon, 23 Nov 2026 09:00:30 GMT", "Mon, 23 Nov 2026 09:00:00 GMT", 30.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", "Mon, 23 Nov 2026 09:00:00 GMT", None),
        ("Mon, 23 Nov 99999999999 09:00:30 GMT", "Mon, 23 Nov 2026 09:00:00 GMT", None),
        ("Mon, 23 Nov 2026 09:00:30 +99999999999", "Mon, 23 Nov 2026 09:00:00 GMT", None),
        ("Mon, 23 Nov 2026 09:00:30 GMT", None, None),
        ("Mon, 23 Nov 2026 09:00:30 GMT", "Mon, 23 Nov 2026 09:00:00 -0000", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    retry_after: str | None, date: str | None, seconds: float | None
) -> None:
    assert seconds_to_wait(retry_after, date) == seconds


def test_a_failure_says_what_happened_in_words_and_codes() -> None:
    failure = Unreachable(status=403, code="MessageWritesBlocked")

    assert str(failure) == (
        "This person or conversation can no longer be reached by the bot. (403 MessageWritesBlocked)"
    )
    assert failure.reason == "403 MessageWritesBlocked"
    assert Ambiguous().reason == "Ambiguous"
