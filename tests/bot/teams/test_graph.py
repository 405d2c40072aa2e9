"""Installing the app for somebody through a Graph of our own on this machine; never tried against Microsoft's."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.teams.errors import DeliveryFailed, Permanent, Retryable
from bot.teams.graph import GraphInstaller
from bot.teams.identity import NoTokens

ANNA = "a44a0000-0000-4000-8000-00000000000b"
MANIFEST, IN_CATALOGUE = "99999999-aaaa-4bbb-8ccc-dddddddddddd", "catalogue-1"


@dataclass
class FakeGraph:
    """The two calls of Graph that are used, with the answers that a test wants first."""

    url: str = ""
    catalogue: dict[str, str] = field(default_factory=lambda: {MANIFEST: IN_CATALOGUE})
    installed: list[str] = field(default_factory=list[str])
    refusals: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    looked: int = 0
    tokens: list[str] = field(default_factory=list[str])

    async def find(self, request: web.Request) -> web.Response:
        self.looked += 1
        wanted = request.query["$filter"].removeprefix("externalId eq '").removesuffix("'")
        found = [{"id": app, "externalId": external} for external, app in self.catalogue.items() if external == wanted]
        return web.json_response({"value": found})

    async def install(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.refusals:
            status, code = self.refusals.pop(0)
            return web.json_response({"error": {"code": code, "message": "Not for a log."}}, status=status)
        bound = (await request.json())["teamsApp@odata.bind"]
        assert bound == f"{self.url}/v1.0/appCatalogs/teamsApps/{IN_CATALOGUE}"
        if request.match_info["person"] in self.installed:
            return web.json_response({"error": {"code": "Conflict"}}, status=409)
        self.installed.append(request.match_info["person"])
        return web.Response(status=201)


class Tokens:
    """A source that gives another token when one was refused."""

    async def token(self, *, refused: str | None = None) -> str | None:
        return "old" if refused is None else "new"


@asynccontextmanager
async def a_graph() -> AsyncGenerator[tuple[FakeGraph, ClientSession]]:
    graph = FakeGraph()
    app = web.Application()
    app.router.add_get("/v1.0/appCatalogs/teamsApps", graph.find)
    app.router.add_post("/v1.0/users/{person}/teamwork/installedApps", graph.install)
    async with TestServer(app) as server, ClientSession() as session:
        graph.url = str(server.make_url("")).rstrip("/")
        yield graph, session


def installer(graph: FakeGraph, session: ClientSession) -> GraphInstaller:
    return GraphInstaller(session, NoTokens(), app_id=MANIFEST, graph=graph.url)


async def test_the_app_is_installed_for_a_person_and_looked_up_once() -> None:
    async with a_graph() as (graph, session):
        installs = installer(graph, session)
        with capture_logs() as logs:
            await installs.install(ANNA)
            await installs.install(ANNA)
            await installs.install("somebody-else")

    assert graph.installed == [ANNA, "somebody-else"]
    assert graph.looked == 1
    assert ANNA not in json.dumps(logs)


async def test_an_app_that_is_not_in_the_catalogue_is_refused_for_good() -> None:
    async with a_graph() as (graph, session):
        graph.catalogue.clear()
        with pytest.raises(Permanent, match="app_not_in_catalogue"):
            await installer(graph, session).install(ANNA)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        ((403, "Forbidden"), Permanent),
        ((404, "NotFound"), Permanent),
        ((429, "TooManyRequests"), Retryable),
        ((502, "BadGateway"), Retryable),
    ],
    ids=["no permission", "no such person", "too much", "a gateway"],
)
async def test_what_graph_answers_says_whether_to_try_again(
    refusal: tuple[int, str], kind: type[DeliveryFailed]
) -> None:
    async with a_graph() as (graph, session):
        graph.refusals.append(refusal)
        with pytest.raises(kind) as failed:
            await installer(graph, session).install(ANNA)

    assert failed.value.reason == f"{refusal[0]} {refusal[1]}"


async def test_a_refused_token_is_replaced_once() -> None:
    async with a_graph() as (graph, session):
        graph.refusals.append((401, "InvalidAuthenticationToken"))
        await GraphInstaller(session, Tokens(), app_id=MANIFEST, graph=graph.url).install(ANNA)

    assert graph.tokens == ["Bearer old", "Bearer new"]


async def test_a_graph_that_is_away_is_tried_later() -> None:
    async with ClientSession() as session:
        with pytest.raises(Retryable):
            await GraphInstaller(session, NoTokens(), app_id=MANIFEST, graph="http://127.0.0.1:9").install(ANNA)
