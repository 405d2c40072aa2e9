"""What whoever runs the bot can see of it, by OpenTelemetry: how much, how long, how often not. Off, it does nothing.

Attributes are kinds, codes and outcomes of our own: few values, and none of them content, a name or a person's id. Ids
stand in spans only. What an exception says is never recorded, as it may hold an answer.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry.metrics import Meter, NoOpMeter
from opentelemetry.trace import Status, StatusCode, Tracer

NAME = "meldroute"

#: Seconds: an invoke must be answered within five (Microsoft Learn, "Universal Action Model").
_TURN_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4, 5, 10, 30)
#: Seconds, up to the three days after which a notice is given up.
_WAIT_BUCKETS = (0.1, 0.5, 1, 2, 5, 15, 60, 300, 1800, 3600, 4 * 3600, 24 * 3600, 72 * 3600)


class Telemetry:
    """Counts and times. Without a meter and a tracer every call does nothing."""

    def __init__(self, meter: Meter | None = None, tracer: Tracer | None = None) -> None:
        self._tracer = tracer
        meter = meter or NoOpMeter(NAME)
        self._turns = meter.create_histogram(
            "meldroute.turn.duration",
            "s",
            "From the arrival of an activity until it is answered",
            explicit_bucket_boundaries_advisory=_TURN_BUCKETS,
        )
        self._refused = meter.create_counter("meldroute.turn.refused", "{turn}", "Turns sent away, by reason")
        self._waits = meter.create_histogram(
            "meldroute.notice.wait",
            "s",
            "From the commit of a notice until its delivery",
            explicit_bucket_boundaries_advisory=_WAIT_BUCKETS,
        )
        self._postponed = meter.create_counter("meldroute.notice.postponed", "{try}", "Failed tries, to be repeated")
        self._dead = meter.create_counter("meldroute.notice.dead", "{notice}", "Dead letters, by reason")
        self._let_go = meter.create_counter("meldroute.notice.let_go", "{notice}", "Small ones not repeated, by reason")
        self._outbox_age = meter.create_gauge("meldroute.outbox.age", "s", "Age of the oldest unsent notice")
        self._acute_age = meter.create_gauge("meldroute.acute.age", "s", "Age of the oldest unclaimed acute signal")

    @contextmanager
    def turn(self, kind: str, activity_id: str) -> Generator[None]:
        """Around one turn; `kind` is what it was ("pressed", "said", ...), never what was said."""
        start = time.perf_counter()
        outcome = "failed"
        try:
            with self._span("turn", {"kind": kind, "activity": activity_id}):
                yield
            outcome = "done"
        finally:
            self._turns.record(time.perf_counter() - start, {"kind": kind, "outcome": outcome})

    def turn_refused(self, reason: str) -> None:
        """A turn that was not taken: the bot is busy, or stopping."""
        self._refused.add(1, {"reason": reason})

    @contextmanager
    def delivery(self, kind: str, signal_id: str) -> Generator[None]:
        """Around one try to deliver a notice. Not its own id, which names the person that it is for."""
        with self._span("deliver", {"kind": kind, "signal": signal_id}):
            yield

    def notice_delivered(self, kind: str, waited: float) -> None:
        """A notice arrived, this many seconds after it was stored."""
        self._waits.record(waited, {"kind": kind})

    def notice_postponed(self, kind: str, reason: str, *, ambiguous: bool) -> None:
        """A try failed and will be repeated; `reason` is a status and code ("429", "504")."""
        self._postponed.add(1, {"kind": kind, "reason": reason, "ambiguous": ambiguous})

    def notice_dead(self, kind: str, reason: str) -> None:
        """A notice became a dead letter."""
        self._dead.add(1, {"kind": kind, "reason": reason})

    def notice_let_go(self, kind: str, reason: str) -> None:
        """A small notice that may not have arrived, and is not sent again."""
        self._let_go.add(1, {"kind": kind, "reason": reason})

    def ages(self, *, outbox: float, acute: float) -> None:
        """Seconds that the oldest unsent notice, and the oldest acute signal that nobody took up, wait; 0: none."""
        self._outbox_age.set(outbox)
        self._acute_age.set(acute)

    @contextmanager
    def _span(self, name: str, attributes: dict[str, str]) -> Generator[None]:
        if self._tracer is None:
            yield
            return
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise


#: Telemetry that is off.
OFF = Telemetry()
