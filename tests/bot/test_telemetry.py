"""What whoever runs the bot can see of it."""

from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from bot.dispatcher import Dispatcher
from bot.telemetry import OFF, Telemetry
from dialogs.domain.notices import Notice, NoticeKind
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY


class Watched:
    """Telemetry whose figures and spans can be read."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self._spans = InMemorySpanExporter()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self._meters = MeterProvider([self._reader], shutdown_on_exit=False)
        self.telemetry = Telemetry(self._meters.get_meter("test"), tracers.get_tracer("test"))

    @property
    def figures(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        """Of each metric the attributes with the value; of a histogram the number of values."""
        data = self._reader.get_metrics_data()
        assert data is not None
        metrics = data.resource_metrics[0].scope_metrics[0].metrics
        return {
            metric.name: [
                (dict(point.attributes or {}), getattr(point, "count", None) or getattr(point, "value", None))
                for point in metric.data.data_points
            ]
            for metric in metrics
        }

    @property
    def spans(self) -> Any:
        return self._spans.get_finished_spans()


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_turn_is_timed_and_traced_by_its_kind(watched: Watched) -> None:
    with watched.telemetry.turn("pressed", "f:1"):
        pass

    assert watched.figures["meldroute.turn.duration"] == [({"kind": "pressed", "outcome": "done"}, 1)]
    assert [(span.name, dict(span.attributes)) for span in watched.spans] == [
        ("turn", {"kind": "pressed", "activity": "f:1"})
    ]


def test_of_a_turn_that_fails_only_the_kind_of_fault_is_told(watched: Watched) -> None:
    with pytest.raises(ValueError, match="paspoort"), watched.telemetry.turn("said", "f:2"):
        raise ValueError("haar paspoort")

    assert watched.figures["meldroute.turn.duration"] == [({"kind": "said", "outcome": "failed"}, 1)]
    [span] = watched.spans
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ValueError")
    assert "paspoort" not in span.to_json()


def test_what_becomes_of_notices_is_counted(watched: Watched) -> None:
    telemetry = watched.telemetry

    telemetry.notice_postponed("receipt", "504", ambiguous=True)
    with telemetry.delivery("receipt", "s1"):
        telemetry.notice_delivered("receipt", 2.5)
    telemetry.notice_dead("nudge", "403 MessageWritesBlocked")
    telemetry.turn_refused("busy")
    telemetry.ages(outbox=12.5, acute=0.0)

    figures = watched.figures
    assert figures["meldroute.notice.postponed"] == [({"kind": "receipt", "reason": "504", "ambiguous": True}, 1)]
    assert figures["meldroute.notice.wait"] == [({"kind": "receipt"}, 1)]
    assert figures["meldroute.notice.dead"] == [({"kind": "nudge", "reason": "403 MessageWritesBlocked"}, 1)]
    assert figures["meldroute.turn.refused"] == [({"reason": "busy"}, 1)]
    assert figures["meldroute.outbox.age"] == [({}, 12.5)]


def test_switched_off_it_lets_everything_pass() -> None:
    with OFF.turn("said", "f:3"), OFF.delivery("receipt", "s1"):
        OFF.turn_refused("busy")
        OFF.notice_delivered("receipt", 1)
        OFF.notice_postponed("receipt", "429", ambiguous=False)
        OFF.notice_dead("receipt", "400")
        OFF.ages(outbox=0, acute=0)


async def test_the_trace_of_a_delivery_names_the_signal_and_nobody(watched: Watched) -> None:
    class Teams:
        async def send(self, notice: Notice) -> None: ...

    memory = Memory()
    async with memory.unit_of_work() as uow:
        await uow.outbox.put(Notice("s1.receipt.robin", NoticeKind.RECEIPT, "robin", "s1", MONDAY))
        await uow.commit()
    dispatcher = Dispatcher(memory.unit_of_work, Teams(), lambda: MONDAY, worker="w", telemetry=watched.telemetry)
    await dispatcher.drain()

    [span] = watched.spans
    assert dict(span.attributes) == {"kind": "receipt", "signal": "s1"}
    assert "robin" not in span.to_json()
