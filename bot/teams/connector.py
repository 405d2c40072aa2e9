"""What the bot asks of Teams: the five calls of the Bot Connector that it needs, over one pooled session.

Microsoft Learn, "Bot Connector API reference". Own code, as the SDK's client opens a connection and asks for a token
in every turn; bodies are plain data, as its models cost more than the call. Nothing of a message reaches a log.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

import orjson
import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)
from yarl import URL

from bot.teams.errors import (
    DeliveryFailed,
    Operation,
    Permanent,
    Retryable,
    broken,
    classify,
    error_code,
    seconds_to_wait,
)
from bot.teams.identity import TokenSource

log = structlog.get_logger(__name__)

_UNAUTHORISED = 401
#: What can go wrong before anything is sent.
_NOT_CONNECTED = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError)


def connector_session(*, use_proxy: bool = True) -> ClientSession:
    """The pool of connections to Teams, to be closed by whoever made it.

    `use_proxy`: through the proxy that the environment names, if it names one; not for calls to this machine.
    """
    connector = TCPConnector(limit=100, keepalive_timeout=60, ttl_dns_cache=300)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), trust_env=use_proxy)


async def at_once(_conversation: str) -> None:
    """Let everything through."""


class ConnectorClient:
    """Sends, edits and removes messages; every method raises DeliveryFailed."""

    def __init__(
        self,
        session: ClientSession,
        tokens: TokenSource,
        *,
        timeout: float = 15.0,
        admit: Callable[[str], Awaitable[None]] = at_once,
    ) -> None:
        """`timeout`: seconds for one request, from connecting to the last byte of the answer.

        `admit` is asked before each request to a conversation (or a person, to open one) and waits or raises HeldBack.
        """
        self._session = session
        self._tokens = tokens
        self._admit = admit
        self._timeout = ClientTimeout(total=timeout, sock_connect=min(5.0, timeout))

    async def send(self, service_url: str, conversation_id: str, activity: Mapping[str, object]) -> str:
        """Post a new message; its id, or "" if Teams took the message and gave no id."""
        url = _url(service_url, conversation_id, "activities")
        return await self._call(Operation.SEND, conversation_id, "POST", url, activity)

    async def reply(self, service_url: str, conversation_id: str, reply_to: str, activity: Mapping[str, object]) -> str:
        """Post a new message under another; its id, or "" as with send()."""
        url = _url(service_url, conversation_id, "activities", reply_to)
        return await self._call(Operation.SEND, conversation_id, "POST", url, {**activity, "replyToId": reply_to})

    async def update(
        self, service_url: str, conversation_id: str, message_id: str, activity: Mapping[str, object]
    ) -> None:
        """Replace the message with this id."""
        url = _url(service_url, conversation_id, "activities", message_id)
        await self._call(Operation.EDIT, conversation_id, "PUT", url, {**activity, "id": message_id})

    async def delete(self, service_url: str, conversation_id: str, message_id: str) -> None:
        """Remove the message with this id; nothing happens if it is not there."""
        url = _url(service_url, conversation_id, "activities", message_id)
        try:
            await self._call(Operation.EDIT, conversation_id, "DELETE", url)
        except Permanent as refused:
            if refused.status != 404:  # noqa: PLR2004 - not found
                raise

    async def create_conversation(self, service_url: str, *, bot_id: str, person: str, tenant_id: str) -> str:
        """The id of the one-to-one conversation with this person (Entra object id), the same one each time.

        Raises Unreachable where the app is not installed for them. The object id goes into `id`: in `aadObjectId`
        alone it is refused (MicrosoftDocs/msteams-docs#14079).
        """
        conversation = {
            "bot": {"id": bot_id},
            "members": [{"id": person}],
            "isGroup": False,
            "tenantId": tenant_id,
            "channelData": {"tenant": {"id": tenant_id}},
        }
        conversation_id = await self._call(Operation.OPEN, person, "POST", _url(service_url), conversation)
        if not conversation_id:
            raise Retryable(code="no_conversation_id")
        return conversation_id

    async def _call(
        self, operation: Operation, to: str, method: str, url: URL, body: Mapping[str, object] | None = None
    ) -> str:
        """The id in the answer. A refused token is replaced once."""
        data = None if body is None else orjson.dumps(body)
        token = await self._tokens.token()
        await self._admit(to)
        try:
            return await self._request(operation, method, url, data, token)
        except DeliveryFailed as failed:
            if failed.status != _UNAUTHORISED or token is None:
                raise
        log.warning("token_refused", operation=operation.value)
        token = await self._tokens.token(refused=token)
        await self._admit(to)
        return await self._request(operation, method, url, data, token)

    async def _request(self, operation: Operation, method: str, url: URL, data: bytes | None, token: str | None) -> str:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                body = await answer.read()
        except _NOT_CONNECTED as error:
            raise Retryable(code=type(error).__name__) from error
        except InvalidURL as error:
            raise Permanent(code=type(error).__name__) from error
        except (ClientError, TimeoutError) as error:
            raise broken(operation, code=type(error).__name__) from error
        if 200 <= answer.status < 300:  # noqa: PLR2004 - a redirect is refused like any other answer
            try:
                return _id(body)
            except orjson.JSONDecodeError:
                # The page of a proxy on the way that answers 200 to everything: whether Teams saw it is not known.
                raise broken(operation, status=answer.status, code="no_json") from None
        retry_after = seconds_to_wait(answer.headers.get("Retry-After"), answer.headers.get("Date"))
        raise classify(operation, answer.status, retry_after, error_code(body))


def _url(service_url: str, *parts: str) -> URL:
    """The address of a call; ids hold ":", ";", "@" and sometimes "/", so each is quoted whole."""
    path = "".join(f"/{quote(part, safe='')}" for part in parts)
    return URL(f"{service_url.rstrip('/')}/v3/conversations{path}", encoded=True)


def _id(body: bytes) -> str:
    """The id in an answer, if there is one. Raises JSONDecodeError."""
    answer: object = orjson.loads(body) if body.strip() else None
    found: object = answer.get("id") if isinstance(answer, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - any JSON
    return found if isinstance(found, str) else ""
