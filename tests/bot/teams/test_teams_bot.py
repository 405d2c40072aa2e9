"""What people do in Teams, as the events that the bot proper takes."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from botbuilder.core import TurnContext

from bot.teams.activity_events import said_or_submitted
from bot.teams.adapter import MeldrouteAdapter
from bot.teams.connector import ConnectorClient
from bot.teams.events import Channel, Event, Installed, Message, Scope, Uninstalled, Unreadable
from bot.teams.identity import NoTokens
from bot.teams.incoming import Incoming
from bot.teams.late_updates import LateUpdates
from bot.teams.teams_bot import TurnChannel
from dialogs.domain.addresses import Address
from dialogs.turn import Pressed, Said
from tests.bot.teams.edge import NOW, Recorder, activity, edge
from tests.fake_connector import BOT_ID, TENANT, FakeConnector, waits
from tests.teams_client import Person

CARD: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": []}


async def event_of(**fields: Any) -> Event | None:
    """The event that comes of Anna sending this."""
    handler = Recorder()
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        await Person("Anna", connector, url, session).sends(**fields)
    return handler.event if handler.events else None


async def what_of(**fields: Any) -> object:
    event = await event_of(**fields)
    return event and event.what


async def test_an_event_says_who_did_it_where_and_when() -> None:
    handler = Recorder()
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = Person("Anna", connector, url, session)
        await anna.sends(id="1700", text="hallo")
        service_url = connector.service_url

    assert handler.event == Event(
        activity_id="1700",
        scope=Scope.PERSONAL,
        address=Address(
            person=anna.account.person,
            name="Anna",
            conversation_id=anna.account.conversation_id,
            service_url=service_url,
            tenant_id=TENANT,
            teams_id=anna.account.teams_id,
            bot_id=BOT_ID,
            seen_at=NOW,
        ),
        what=Said("hallo"),
        wants_answer=False,
    )


def mention(text: str, who: str, name: str) -> dict[str, Any]:
    return {"type": "mention", "text": text, "mentioned": {"id": who, "name": name}}


BOT = mention("<at>Meldroute</at>", BOT_ID, "Meldroute")
TEXTS: dict[str, tuple[dict[str, Any], str]] = {
    "as it is": ({"text": "Zij zei niets."}, "Zij zei niets."),
    "spaces around": ({"text": "  hallo \n"}, "hallo"),
    "two lines": ({"text": "een\r\ntwee\rdrie"}, "een\ntwee\ndrie"),
    "hard spaces": ({"text": "een&nbsp;twee\u00a0drie"}, "een twee drie"),
    "HTML signs": ({"text": "1 &lt; 2 &amp; 3"}, "1 < 2 & 3"),
    "control characters": ({"text": "a\x00b\x07c\u200bd"}, "abcd"),
    "a family of emoji": ({"text": "👩‍👧"}, "👩‍👧"),
    "our name before it": ({"text": "<at>Meldroute</at> melden", "entities": [BOT]}, "melden"),
    "our name with a hard space": ({"text": "<at>Meldroute</at>&nbsp;melden", "entities": [BOT]}, "melden"),
    "our name in the sentence": ({"text": "is Meldroute ok", "entities": [BOT]}, "is Meldroute ok"),
    "our name twice": (
        {"text": "<at>Meldroute</at> help <at>Meldroute</at>", "entities": [BOT, BOT]},
        "help",
    ),
    "somebody else's name": (
        {"text": "bel <at>Bo</at> even", "entities": [mention("<at>Bo</at>", "29:2", "Bo Bos")]},
        "bel Bo Bos even",
    ),
    "a mention without text": ({"text": "hallo", "entities": [{"type": "mention"}]}, "hallo"),
    "with its HTML twin": (
        {"text": "hallo", "attachments": [{"contentType": "text/html", "content": "<p>hallo</p>"}]},
        "hallo",
    ),
    "with a value too": ({"text": "melden", "value": {"action": "send"}}, "melden"),
}


@pytest.mark.parametrize(("fields", "text"), TEXTS.values(), ids=TEXTS)
async def test_text_reaches_the_bot_as_it_was_meant(fields: dict[str, Any], text: str) -> None:
    assert await what_of(**fields) == Said(text)


UNREADABLE: dict[str, dict[str, Any]] = {
    "a GIF": {"text": "", "attachments": [{"contentType": "image/gif", "contentUrl": "https://example.org/a.gif"}]},
    "a file": {"attachments": [{"contentType": "application/vnd.microsoft.teams.file.download.info"}]},
    "nothing": {},
    "spaces": {"text": " \u00a0\u200b\n"},
    "only our name": {"text": "<at>Meldroute</at>", "entities": [BOT]},
    "an empty form": {"value": {}},
    "a form without an action": {"value": {"in.story": "x"}},
    "a form with an empty action": {"value": {"action": ""}},
    "a form that is a text": {"value": "send"},
    "a form in a form": {"value": {"action": "send", "data": {"id": "1"}}},
    "a list in a form": {"value": {"action": "send", "in.criteria": ["a", "b"]}},
    "an action that is a list": {"value": {"action": ["send"]}},
    "an endless action": {"value": {"action": "x" * 300}},
    "a very long form": {"value": {"action": "send"} | {f"in.{n}": "x" for n in range(300)}},
    "a very large form": {"value": {"action": "send", "in.story": "x" * 250_000}},
}


@pytest.mark.parametrize("fields", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_read_is_said_to_be_so(fields: dict[str, Any]) -> None:
    assert await what_of(**fields) == Unreadable()


async def test_a_card_submit_of_an_old_client_is_a_press() -> None:
    value = {"action": "answer", "draft": "d1", "version": 3, "in.story": "Zij zei niets", "in.safe": True}

    assert await what_of(value=value, replyToId="1699") == Pressed(
        action="answer",
        data={"draft": "d1", "version": "3"},
        inputs={"story": "Zij zei niets", "safe": "true"},
        card_id="1699",
    )


def action(**fields: Any) -> dict[str, Any]:
    return {"action": {"type": "Action.Execute", "verb": "answer", "data": {"draft": "d1"}} | fields}


async def test_an_execute_is_a_press_that_wants_an_answer() -> None:
    data = {"draft": "d1", "half": 0.5, "no": False, "gone": None, "in.criteria": "a,b", "in.story": ""}
    event = await event_of(type="invoke", name="adaptiveCard/action", replyToId="1699", value=action(data=data))

    assert event is not None
    assert event.wants_answer
    assert event.what == Pressed(
        "answer", {"draft": "d1", "half": "0.5", "no": "false"}, {"criteria": "a,b", "story": ""}, "1699"
    )


async def test_a_key_called_action_in_an_execute_is_data_as_any_other() -> None:
    what = await what_of(type="invoke", name="adaptiveCard/action", value=action(data={"action": "old"}))

    assert what == Pressed("answer", {"action": "old"}, {}, None)


@pytest.mark.parametrize("data", [None, {}], ids=["no data", "empty data"])
async def test_a_button_may_carry_nothing(data: object) -> None:
    assert await what_of(type="invoke", name="adaptiveCard/action", value=action(data=data)) == Pressed("answer")


UNREADABLE_PRESSES: dict[str, Any] = {
    "no value": None,
    "a text": "send",
    "no action": {},
    "action is a text": {"action": "send"},
    "another type": action(type="Action.Submit"),
    "no verb": {"action": {"type": "Action.Execute", "data": {}}},
    "empty verb": action(verb=""),
    "verb is an object": action(verb={}),
    "nested data": action(data={"draft": {"id": "1"}}),
    "data is a text": action(data="x"),
    "data is a list": action(data=[]),
}


@pytest.mark.parametrize("value", UNREADABLE_PRESSES.values(), ids=UNREADABLE_PRESSES)
async def test_a_press_that_cannot_be_read_wants_an_answer_all_the_same(value: Any) -> None:
    event = await event_of(type="invoke", name="adaptiveCard/action", value=value)

    assert event is not None
    assert (event.what, event.wants_answer) == (Unreadable(), True)


INSTALLATIONS: dict[str, tuple[dict[str, Any], object]] = {
    "added": ({"type": "installationUpdate", "action": "add"}, Installed()),
    "renewed": ({"type": "installationUpdate", "action": "add-upgrade"}, Installed()),
    "removed": ({"type": "installationUpdate", "action": "remove"}, Uninstalled()),
    "removed to be renewed": ({"type": "installationUpdate", "action": "remove-upgrade"}, None),
    "something else": ({"type": "installationUpdate", "action": "x"}, None),
    "the bot came": ({"type": "conversationUpdate", "membersAdded": [{"id": "29:2"}, {"id": BOT_ID}]}, Installed()),
    "others came": ({"type": "conversationUpdate", "membersAdded": [{"id": "29:2"}]}, None),
    "others went": ({"type": "conversationUpdate", "membersRemoved": [{"id": "29:2"}]}, None),
    "a channel was renamed": ({"type": "conversationUpdate", "channelData": {"eventType": "channelRenamed"}}, None),
    "a thumb": ({"type": "messageReaction", "reactionsAdded": [{"type": "like"}]}, None),
    "an edited message": ({"type": "messageUpdate", "text": "anders"}, None),
    "a deleted message": ({"type": "messageDelete"}, None),
    "typing": ({"type": "typing"}, None),
    "an event": ({"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {}}, None),
    "the end": ({"type": "endOfConversation"}, None),
    "something new": ({"type": "somethingNew"}, None),
}


@pytest.mark.parametrize(("fields", "what"), INSTALLATIONS.values(), ids=INSTALLATIONS)
async def test_coming_and_going(fields: dict[str, Any], what: object) -> None:
    assert await what_of(**fields) == what


SCOPES: dict[str, tuple[dict[str, Any], Scope]] = {
    "one to one": ({"conversationType": "personal", "id": "a:1"}, Scope.PERSONAL),
    "group chat": ({"conversationType": "groupChat", "id": "19:1@thread.v2", "isGroup": True}, Scope.GROUP),
    "channel": ({"conversationType": "channel", "id": "19:1@thread.tacv2;messageid=1"}, Scope.CHANNEL),
    "not said, and it looks like one to one": ({"id": "a:1"}, Scope.PERSONAL),
    "not said, and it looks like a group": ({"id": "19:1@thread.v2"}, Scope.GROUP),
    "not said, and it is a group": ({"id": "a:1", "isGroup": True}, Scope.GROUP),
    "a kind that we do not know": ({"conversationType": "meeting", "id": "a:1"}, Scope.GROUP),
}


@pytest.mark.parametrize(("conversation", "scope"), SCOPES.values(), ids=SCOPES)
async def test_content_is_only_for_what_is_surely_one_to_one(conversation: dict[str, Any], scope: Scope) -> None:
    event = await event_of(text="hallo", conversation=conversation)

    assert event is not None
    assert event.scope is scope


def test_a_number_that_is_no_number_does_no_harm() -> None:
    body = {"type": "message", "id": "1", "from": {"id": "29:1"}, "recipient": {"id": BOT_ID}}
    activity = Incoming.model_validate(
        {**body, "conversation": {"id": "a:1"}, "value": {"action": "send", "n": float("nan")}}
    )

    assert said_or_submitted(activity) == Pressed("send", {"n": "nan"})


async def twin(**fields: Any) -> bytes:
    handler = Recorder()
    async with edge(handler) as url, ClientSession() as session:
        await session.post(url, json=activity(**fields))
    return handler.event.twin


async def test_an_activity_is_known_again_under_another_id() -> None:
    sent = {"text": "ja", "timestamp": "2026-11-23T09:30:00.1234567Z"}

    first = await twin(**sent, id="1")

    assert first
    assert await twin(**sent, id="2") == first
    assert await twin(**sent | {"text": "nee"}, id="2") != first
    assert await twin(**sent | {"timestamp": "2026-11-23T09:30:00.1234568Z"}, id="2") != first


@pytest.mark.parametrize("timestamp", [None, 5, "2026-11-23T09:30:00Z", ["."]], ids=str)
async def test_without_the_moment_to_a_fraction_of_a_second_no_two_activities_are_taken_for_one(timestamp: Any) -> None:
    assert await twin(text="ja", timestamp=timestamp) == b""


async def test_the_channel_sends_changes_and_removes_in_the_conversation_of_the_turn() -> None:
    card = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Vraag 1"}]}

    async def handler(_event: Event, channel: Channel) -> Message | None:
        first = await channel.send(Message(text="Hallo", summary="Hallo"))
        second = await channel.send(Message(card=card, summary="Een vraag"))
        await channel.update(second, Message(text="Al beantwoord"))
        await channel.delete(first)
        return None

    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        anna = Person("Anna", connector, url, session)
        await anna.says("hallo")

        assert [call.operation for call in connector.calls] == ["reply", "reply", "update", "delete"]
        assert {call.conversation for call in connector.calls} == {anna.account.conversation_id}
        assert connector.calls[1].body["attachments"] == [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        ]
        assert connector.calls[1].body["summary"] == "Een vraag"
        assert [shown.text for shown in anna.messages] == ["Al beantwoord"]


async def test_after_an_arrival_the_welcome_is_a_message_and_no_reply() -> None:
    handler = Recorder(says=Message(text="Welkom"))
    async with FakeConnector() as connector, edge(handler) as url, ClientSession() as session:
        await Person("Anna", connector, url, session).sends(type="conversationUpdate", membersAdded=[{"id": BOT_ID}])

        assert [call.operation for call in connector.calls] == ["send"]


async def test_the_answer_to_a_press_comes_after_the_older_picture_of_its_card() -> None:
    handler, is_being_sent, go = Recorder(says=Message(card=CARD)), asyncio.Event(), asyncio.Event()

    async def slowly(_seconds: float) -> None:
        is_being_sent.set()
        await go.wait()

    async with FakeConnector(sleep=slowly) as connector, edge(handler) as url, ClientSession() as session:
        anna = Person("Anna", connector, url, session)
        await anna.sends(text="melden")
        [shown] = connector.messages(anna.account.conversation_id)
        handler.says = None
        connector.fails(waits(1), when=lambda call: call.operation == "update")

        async def presses(answer: str) -> None:
            handler.answer = Message(card={**CARD, "speak": answer})
            action: dict[str, Any] = {"type": "Action.Execute", "verb": "next", "data": {}}
            what = {"type": "invoke", "name": "adaptiveCard/action", "replyToId": shown.id}
            await anna.sends(**what, value={"action": action})

        await presses("older")
        await is_being_sent.wait()
        again = asyncio.create_task(presses("newer"))
        await asyncio.wait([again], timeout=0.1)
        assert not again.done()
        go.set()
        await again
        assert anna.answer["value"]["speak"] == "newer"


async def test_a_change_in_the_next_turn_is_not_overtaken_by_the_late_one_of_the_last() -> None:
    updates, late_updates, go = list[str](), LateUpdates(), asyncio.Event()

    class Listening(ConnectorClient):
        async def update(self, service_url: str, conversation_id: str, message_id: str, activity: Any) -> None:
            updates.append(activity["text"])

    async def logic(turn_context: TurnContext) -> None:
        channel = TurnChannel(turn_context, late_updates)

        async def late() -> None:
            await go.wait()
            await channel.update_now("1699", Message(text="oud"))

        late_updates.start(channel.named("1699"), late)
        change = asyncio.create_task(channel.update("1699", Message(text="nieuw")))
        for _ in range(10):
            await asyncio.sleep(0)
        assert updates == []
        go.set()
        await change

    async with ClientSession() as session:
        adapter = MeldrouteAdapter(Listening(session, NoTokens()))
        await adapter.process(Incoming.model_validate(activity()), logic)
    assert updates == ["oud", "nieuw"]
