"""Sending figures and traces to a collector, by OTLP over HTTP. Loaded only where a setting asks for it."""

import asyncio

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from bot.telemetry import NAME, Telemetry

#: Seconds that a stop waits for the collector.
_LAST_WORDS = 5


class Exported:
    """Telemetry that goes to the collector at `endpoint`, "http://collector:4318"; `worker` names this process."""

    def __init__(self, endpoint: str, worker: str) -> None:
        base = endpoint.rstrip("/")
        resource = Resource.create({"service.name": NAME, "service.instance.id": worker})
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{base}/v1/metrics"))
        self._meters = MeterProvider([reader], resource, shutdown_on_exit=False)
        self._tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{base}/v1/traces")))
        self.telemetry = Telemetry(self._meters.get_meter(NAME), self._tracers.get_tracer(NAME))

    async def close(self) -> None:
        """Send what is left. A collector that is away holds nobody up for long."""
        await asyncio.to_thread(self._tracers.force_flush, _LAST_WORDS * 1000)
        await asyncio.to_thread(self._meters.shutdown, _LAST_WORDS * 1000)
        await asyncio.to_thread(self._tracers.shutdown)
