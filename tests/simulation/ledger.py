"""What happened, for the invariants to judge afterwards and for a person to read when one is broken."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(slots=True)
class Try:
    """A notice that a replica sent, or tried to."""

    notice: str
    kind: str
    recipient: str
    replica: int
    began: float
    #: None while it runs, and for ever if the replica was killed.
    ended: float | None = None
    #: "" if it went well; else the kind of failure.
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call of the bot that Teams took."""

    at: float
    operation: str
    conversation: str
    body: str
    #: None: said in a turn, or by nobody's order.
    attempt: Try | None


#: Which try the running code belongs to.
TRY: ContextVar[Try | None] = ContextVar("TRY", default=None)


@dataclass(slots=True)
class Ledger:
    """One day."""

    tries: list[Try] = field(default_factory=list[Try])
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    #: When a call left for Teams and when it came there, with its conversation: what Teams counts.
    sent: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    came: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    #: When a replica was there, and when it was killed or stopped, by its number.
    began: dict[int, float] = field(default_factory=dict[int, float])
    ended: dict[int, float] = field(default_factory=dict[int, float])
    #: From when to when the clock jumped.
    jumps: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    #: Broken promises that are seen at the moment itself: the sentence and what was seen.
    broken: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    #: How often what happened.
    counts: dict[str, int] = field(default_factory=dict[str, int])
    lines: list[str] = field(default_factory=list[str])

    def note(self, at: float, what: str, *details: object) -> None:
        """Write down that this happened."""
        self.counts[what] = self.counts.get(what, 0) + 1
        self.lines.append(" ".join((f"{at:12.4f}", what, *map(str, details))))

    def breaks(self, at: float, sentence: str, detail: str) -> None:
        """A promise is broken."""
        self.broken.append((sentence, detail))
        self.note(at, "BROKEN", sentence, detail)

    @property
    def fingerprint(self) -> str:
        """The same for the same day only."""
        return sha256("\n".join(self.lines).encode()).hexdigest()
