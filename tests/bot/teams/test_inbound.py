"""What comes in at the route, good and bad, and what Teams is answered."""

import asyncio
import gzip
import io
import json
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from yarl import URL

from bot.teams.errors import Permanent
from bot.teams.events import Channel, Event, Message, Unreadable
from bot.teams.inbound import LARGEST_BODY
from dialogs.turn import Pressed, Said
from tests.bot.teams.edge import SENTENCES, Recorder, activity, edge
from tests.fake_connector import FakeConnector, answers
from tests.teams_client import Person

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Dank je wel"}]}
THANKS = Message(card=CARD, summary="Ontvangen")
SECRET = "zij mocht nooit naar buiten"


def execute(verb: str = "send", **data: Any) -> dict[str, Any]:
    return {"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"}


async def post(handler: Recorder, body: bytes, **headers: str) -> tuple[int, bytes]:
    async with edge(handler) as url, ClientSession() as session:
        json_headers = {"Content-Type": "application/json", **headers}
        async with session.post(url, data=io.BytesIO(body), headers=json_headers) as answer:
            return answer.status, await answer.read()


def anna_in(connector: FakeConnector, url: str, session: ClientSession) -> Person:
    return Person("Anna", connector, url, session)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in activity().items() if name not in names}


NOT_ACTIVITIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"hallo",
    "half JSON": json.dumps(activity()).encode()[:-1],
    "two objects": json.dumps(activity()).encode() * 2,
    "a list": b"[]",
    "a text": b'"hallo"',
    "null": b"null",
    "not UTF-8": b'{"type": "\xff\xfe"}',
    "a thousand brackets": b"[" * 1000,
    "no type": json.dumps(without("type")).encode(),
    "no id": json.dumps(without("id")).encode(),
    "empty id": json.dumps(activity(id="")).encode(),
    "id with a line end": json.dumps(activity(id="1\n2")).encode(),
    "endless id": json.dumps(activity(id="1" * 5000)).encode(),
    "no sender": json.dumps(without("from")).encode(),
    "sender is a text": json.dumps(activity(**{"from": "Anna"})).encode(),
    "sender without id": json.dumps(activity(**{"from": {"name": "Anna"}})).encode(),
    "no recipient": json.dumps(without("recipient")).encode(),
    "no conversation": json.dumps(without("conversation")).encode(),
    "conversation without id": json.dumps(activity(conversation={})).encode(),
    "text is a number": json.dumps(activity(text=5)).encode(),
    "entities are an object": json.dumps(activity(entities={})).encode(),
    "channel data is a text": json.dumps(activity(channelData="x")).encode(),
    "members are null": json.dumps(activity(membersAdded=[None])).encode(),
}


@pytest.mark.parametrize("body", NOT_ACTIVITIES.values(), ids=NOT_ACTIVITIES)
async def test_what_is_no_activity_is_a_bad_request(body: bytes) -> None:
    handler = Recorder()
    with capture_logs() as logs:
        status, _ = await post(handler, body)

    assert status == 400
    assert handler.events == []
    assert [entry["event"] for entry in logs] == ["request_refused"]
    assert "hallo" not in str(logs)


@pytest.mark.parametrize(
    "broken", [b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"], ids=["never", "half", "surrogate", "overlong"]
)
@pytest.mark.parametrize("place", ["hallo", "a name of a value", "in a value", "in what is not looked at"])
async def test_bytes_that_are_not_utf_8_are_a_bad_request_that_says_so_wherever_they_stand(
    place: str, broken: bytes
) -> None:
    handler = Recorder()
    whole = activity(text="hallo", value={"a name of a value": "in a value"}, extra="in what is not looked at")
    body = json.dumps(whole).encode().replace(place.encode(), broken)
    with capture_logs() as logs:
        status, answer = await post(handler, body)

    assert (status, answer, handler.events) == (400, b"", [])
    assert [(entry["event"], entry["reason"]) for entry in logs] == [("request_refused", "body not UTF-8")]


async def test_a_body_that_says_it_is_too_large_is_not_waited_for() -> None:
    async with edge(Recorder()) as url:
        address = URL(url)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        head = f"POST {address.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {LARGEST_BODY + 1}\r\n\r\n".encode())
        async with asyncio.timeout(5):
            assert b" 413 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_a_large_body_in_pieces_is_not_read_to_its_end() -> None:
    handler = Recorder()

    async def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 65536

    json_headers = {"Content-Type": "application/json"}
    async with (
        edge(handler) as url,
        ClientSession() as session,
        session.post(url, data=pieces(), headers=json_headers) as answer,
    ):
        assert answer.status == 413


@pytest.mark.parametrize(
    ("body", "expected"),
    [(gzip.compress(json.dumps(activity()).encode()), 200), (b"no gzip", 400), (gzip.compress(b"x" * 3_000_000), 413)],
    ids=["good", "broken", "bomb"],
)
async def test_packed_bodies(body: bytes, expected: int) -> None:
    status, _ = await post(Recorder(), body, **{"Content-Encoding": "gzip"})

    assert status == expected


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_posting_is_possible(method: str) -> None:
    """Neither the SDK's streaming over GET and WebSocket nor anything else."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    async with (
        edge(Recorder()) as url,
        ClientSession() as session,
        session.request(method, url, headers=upgrade) as answer,
    ):
        assert answer.status == 405


async def test_a_message_is_answered_with_nothing_and_the_reply_goes_through_the_connector() -> None:
    handler = Recorder(says=THANKS)
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        await anna.says("hallo")

        assert (anna.status, anna.answer) == (200, {})
        assert anna.sees("Dank je wel")
        [call] = connector.calls
        assert call.operation == "reply"
        assert handler.sent == [message.id for message in connector.messages(anna.account.conversation_id)]


async def test_thirty_thousand_characters_and_emoji_come_over_whole() -> None:
    handler, text = Recorder(), "👩‍👧 waarom 🤷🏽‍♀️ dan? " * 1500
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        await anna_in(connector, url, session).says(text)

    assert handler.event.what == Said(text.strip())
    assert len(text) > 30_000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"moe \ud83d", "moe \ufffd"),
        (rb"\uDE00 moe", "\ufffd moe"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\ud83d\ude00\ude00", "\U0001f600\ufffd"),
        (rb"\ud83d\u0041", "\ufffdA"),
        (rb"map C:\\ud83d", "map C:\\ud83d"),
        (rb"\\\ud83d", "\\\ufffd"),
    ],
)
async def test_half_an_emoji_is_taken_as_a_character_that_could_not_be_read(written: bytes, read: str) -> None:
    handler = Recorder()

    status, _ = await post(handler, json.dumps(activity(text="HERE")).encode().replace(b"HERE", written))

    assert status == 200
    assert handler.event.what == Said(read)


async def test_half_an_emoji_in_a_card_and_in_a_name_is_taken_too() -> None:
    handler = Recorder(answer=THANKS)
    pressed = activity(
        type="invoke", name="adaptiveCard/action", text=None, value=execute(**{"in.story": "moe \ud83d"})
    )
    pressed["from"]["name"] = "Anna \ud83d"

    status, _ = await post(handler, json.dumps(pressed).encode())

    assert status == 200
    assert isinstance(handler.event.what, Pressed)
    assert handler.event.what.inputs == {"story": "moe \ufffd"}
    assert handler.event.address.name == "Anna \ufffd"


async def test_a_press_is_answered_with_a_card_and_the_card_itself_follows() -> None:
    handler = Recorder(says=Message(card=CARD | {"body": []}))
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        await anna.says("hallo")
        [shown] = anna.messages
        handler.says, handler.answer = None, THANKS
        await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId=shown.id)

        assert anna.answer == {
            "statusCode": 200,
            "type": "application/vnd.microsoft.card.adaptive",
            "value": CARD,
        }
        await connector.until(lambda: bool(connector.calls_of("update")))
        [posted] = connector.messages(anna.account.conversation_id)
        assert posted.activity["attachments"][0]["content"] == CARD
        assert posted.activity["summary"] == "Ontvangen"


async def test_the_answer_to_a_press_does_not_wait_for_the_card_and_a_shutdown_does() -> None:
    handler, go = Recorder(says=THANKS), asyncio.Event()

    async def wait(_seconds: float) -> None:
        await go.wait()

    async with FakeConnector(sleep=wait) as connector:
        async with edge(handler) as url, ClientSession() as session:
            anna = anna_in(connector, url, session)
            await anna.says("hallo")
            [shown] = anna.messages
            connector.latency = 1.0
            handler.says, handler.answer = None, THANKS
            await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId=shown.id)
            assert anna.answer["statusCode"] == 200
            asyncio.get_running_loop().call_soon(go.set)

        [posted] = connector.messages(anna.account.conversation_id)
        assert posted.edits == 1


async def test_cards_with_the_same_id_in_several_chats_all_follow() -> None:
    handler = Recorder(says=Message(card=CARD | {"body": []}))
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        people = [Person(name, connector, url, session) for name in ("Anna", "Robin", "Kim")]
        for person in people:
            await person.says("hallo")
        assert len({person.messages[0].id for person in people}) == 1
        handler.says, handler.answer, connector.latency = None, THANKS, 0.05
        for person in people:
            shown = person.messages[0].id
            await person.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId=shown)

        await connector.until(lambda: all(person.notifications == ["Ontvangen"] for person in people))


async def test_a_card_that_cannot_be_updated_does_not_spoil_the_press() -> None:
    handler = Recorder(answer=THANKS)
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            anna = anna_in(connector, url, session)
            await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId="gone")
            assert anna.answer["value"] == CARD

    assert [entry["event"] for entry in logs] == ["card_not_updated"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(None, SENTENCES.done), (Message(text="Al ontvangen"), "Al ontvangen"), (Message(), SENTENCES.done)],
    ids=["nothing", "a text", "an empty message"],
)
async def test_a_press_without_a_card_is_answered_with_a_sentence(answer: Message | None, expected: str) -> None:
    handler = Recorder(answer=answer)
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId="1")

        assert anna.answer == {
            "statusCode": 200,
            "type": "application/vnd.microsoft.activity.message",
            "value": expected,
        }
    assert connector.calls == []


@pytest.mark.parametrize("name", ["task/fetch", "task/submit", "signin/verifyState", "fileConsent/invoke", None])
async def test_other_invokes_are_not_for_us(name: str | None) -> None:
    handler = Recorder()
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        status = await anna.posts(anna.activity(type="invoke", name=name, value={}))

        assert (status, anna.answer["statusCode"]) == (501, 501)
    assert handler.events == []


async def test_a_fault_in_a_message_turn_is_told_with_its_number_and_its_words_stay_out_of_the_log() -> None:
    handler = Recorder(error=RuntimeError(SECRET))
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            anna = anna_in(connector, url, session)
            await anna.says("hallo")
            [shown] = anna.messages

    [entry] = logs
    assert shown.text == SENTENCES.failed.format(error_id=entry["error_id"])
    assert (entry["event"], entry["error"]) == ("turn_failed", "RuntimeError")
    assert "__call__" in entry["where"]
    assert SECRET not in str(logs)


async def test_a_fault_in_a_press_is_told_in_the_answer() -> None:
    handler = Recorder(error=RuntimeError(SECRET))
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            anna = anna_in(connector, url, session)
            await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId="1")

    [entry] = logs
    assert anna.answer == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": SENTENCES.failed.format(error_id=entry["error_id"]),
    }
    assert SECRET not in str(logs)
    assert connector.calls == []


class Slow(Recorder):
    """A handler that ends when it is told to."""

    def __init__(self, **does: Any) -> None:
        super().__init__(**does)
        self.go = asyncio.Event()

    async def __call__(self, event: Event, channel: Channel) -> Message | None:
        await self.go.wait()
        return await super().__call__(event, channel)


async def test_a_press_that_takes_long_is_answered_meanwhile_and_its_card_follows() -> None:
    handler = Slow(says=THANKS)
    handler.go.set()
    async with FakeConnector() as connector, edge(handler, answer_within=0.01) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        await anna.says("hallo")
        await connector.until(lambda: bool(anna.messages))
        [shown] = anna.messages
        handler.go.clear()
        handler.says, handler.answer = None, Message(card=CARD | {"body": []})

        await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId=shown.id)
        assert (anna.answer["statusCode"], anna.answer["value"]) == (200, SENTENCES.late)

        handler.go.set()
        await connector.until(lambda: bool(connector.calls_of("update")))
        [posted] = connector.messages(anna.account.conversation_id)
        assert posted.activity["attachments"][0]["content"] == handler.answer.card


@pytest.mark.parametrize(
    ("does", "heard"),
    [({"answer": Message(text="Het is nu druk.")}, "Het is nu druk."), ({"error": ValueError(SECRET)}, "Er ging iets")],
    ids=["a text", "a fault"],
)
async def test_what_a_late_press_gives_is_told_in_a_message(does: dict[str, Any], heard: str) -> None:
    handler = Slow(**does)
    async with FakeConnector() as connector, edge(handler, answer_within=0.01) as url, ClientSession() as session:
        anna = anna_in(connector, url, session)
        await anna.sends(type="invoke", name="adaptiveCard/action", value=execute(), replyToId="1")
        assert anna.answer["value"] == SENTENCES.late

        handler.go.set()
        await anna.hears(heard)


async def test_a_message_that_takes_long_is_answered_meanwhile_and_a_shutdown_waits_for_it() -> None:
    handler = Slow(says=Message(text="Gelezen"))
    async with FakeConnector() as connector:
        async with edge(handler, answer_within=0.01) as url, ClientSession() as session:
            anna = anna_in(connector, url, session)
            await anna.says("hallo")
            assert anna.status == 200
            assert anna.messages == []
            asyncio.get_running_loop().call_soon(handler.go.set)

        assert anna.sees("Gelezen")


async def test_a_fault_at_an_installation_is_logged_only() -> None:
    handler = Recorder(error=RuntimeError(SECRET))
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            await anna_in(connector, url, session).sends(type="installationUpdate", action="add")

    assert [entry["event"] for entry in logs] == ["turn_failed"]
    assert connector.calls == []


@pytest.mark.parametrize(
    ("fault", "posts"),
    [(answers(413, "MessageSizeTooBig"), 2), (answers(403, "BotNotInConversationRoster"), 1), (answers(502), 1)],
    ids=["too large a card", "blocked", "perhaps arrived"],
)
async def test_an_answer_that_is_not_delivered_is_logged_and_not_raised(fault: Any, posts: int) -> None:
    handler = Recorder(says=THANKS)
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            connector.fails(fault)
            anna = anna_in(connector, url, session)
            await anna.says("hallo")

            assert anna.status == 200
            assert len(connector.calls) == posts
    assert [entry["event"] for entry in logs] == ["answer_not_delivered"]


async def test_an_apology_that_is_not_delivered_either_ends_there() -> None:
    handler = Recorder(error=Permanent(code="MessageSizeTooBig"))
    with capture_logs() as logs:
        async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
            connector.fails(answers(413), times=None)
            anna = anna_in(connector, url, session)
            await anna.says("hallo")

            assert anna.status == 200
    assert [entry["event"] for entry in logs] == ["answer_not_delivered"] * 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("Action.Execute"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [*activity(), "value", "name", "action", "replyToId", "membersAdded", "deliveryMode", "attachments"]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """An activity of which some fields, at any depth, are gone or are something else."""
    usual = activity(
        type=draw(
            st.sampled_from(["message", "invoke", "installationUpdate", "conversationUpdate", "event", "typing"])
        ),
        name="adaptiveCard/action",
        action="add",
        replyToId="1",
        value=draw(st.sampled_from([execute(a="1"), {"action": "send", "in.story": "x"}])),
        membersAdded=[{"id": "28:1"}],
    )
    for name in draw(st.lists(st.sampled_from(FIELDS), max_size=3)):
        where: Any = usual
        while isinstance(where.get(name), dict) and where[name] and draw(st.booleans()):
            where = where[name]
            name = draw(st.sampled_from(sorted(where)))  # noqa: PLW2901 - one step down
        if draw(st.booleans()):
            where.pop(name, None)
        else:
            where[name] = draw(json_values)
    return usual


async def test_whatever_an_activity_looks_like_the_bot_does_not_break() -> None:
    """Some hundreds of spoilt activities: each is taken or refused, none breaks anything."""
    seen: set[int] = set()
    bodies: list[dict[str, Any]] = []

    @settings(max_examples=400, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(mutated())
    def collect(body: dict[str, Any]) -> None:
        bodies.append(body)

    collect()
    handler = Recorder(answer=THANKS)
    with capture_logs() as logs:
        async with edge(handler) as url, ClientSession() as session:
            for body in bodies:
                async with session.post(url, json=body) as answer:
                    seen.add(answer.status)
                    assert answer.status < 500 or answer.status == 501, body
    assert {entry["event"] for entry in logs} <= {"request_refused", "card_not_updated"}
    assert {200, 400, 403} <= seen
    assert any(isinstance(event.what, Unreadable) for event in handler.events)
    assert len(bodies) >= 300
