"""What can go wrong when something is sent to Teams.

DeliveryFailed
|-- HeldBack             it was not sent: more at once is too much
|-- Retryable            it did not arrive; later it may
|-- Ambiguous            it may have arrived
`-- Permanent            it will not arrive, however often it is tried
    |-- Unreachable      this person or conversation is gone
    `-- NotAuthorised    Teams does not accept the bot itself

Statuses and codes: Microsoft Learn, "Send and receive messages: status codes from bot conversational APIs". That a
POST may be accepted and still answered 408 or 5xx: openclaw/openclaw#121116; the connector has no idempotency key.
"""

import math
import re
from email.utils import parsedate_to_datetime
from enum import StrEnum

import orjson

#: Codes of a 403 or 404 that say that the person blocked or removed the bot, or that the conversation is gone.
_GONE = frozenset(
    {
        "BotDisabledByAdmin",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "ForbiddenOperationException",
        "MessageWritesBlocked",
        "NotEnoughPermissions",
    }
)
#: Codes of a 403 or 404 that say nothing about the person.
_NOT_THE_PERSON = frozenset({"ActivityNotFoundInConversation", "InvalidBotApiHost"})
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Operation(StrEnum):
    """What was asked of the connector; it decides whether asking again can do harm."""

    #: A new message: asking again may post it twice.
    SEND = "send"
    #: Replacing or removing a message: asking again changes nothing.
    EDIT = "edit"
    #: Opening a one-to-one conversation: asking again gives the same conversation.
    OPEN = "open"


class DeliveryFailed(Exception):
    """The message was not delivered."""

    def __init__(self, *, status: int | None = None, code: str = "") -> None:
        #: The HTTP status, if there was an answer, and Teams' own code or the kind of failure. Never content.
        self.status = status
        self.code = code
        super().__init__(status, code)

    @property
    def reason(self) -> str:
        """The facts in one word or two, for a log or a dead letter: "403 MessageWritesBlocked"."""
        return " ".join(str(part) for part in (self.status, self.code) if part) or type(self).__name__

    def __str__(self) -> str:
        return f"{type(self).__doc__} ({self.reason})"


class HeldBack(DeliveryFailed):
    """The message was not sent: with it, more would be sent than Teams takes."""

    def __init__(self, seconds: float) -> None:
        super().__init__(code="held_back")
        #: How long until it can be sent.
        self.seconds = seconds


class Retryable(DeliveryFailed):
    """The message did not arrive; it can be sent again without harm."""

    def __init__(self, retry_after: float | None = None, *, status: int | None = None, code: str = "") -> None:
        super().__init__(status=status, code=code)
        #: Seconds to wait at least, if Teams said so.
        self.retry_after = retry_after


class Ambiguous(DeliveryFailed):
    """The message may have arrived: sending it again may show it twice."""


class Permanent(DeliveryFailed):
    """Teams refuses this message, however often it is sent."""


class Unreachable(Permanent):
    """This person or conversation can no longer be reached by the bot."""


class NotAuthorised(Permanent):
    """Teams does not accept the bot's token, not even a new one."""


def classify(operation: Operation, status: int, retry_after: float | None = None, code: str = "") -> DeliveryFailed:
    """What an answer that is no success means for what was asked."""
    match status:
        case 401:
            return NotAuthorised(status=status, code=code)
        case 403 | 404:
            return _refused(operation, status, code)
        case 412 | 429:
            return Retryable(retry_after, status=status, code=code)
        case 503 if retry_after is not None:
            return Retryable(retry_after, status=status, code=code)
        case _ if status == 408 or not 200 <= status < 500:  # noqa: PLR2004 - statuses are their own names
            return broken(operation, status=status, code=code)
        case _:
            return Permanent(status=status, code=code)


def broken(operation: Operation, *, status: int | None = None, code: str = "") -> DeliveryFailed:
    """What it means when it is not known whether Teams acted on what was asked."""
    if operation is Operation.SEND:
        return Ambiguous(status=status, code=code)
    return Retryable(status=status, code=code)


def error_code(body: bytes) -> str:
    """The code in the body of an error answer; empty if there is none, as in a gateway's HTML.

    Two shapes occur: `{"error": {"code": ...}}`, and `{"errorCode": 209, "message": ...}` with as message the text of
    a JSON object that may hold a `subCode`. Only a single word is taken: no text of a message can come along.
    """
    answer = _object(body)
    error = answer.get("error")
    if isinstance(error, dict):
        return _word(error.get("code"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - any JSON
    message = answer.get("message")
    inner = _object(message) if isinstance(message, str) else {}
    return _word(inner.get("subCode")) or _word(answer.get("errorCode"))


def seconds_to_wait(retry_after: str | None, date: str | None) -> float | None:
    """The wait that a Retry-After header asks for, in seconds; None if it says nothing usable.

    It holds seconds or a date (RFC 9110, 10.2.3); a date is measured from the answer's own Date header, so that it
    does not matter how our clock is set.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - parsedate_to_datetime(date or "")).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _refused(operation: Operation, status: int, code: str) -> Permanent:
    """A 403 or 404: about the person if its code says so, or if nothing says otherwise and it was no edit."""
    if code in _GONE or (operation is not Operation.EDIT and code not in _NOT_THE_PERSON):
        return Unreachable(status=status, code=code)
    return Permanent(status=status, code=code)


def _object(text: str | bytes) -> dict[str, object]:
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType] - keys of JSON are text


def _word(code: object) -> str:
    word = str(code) if isinstance(code, str | int) else ""
    return word if _CODE.fullmatch(word) else ""
