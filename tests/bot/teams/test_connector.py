import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.errors import Ambiguous, DeliveryFailed, HeldBack, NotAuthorised, Permanent, Retryable, Unreachable
from bot.teams.identity import NoTokens, TokenSource
from tests.fake_connector import (
    BOT_ID,
    CLOSED,
    RESET,
    TENANT,
    Account,
    FakeConnector,
    Fault,
    answers,
    answers_html,
    answers_sub_code,
    takes_then,
    waits,
)

HELLO = {"type": "message", "text": "Een verhaal dat in geen log hoort."}


class Tokens:
    """Gives the tokens in this order; a refused one is never given again."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.asked = 0

    async def token(self, *, refused: str | None = None) -> str | None:
        self.asked += 1
        if self._tokens[0] == refused and len(self._tokens) > 1:
            self._tokens.pop(0)
        return self._tokens[0]


class Bot:
    """A connector client with one conversation to speak in."""

    def __init__(self, session: ClientSession, connector: FakeConnector, tokens: TokenSource, timeout: float) -> None:
        self.client = ConnectorClient(session, tokens, timeout=timeout)
        self.url = connector.service_url
        self.anna: Account = connector.account("Anna")

    async def send(self) -> str:
        return await self.client.send(self.url, self.anna.conversation_id, HELLO)


@pytest.fixture
async def connector() -> AsyncIterator[FakeConnector]:
    async with FakeConnector() as connector:
        yield connector


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with connector_session(use_proxy=False) as session:
        yield session


@pytest.fixture
def bot(session: ClientSession, connector: FakeConnector) -> Bot:
    return Bot(session, connector, NoTokens(), timeout=5)


async def test_a_message_is_sent_answered_edited_and_removed(bot: Bot, connector: FakeConnector) -> None:
    anna = bot.anna.conversation_id

    first = await bot.send()
    second = await bot.client.reply(bot.url, anna, first, {"type": "message", "text": "Antwoord"})
    await bot.client.update(bot.url, anna, first, {"type": "message", "text": "Nieuw"})
    await bot.client.delete(bot.url, anna, second)

    assert [(p.id, p.activity["text"], p.edits) for p in connector.messages(anna)] == [(first, "Nieuw", 1)]
    assert [(call.operation, call.message, call.status) for call in connector.calls] == [
        ("send", "", 201),
        ("reply", first, 201),
        ("update", first, 200),
        ("delete", second, 200),
    ]
    assert connector.calls[1].body["replyToId"] == first
    assert connector.calls[2].body["id"] == first
    assert {call.token for call in connector.calls} == {None}


async def test_ids_with_slashes_and_colons_reach_the_right_conversation(bot: Bot, connector: FakeConnector) -> None:
    thread = "19:meld/team+1@thread.tacv2;messageid=17 %2F"
    connector.group(thread, bot.anna)

    await bot.client.send(bot.url, thread, HELLO)
    await bot.client.send(bot.url.rstrip("/"), thread, HELLO)

    assert [call.conversation for call in connector.calls] == [thread, thread]
    assert len(connector.messages(thread)) == 2


async def test_a_conversation_is_opened_by_object_id_and_stays_the_same(bot: Bot, connector: FakeConnector) -> None:
    opened = [
        await bot.client.create_conversation(bot.url, bot_id=BOT_ID, person=bot.anna.person, tenant_id=TENANT)
        for _ in range(2)
    ]

    assert opened == [bot.anna.conversation_id] * 2
    assert connector.calls[0].body == {
        "bot": {"id": BOT_ID},
        "members": [{"id": bot.anna.person}],
        "isGroup": False,
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


async def test_somebody_without_the_app_is_unreachable(bot: Bot) -> None:
    with pytest.raises(Unreachable) as failure:
        await bot.client.create_conversation(bot.url, bot_id=BOT_ID, person="nobody", tenant_id=TENANT)

    assert failure.value.reason == "403 ForbiddenOperationException"


@pytest.mark.parametrize(
    ("fault", "send", "edit", "open_"),
    [
        (answers(400, "BadArgument"), Permanent, Permanent, Permanent),
        (answers_sub_code(403, "MessageWritesBlocked"), Unreachable, Unreachable, Unreachable),
        (answers(412), Retryable, Retryable, Retryable),
        (answers(429, retry_after=3), Retryable, Retryable, Retryable),
        (answers(503, retry_after=3), Retryable, Retryable, Retryable),
        (answers(503), Ambiguous, Retryable, Retryable),
        (answers_html(502), Ambiguous, Retryable, Retryable),
        (answers_html(200), Ambiguous, Retryable, Retryable),
        (Fault(101), Ambiguous, Retryable, Retryable),
        (RESET, Ambiguous, Retryable, Retryable),
        (CLOSED, Ambiguous, Retryable, Retryable),
        (takes_then(answers(504)), Ambiguous, Retryable, Retryable),
        (takes_then(CLOSED), Ambiguous, Retryable, Retryable),
    ],
    ids=[
        "400",
        "403 with a sub code",
        "412",
        "429",
        "503 with a wait",
        "503",
        "502 in HTML",
        "200 in HTML",
        "101",
        "reset",
        "closed",
        "taken, then 504",
        "taken, then closed",
    ],
)
async def test_a_failure_over_real_http_is_classified(
    fault: Fault,
    send: type[DeliveryFailed],
    edit: type[DeliveryFailed],
    open_: type[DeliveryFailed],
    bot: Bot,
    connector: FakeConnector,
) -> None:
    posted = await bot.send()
    connector.fails(fault, times=None)

    with pytest.raises(DeliveryFailed) as sent:
        await bot.send()
    with pytest.raises(DeliveryFailed) as edited:
        await bot.client.update(bot.url, bot.anna.conversation_id, posted, HELLO)
    with pytest.raises(DeliveryFailed) as opened:
        await bot.client.create_conversation(bot.url, bot_id=BOT_ID, person=bot.anna.person, tenant_id=TENANT)

    assert [sent.type, edited.type, opened.type] == [send, edit, open_]


async def test_a_wait_that_teams_asks_for_comes_along(bot: Bot, connector: FakeConnector) -> None:
    connector.fails(answers(429, retry_after=3))

    with pytest.raises(Retryable) as failure:
        await bot.send()

    assert failure.value.retry_after == 3


async def test_a_new_message_is_never_sent_twice_by_the_client_itself(bot: Bot, connector: FakeConnector) -> None:
    await bot.send()  # the next one goes over the same connection, which aiohttp could open anew
    connector.fails(takes_then(CLOSED))

    with pytest.raises(Ambiguous):
        await bot.send()

    assert len(connector.calls) == 2


async def test_nobody_listening_is_no_doubt(bot: Bot, connector: FakeConnector) -> None:
    await connector.stop()

    with pytest.raises(Retryable) as failure:
        await bot.send()

    assert failure.value.reason == "ClientConnectorError"


async def test_silence_after_sending_is_doubt(session: ClientSession) -> None:
    async with FakeConnector(sleep=lambda _: asyncio.Event().wait()) as connector:
        await Bot(session, connector, NoTokens(), timeout=5).send()  # connected: only the answer is missing now
        connector.fails(waits(60))

        with pytest.raises(Ambiguous) as failure:
            await Bot(session, connector, NoTokens(), timeout=0.1).send()

    assert failure.value.reason == "TimeoutError"


async def test_a_redirect_is_refused(session: ClientSession) -> None:
    async def elsewhere(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/elsewhere"})

    runner = web.ServerRunner(web.Server(elsewhere))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]

    with pytest.raises(Permanent) as failure:
        await ConnectorClient(session, NoTokens()).send(f"http://127.0.0.1:{port}", "a:1", HELLO)
    await runner.cleanup()

    assert failure.value.status == 307


async def test_an_address_that_is_none_is_refused(session: ClientSession) -> None:
    with pytest.raises(Permanent):
        await ConnectorClient(session, NoTokens()).send("nonsense", "a:1", HELLO)


async def test_a_message_that_is_gone_cannot_be_edited_but_counts_as_removed(bot: Bot) -> None:
    anna = bot.anna.conversation_id

    await bot.client.delete(bot.url, anna, "gone")
    with pytest.raises(Permanent) as failure:
        await bot.client.update(bot.url, anna, "gone", HELLO)

    assert failure.value.reason == "404 ActivityNotFoundInConversation"


async def test_removing_is_refused_where_the_bot_may_not_write(bot: Bot, connector: FakeConnector) -> None:
    posted = await bot.send()
    connector.close(bot.anna.conversation_id)

    with pytest.raises(Unreachable):
        await bot.client.delete(bot.url, bot.anna.conversation_id, posted)


async def test_a_refused_token_is_replaced_once(session: ClientSession, connector: FakeConnector) -> None:
    connector.accepted_token = "new"
    bot = Bot(session, connector, Tokens("old", "new"), timeout=5)

    await bot.send()
    await bot.send()

    assert [call.token for call in connector.calls] == ["Bearer old", "Bearer new", "Bearer new"]
    assert len(connector.messages(bot.anna.conversation_id)) == 2


async def test_a_bot_whose_new_token_is_refused_too_is_not_authorised(
    session: ClientSession, connector: FakeConnector
) -> None:
    connector.accepted_token = "another"
    bot = Bot(session, connector, Tokens("old", "new"), timeout=5)

    with pytest.raises(NotAuthorised):
        await bot.send()

    assert len(connector.calls) == 2


async def test_without_tokens_a_refusal_is_not_tried_again(bot: Bot, connector: FakeConnector) -> None:
    connector.accepted_token = "some"

    with pytest.raises(NotAuthorised):
        await bot.send()

    assert len(connector.calls) == 1


async def test_an_accepted_message_without_an_id_has_none(bot: Bot, connector: FakeConnector) -> None:
    connector.fails(Fault(202, b""), Fault(200, b'"text"'), Fault(200, b'{"id": 7}'))

    assert [await bot.send() for _ in range(3)] == ["", "", ""]


async def test_a_conversation_without_an_id_is_asked_for_again(bot: Bot, connector: FakeConnector) -> None:
    connector.fails(Fault(201, b"{}"))

    with pytest.raises(Retryable):
        await bot.client.create_conversation(bot.url, bot_id=BOT_ID, person=bot.anna.person, tenant_id=TENANT)


async def test_connections_are_used_again_and_never_outnumber_the_messages_under_way(
    bot: Bot, connector: FakeConnector
) -> None:
    for _ in range(5):
        await asyncio.gather(*(bot.send() for _ in range(4)))

    assert connector.connections <= 4
    assert len(connector.messages(bot.anna.conversation_id)) == 20


async def test_no_log_and_no_error_holds_what_was_sent_or_answered(
    session: ClientSession, connector: FakeConnector
) -> None:
    connector.accepted_token = "new"
    bot = Bot(session, connector, Tokens("old-secret", "new"), timeout=5)
    connector.fails(answers(401, "Unauthorized"), answers(400, "BadArgument"))

    with capture_logs() as logs, pytest.raises(Permanent) as failure:
        await bot.send()

    words = f"{logs} {failure.value!s} {failure.value!r}"
    assert "token_refused" in words
    assert not [secret for secret in ("verhaal", "This text", "old-secret") if secret in words]


async def test_calls_to_this_machine_pass_by_a_proxy(connector: FakeConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    async with connector_session(use_proxy=False) as direct, connector_session() as proxied:
        await Bot(direct, connector, NoTokens(), timeout=5).send()
        with pytest.raises(Retryable):
            await Bot(proxied, connector, NoTokens(), timeout=5).send()


async def test_every_request_is_let_through_first_by_whom_it_is_for(connector: FakeConnector) -> None:
    asked: list[str] = []

    async def admit(to: str) -> None:
        asked.append(to)
        if len(asked) == 5:
            raise HeldBack(2)

    async with connector_session(use_proxy=False) as session:
        client = ConnectorClient(session, Tokens("old", "new"), admit=admit)
        anna, url = connector.account("Anna"), connector.service_url
        conversation = await client.create_conversation(url, bot_id=BOT_ID, person=anna.person, tenant_id=TENANT)
        connector.fails(answers(401))
        message = await client.send(url, conversation, HELLO)
        await client.update(url, conversation, message, HELLO)
        with pytest.raises(HeldBack):
            await client.delete(url, conversation, message)

    assert asked == [anna.person, *[conversation] * 4]
    assert [call.operation for call in connector.calls] == ["create", "send", "send", "update"]
