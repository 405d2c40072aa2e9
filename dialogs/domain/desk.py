"""What an officer sets for oneself: until when away, and when the daily digest comes."""

from dataclasses import dataclass
from datetime import datetime

#: Half past eight, when the desk opens: our choice where the officer made none.
DIGEST_MINUTE = 8 * 60 + 30


@dataclass(frozen=True, slots=True)
class Desk:
    """One officer's desk."""

    #: Entra object id.
    person: str
    #: Away until this moment; None or past: at work.
    absent_until: datetime | None = None
    #: Minutes since midnight in Amsterdam.
    digest_minute: int = DIGEST_MINUTE
    #: When the next digest is due; None until it was planned.
    digest_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TalkNote:
    """A line of an officer for the periodic talk (policy action 5.2): a bottleneck, a trend. Content."""

    id: str
    at: datetime
    actor: str
    text: str
