"""A Bot Connector on loopback: Teams as the bot sees it, over real HTTP, with faults on demand.

It records every call in order, keeps each conversation as its people see it, and fails as told: by count and by what
is asked, with a status, a wait, a gateway's page, a cut connection, or after it has taken the message.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote
from uuid import NAMESPACE_URL, uuid5

import orjson
from aiohttp import web

TENANT = "11111111-2222-4333-8444-555555555555"
APP_ID = "99999999-aaaa-4bbb-8ccc-dddddddddddd"
BOT_ID = f"28:{APP_ID}"

_PATH = re.compile(
    r"/emea/v3/conversations(/(?P<conversation>[^/]+)(/(?P<kind>activities|members)(/(?P<message>[^/]+))?)?)?"
)
_OPERATIONS: dict[tuple[str, str | None, bool], str] = {
    ("POST", None, False): "create",
    ("POST", "activities", False): "send",
    ("POST", "activities", True): "reply",
    ("PUT", "activities", True): "update",
    ("DELETE", "activities", True): "delete",
    ("GET", "members", False): "members",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A person in the fake tenant and their one-to-one conversation with the bot."""

    name: str
    #: Entra object id.
    person: str
    teams_id: str
    conversation_id: str


@dataclass(slots=True)
class Call:
    """One request of the bot."""

    #: On the connector's own clock, in seconds.
    at: float
    #: create, send, reply, update, delete or members.
    operation: str
    conversation: str
    message: str
    body: dict[str, Any]
    token: str | None
    #: What it was answered; None while it runs and when the connection was cut.
    status: int | None = None


@dataclass(slots=True)
class Posted:
    """A message of the bot in a conversation, as it is now."""

    id: str
    activity: dict[str, Any]
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """How the connector fails. Made by the functions below."""

    status: int | None = None
    body: bytes = b""
    content_type: str = "application/json"
    retry_after: str | None = None
    #: The connection is cut: "reset" at once, "closed" after reading.
    cut: str = ""
    #: The message is taken all the same.
    taken: bool = False
    #: Seconds before anything happens.
    wait: float = 0.0


def answers(status: int, code: str = "", *, retry_after: float | str | None = None) -> Fault:
    """An error in Teams' usual shape."""
    body = orjson.dumps({"error": {"code": code, "message": "This text must not reach a log."}})
    return Fault(status, body, retry_after=None if retry_after is None else str(retry_after))


def answers_sub_code(status: int, sub_code: str) -> Fault:
    """An error in the other shape: a JSON object as text inside a message."""
    inner = orjson.dumps({"subCode": sub_code, "details": "This text must not reach a log."}).decode()
    return Fault(status, orjson.dumps({"errorCode": 209, "message": inner}))


def answers_html(status: int = 502) -> Fault:
    """The page of a gateway on the way."""
    return Fault(status, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")


def takes_then(fault: Fault) -> Fault:
    """The message arrives, and the answer is a failure all the same."""
    return replace(fault, taken=True)


def waits(seconds: float) -> Fault:
    """A right answer, late."""
    return Fault(wait=seconds)


#: The connection is reset without an answer, or closed after the request was read.
RESET = Fault(cut="reset")
CLOSED = Fault(cut="closed")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request is answered."""

    #: None: the connection is cut, as `cut` says.
    status: int | None
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cut: str = ""


@dataclass(slots=True)
class _Rule:
    fault: Fault
    left: int | None
    when: Callable[[Call], bool]


@dataclass(slots=True)
class _Conversation:
    people: list[Account]
    messages: dict[str, Posted] = field(default_factory=dict[str, Posted])
    open: bool = True
    #: As in Teams, an id is unique in its conversation only.
    ids: Iterator[int] = field(default_factory=lambda: count(1_700_000_000_001))


class FakeConnector:
    """`async with FakeConnector() as connector:` listens on a free port of this machine."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.calls: list[Call] = []
        #: Seconds that every answer takes.
        self.latency = 0.0
        #: The only token that is accepted; None accepts all, and none.
        self.accepted_token: str | None = None
        self._clock = clock
        self._sleep = sleep
        self._rules: list[_Rule] = []
        self._conversations: dict[str, _Conversation] = {}
        self._accounts: dict[str, Account] = {}
        self._transports: set[asyncio.BaseTransport | None] = set()
        self._changed = asyncio.Event()
        self._port = 0
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; again on the same port after stop()."""
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Refuse connections from now on; what was recorded stays."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def service_url(self) -> str:
        """What the activities name as their service url; it has a path, as the real one."""
        return f"http://127.0.0.1:{self._port}/emea/"

    @property
    def connections(self) -> int:
        """How many connections were opened and used."""
        return len(self._transports)

    def account(self, name: str) -> Account:
        """The person with this name, made on first sight."""
        person = str(uuid5(NAMESPACE_URL, name))
        if person not in self._accounts:
            account = Account(name, person, f"29:1{person.replace('-', '')}", f"a:1{person[:8]}/{person[9:13]}")
            self._accounts[person] = account
            self._conversations[account.conversation_id] = _Conversation([account])
        return self._accounts[person]

    def next_id(self, conversation_id: str) -> str:
        """The id of the next message in this conversation; in another one it may be the same."""
        return str(next(self._conversations[conversation_id].ids))

    def group(self, conversation_id: str, *people: Account) -> None:
        """A group chat that the bot is in; these people join it."""
        group = self._conversations.setdefault(conversation_id, _Conversation([]))
        group.people += [account for account in people if account not in group.people]

    def close(self, conversation_id: str) -> None:
        """The bot was removed or blocked: it can no longer write here."""
        self._conversations[conversation_id].open = False

    def reopen(self, conversation_id: str) -> None:
        """The bot may write here again."""
        self._conversations[conversation_id].open = True

    def messages(self, conversation_id: str) -> list[Posted]:
        """What stands in a conversation now, oldest first, edits applied."""
        return list(self._conversations[conversation_id].messages.values())

    def calls_of(self, *operations: str, conversation: str | None = None) -> list[Call]:
        """The calls of these kinds (all kinds if none is named), in order."""
        return [
            call
            for call in self.calls
            if (not operations or call.operation in operations) and conversation in {None, call.conversation}
        ]

    def fails(self, *faults: Fault, times: int | None = 1, when: Callable[[Call], bool] = lambda _: True) -> None:
        """The next calls that fit fail so, each fault `times` times, in order; `times=None` is until heals()."""
        self._rules += [_Rule(fault, times, when) for fault in faults]

    def heals(self) -> None:
        """No more faults."""
        self._rules.clear()

    async def until(self, condition: Callable[[], bool], *, within: float = 5.0) -> None:
        """Wait until something that depends on the calls is so. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def takes(self, method: str, raw_path: str, body: bytes, token: str | None) -> Answered:
        """One request, without the wire: recorded, failed as told, acted upon."""
        path = _PATH.fullmatch(raw_path)
        kind = (method, path and path["kind"], bool(path and path["message"]))
        if path is None or kind not in _OPERATIONS:
            return Answered(400, orjson.dumps({"error": {"code": "BadArgument", "message": raw_path}}))
        loop = asyncio.get_running_loop()
        call = Call(
            at=(self._clock or loop.time)(),
            operation=_OPERATIONS[kind],
            conversation=_unquoted(path["conversation"]),
            message=_unquoted(path["message"]),
            body=orjson.loads(body or b"{}"),
            token=token,
        )
        self.calls.append(call)
        fault = self._next_fault(call)
        if seconds := self.latency + fault.wait:
            await self._sleep(seconds)
        acts = fault.taken or not (fault.status or fault.cut)
        status, answer = self._act(call) if acts else _error(500, "")
        self._changed.set()
        if fault.cut:
            return Answered(None, cut=fault.cut)
        call.status = fault.status or status
        headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
        return Answered(call.status, fault.body if fault.status else orjson.dumps(answer), fault.content_type, headers)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._transports.add(request.transport)
        token = request.headers.get("Authorization")
        answered = await self.takes(request.method, request.rel_url.raw_path, await request.read(), token)
        if answered.status is None:
            return _cut(request, answered.cut)
        return web.Response(
            status=answered.status,
            body=answered.body,
            content_type=answered.content_type,
            headers=answered.headers,
        )

    def _next_fault(self, call: Call) -> Fault:
        for rule in self._rules:
            if rule.when(call) and rule.left != 0:
                rule.left = None if rule.left is None else rule.left - 1
                return rule.fault
        return Fault()

    def _act(self, call: Call) -> tuple[int, object]:
        if self.accepted_token is not None and call.token != f"Bearer {self.accepted_token}":
            return _error(401, "Unauthorized")
        if call.operation == "create":
            return self._create(call.body)
        conversation = self._conversations.get(call.conversation)
        if conversation is None:
            return _error(404, "ConversationNotFound")
        if not conversation.open:
            return _error(403, "BotNotInConversationRoster")
        if call.operation == "members":
            return 200, [self._member(account) for account in conversation.people]
        if call.operation in {"update", "delete"} and call.message not in conversation.messages:
            return _error(404, "ActivityNotFoundInConversation")
        return self._write(call, conversation)

    def _write(self, call: Call, conversation: _Conversation) -> tuple[int, object]:
        match call.operation:
            case "delete":
                del conversation.messages[call.message]
                return 200, {}
            case "update":
                posted = conversation.messages[call.message]
                posted.activity = call.body
                posted.edits += 1
                return 200, {"id": posted.id}
            case _:
                message_id = str(next(conversation.ids))
                if call.body.get("type") == "message":
                    conversation.messages[message_id] = Posted(message_id, call.body)
                return 201, {"id": message_id}

    def _create(self, body: dict[str, Any]) -> tuple[int, object]:
        members: list[dict[str, str]] = body.get("members", [])
        if len(members) != 1 or not members[0].get("id") or body.get("tenantId") != TENANT:
            return _error(400, "BadSyntax")
        account = self._accounts.get(members[0]["id"])
        if account is None or not self._conversations[account.conversation_id].open:
            return _error(403, "ForbiddenOperationException")
        return 201, {"id": account.conversation_id}

    def _member(self, account: Account) -> dict[str, str]:
        return {
            "id": account.teams_id,
            "aadObjectId": account.person,
            "objectId": account.person,
            "name": account.name,
            "tenantId": TENANT,
            "userRole": "user",
        }


def _unquoted(part: str | None) -> str:
    return unquote(part or "")


def _error(status: int, code: str) -> tuple[int, object]:
    return status, {"error": {"code": code, "message": "This text must not reach a log."}}


def _cut(request: web.BaseRequest, how: str) -> web.StreamResponse:
    transport = request.transport
    assert transport is not None
    if how == "reset":
        transport.abort()
    else:
        transport.close()
    return web.Response()
