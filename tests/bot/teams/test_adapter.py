"""The SDK's turns on our own connector client."""

from typing import Any

import pytest
from aiohttp import ClientSession
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes

from bot.teams.activities import to_activity
from bot.teams.adapter import MeldrouteAdapter, sdk_message, wire
from bot.teams.connector import ConnectorClient
from bot.teams.errors import DeliveryFailed
from bot.teams.events import Message
from bot.teams.identity import NoTokens
from bot.teams.incoming import Incoming
from tests.fake_connector import FakeConnector, answers
from tests.teams_client import Person

CARD = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Vraag 1"}]}


async def turn(connector: FakeConnector, logic: Any, **fields: Any) -> InvokeResponse | None:
    async with ClientSession() as session:
        person = Person("Anna", connector, "", session)
        adapter = MeldrouteAdapter(ConnectorClient(session, NoTokens()))
        return await adapter.process(Incoming.model_validate(person.activity(**fields)), logic)


@pytest.mark.parametrize(
    "message",
    [
        Message(text="Hallo"),
        Message(text="Hallo", summary="Nieuws over S-2026-0001"),
        Message(card=CARD, summary="Een vraag"),
        Message(),
    ],
    ids=["text", "text with summary", "card", "nothing"],
)
def test_a_message_goes_through_the_sdk_unchanged(message: Message) -> None:
    plain = to_activity(message)

    assert wire(sdk_message(plain)) == plain


async def test_a_message_in_a_turn_goes_out_as_the_outbox_would_send_it() -> None:
    """The SDK adds that an answer is expected and where it goes; nothing of it changes what people see."""
    plain = to_activity(Message(card=CARD, summary="Een vraag"))

    async def logic(context: TurnContext) -> None:
        await context.send_activity(sdk_message(plain))

    async with FakeConnector() as connector:
        await turn(connector, logic, id="1700")
        [call] = connector.calls

    assert call.body == {**plain, "inputHint": "acceptingInput", "replyToId": "1700"}
    assert call.message == "1700"


async def test_several_messages_keep_their_order_and_get_their_ids() -> None:
    ids: list[str] = []

    async def logic(context: TurnContext) -> None:
        sent: Any = await context.send_activities([sdk_message({"type": "message", "text": t}) for t in "abc"])
        ids.extend(response.id for response in sent)

    async with FakeConnector() as connector:
        await turn(connector, logic)
        assert [call.body["text"] for call in connector.calls] == ["a", "b", "c"]
        assert ids == [posted.id for posted in connector.messages(connector.account("Anna").conversation_id)]


async def test_the_card_is_shared_and_not_copied() -> None:
    sent: list[Any] = []

    class Listening(ConnectorClient):
        async def reply(self, service_url: str, conversation_id: str, reply_to: str, activity: Any) -> str:
            sent.append(activity["attachments"][0]["content"])
            return "1"

    async def logic(context: TurnContext) -> None:
        await context.send_activity(sdk_message(to_activity(Message(card=CARD))))

    async with ClientSession() as session:
        person = Person("Anna", FakeConnector(), "", session)
        await MeldrouteAdapter(Listening(session, NoTokens())).process(
            Incoming.model_validate(person.activity()), logic
        )

    assert sent[0] is CARD


async def test_the_answer_to_an_invoke_is_kept_and_not_sent() -> None:
    async def logic(context: TurnContext) -> None:
        answer = InvokeResponse(status=200, body=b"{}")
        await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=answer))

    async with FakeConnector() as connector:
        answer: Any = await turn(connector, logic, type="invoke")

        assert (answer.status, answer.body) == (200, b"{}")
        assert connector.calls == []


async def test_a_turn_that_answers_nothing_has_no_answer() -> None:
    async def logic(_context: TurnContext) -> None:
        return

    async with FakeConnector() as connector:
        assert await turn(connector, logic) is None


async def test_what_cannot_be_delivered_is_told_to_the_turn() -> None:
    """The SDK's own adapter swallows it once an error handler is set."""

    async def logic(context: TurnContext) -> None:
        await context.send_activity("hallo")

    async with FakeConnector() as connector:
        connector.fails(answers(403, "BotNotInConversationRoster"))
        with pytest.raises(DeliveryFailed):
            await turn(connector, logic)
