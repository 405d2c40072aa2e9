"""Installing the app for somebody who never opened it, through Microsoft Graph.

Microsoft Learn, "Enable proactive installation using Graph APIs": the app must be in the catalogue of the organisation,
and the bot's identity needs `TeamsAppInstallation.ReadWriteSelfForUser.All` and `AppCatalog.Read.All`. Tested against a
server of our own on this machine, never against Microsoft's.
"""

from urllib.parse import quote

import orjson
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.mailbox import GRAPH
from bot.teams.errors import DeliveryFailed, Operation, Permanent, broken, classify, error_code, seconds_to_wait
from bot.teams.identity import TokenSource

log = structlog.get_logger(__name__)

_UNAUTHORISED, _IS_THERE = 401, 409
_TIMEOUT = ClientTimeout(total=15, sock_connect=5)


class GraphInstaller:
    """Installs one app for people. Asking again for somebody who has it does no harm."""

    def __init__(self, session: ClientSession, tokens: TokenSource, *, app_id: str, graph: str = GRAPH) -> None:
        """`app_id`: the id in the app's manifest. `tokens` are for Graph, not for the Bot Connector."""
        self._session = session
        self._tokens = tokens
        self._app_id = app_id
        self._base = f"{graph.rstrip('/')}/v1.0"
        self._in_catalogue: str | None = None

    async def install(self, person: str) -> None:
        """Install the app for this person (Entra object id). Raises DeliveryFailed."""
        app = await self._id_in_catalogue()
        body = {"teamsApp@odata.bind": f"{self._base}/appCatalogs/teamsApps/{quote(app, safe='')}"}
        try:
            await self._call("POST", f"{self._base}/users/{quote(person, safe='')}/teamwork/installedApps", body)
        except DeliveryFailed as failed:
            if failed.status != _IS_THERE:
                raise
        log.info("app_installed")

    async def _id_in_catalogue(self) -> str:
        """The app's own id in the catalogue of the organisation; it stays the same. Raises DeliveryFailed."""
        if self._in_catalogue is None:
            named = self._app_id.replace("'", "''")
            found = await self._call("GET", f"{self._base}/appCatalogs/teamsApps?$filter=externalId eq '{named}'")
            self._in_catalogue = _first_id(found.get("value"))
        return self._in_catalogue

    async def _call(self, method: str, url: str, body: object = None) -> dict[str, object]:
        """The JSON of the answer; a refused token is replaced once. Asking again changes nothing, so all may be."""
        token = await self._tokens.token()
        try:
            return await self._request(method, url, body, token)
        except DeliveryFailed as failed:
            if failed.status != _UNAUTHORISED or token is None:
                raise
        return await self._request(method, url, body, await self._tokens.token(refused=token))

    async def _request(self, method: str, url: str, body: object, token: str | None) -> dict[str, object]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else orjson.dumps(body)
        try:
            async with self._session.request(
                method, URL(url), data=data, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                found = await answer.read()
        except (ClientError, TimeoutError) as error:
            raise broken(Operation.EDIT, code=type(error).__name__) from error
        if answer.status >= 300:  # noqa: PLR2004 - a redirect is refused like any other answer
            wait = seconds_to_wait(answer.headers.get("Retry-After"), answer.headers.get("Date"))
            raise classify(Operation.EDIT, answer.status, wait, error_code(found))
        try:
            parsed: object = orjson.loads(found or b"{}")
        except orjson.JSONDecodeError as error:
            raise broken(Operation.EDIT, code="no_json") from error
        return parsed if isinstance(parsed, dict) else {}  # pyright: ignore[reportUnknownVariableType] - keys of JSON are text


def _first_id(found: object) -> str:
    first: object = found[0] if isinstance(found, list) and found else None  # pyright: ignore[reportUnknownVariableType] - any JSON
    app: object = first.get("id") if isinstance(first, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - as above
    if not isinstance(app, str):
        raise Permanent(code="app_not_in_catalogue")
    return app
