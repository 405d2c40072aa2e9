"""What reaches a collector, over HTTP as OpenTelemetry's own collector takes it."""

import asyncio
import gzip
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.telemetry_export import Exported


@dataclass
class Collector:
    """A collector on loopback, and what it was sent by path."""

    url: str = ""
    bodies: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    @property
    def metrics(self) -> set[str]:
        requests = [ExportMetricsServiceRequest.FromString(body) for body in self.bodies["/v1/metrics"]]
        scopes = [scope for r in requests for resource in r.resource_metrics for scope in resource.scope_metrics]
        return {metric.name for scope in scopes for metric in scope.metrics}

    @property
    def spans(self) -> list[str]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies["/v1/traces"]]
        scopes = [scope for r in requests for resource in r.resource_spans for scope in resource.scope_spans]
        return [span.name for scope in scopes for span in scope.spans]

    @property
    def words(self) -> str:
        """All bytes that were sent, as far as they are text."""
        return b" ".join(body for bodies in self.bodies.values() for body in bodies).decode(errors="ignore")


@asynccontextmanager
async def collector() -> AsyncGenerator[Collector]:
    collecting = Collector()

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        packed = body[:2] == b"\x1f\x8b"
        collecting.bodies[request.path].append(gzip.decompress(body) if packed else body)
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/{kind}", take)
    async with TestServer(app) as server:
        collecting.url = str(server.make_url("/"))
        yield collecting


async def test_figures_and_traces_reach_the_collector_at_the_latest_at_the_end() -> None:
    async with collector() as collecting:
        exported = Exported(collecting.url, "worker-1")
        with exported.telemetry.turn("pressed", "f:1"):
            exported.telemetry.turn_refused("full")
        exported.telemetry.ages(outbox=3, acute=0)
        await exported.close()

        assert {"meldroute.turn.duration", "meldroute.turn.refused", "meldroute.outbox.age"} <= collecting.metrics
        assert collecting.spans == ["turn"]
        assert "worker-1" in collecting.words


async def test_what_an_exception_says_never_reaches_the_collector() -> None:
    async with collector() as collecting:
        exported = Exported(collecting.url, "worker-1")
        try:
            with exported.telemetry.turn("said", "f:2"):
                raise ValueError("haar paspoort")  # noqa: TRY301 - what a turn may raise
        except ValueError:
            pass
        await exported.close()

        assert collecting.spans == ["turn"]
        assert "paspoort" not in collecting.words


async def test_a_collector_that_is_away_holds_nobody_up() -> None:
    exported = Exported("http://127.0.0.1:9", "worker-1")
    with exported.telemetry.turn("said", "f:3"):
        pass
    async with asyncio.timeout(30):
        await exported.close()
