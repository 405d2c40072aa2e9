"""The tools of the tests, tested: a wrong fake makes every test above it worthless."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer

from bot.local.card_on_screen import NotOnCard
from tests.fake_connector import (
    BOT_ID,
    CLOSED,
    RESET,
    TENANT,
    FakeConnector,
    answers,
    answers_html,
    takes_then,
    waits,
)
from tests.teams_client import Json, Person

CARD: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "**Melden**, of bel [112](tel:112)"},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "Geen *opmaak*"}]},
        {"type": "Input.Text", "id": "in.story", "label": "Wat heb je gezien?", "isRequired": True, "maxLength": 20}
        | {"errorMessage": "Vertel het in je eigen woorden."},
        {"type": "Input.Text", "id": "in.where", "label": "Waar?", "value": "balie"},
        {
            "type": "ActionSet",
            "actions": [
                {"type": "Action.ToggleVisibility", "title": "Meer", "targetElements": [{"elementId": "fold"}]}
            ],
        },
        {
            "type": "Container",
            "id": "fold",
            "isVisible": False,
            "items": [
                {
                    "type": "Input.ChoiceSet",
                    "id": "in.signs",
                    "label": "Wat herken je?",
                    "isMultiSelect": True,
                    "value": "b",
                    "choices": [{"title": "Angst", "value": "a"}, {"title": "Geen papieren", "value": "b"}],
                }
            ],
        },
        {
            "type": "Input.ChoiceSet",
            "id": "in.age",
            "label": "Hoe oud?",
            "choices": [{"title": "Jonger dan 18", "value": "minor"}, {"title": "Weet ik niet", "value": "unknown"}],
        },
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Verstuur", "verb": "send", "data": {"draft": "d1"}}
        | {"fallback": {"type": "Action.Submit", "title": "Verstuur", "data": {"draft": "d1", "action": "send"}}},
        {"type": "Action.Execute", "title": "Stop", "verb": "stop", "data": {}, "associatedInputs": "none"},
    ],
}
MESSAGE: Json = {
    "type": "message",
    "summary": "Nieuws",
    "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
}


class EchoBot:
    """Keeps what arrives and answers every invoke with the next of its answers."""

    def __init__(self) -> None:
        self.activities: list[Json] = []
        self.answers: list[Json] = []

    async def take(self, request: web.Request) -> web.Response:
        activity: Json = await request.json()
        self.activities.append(activity)
        if activity["type"] == "invoke":
            return web.json_response(self.answers.pop(0))
        return web.Response(status=202)


def card_answer(text: str) -> Json:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": text}]}
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}


class Chat:
    """One person, one bot, and what the bot says."""

    def __init__(self, connector: FakeConnector, session: ClientSession, bot: EchoBot, anna: Person) -> None:
        self.connector = connector
        self.bot = bot
        self.anna = anna
        self._session = session
        self._base = f"{connector.service_url}v3/conversations/{anna.account.conversation_id.replace('/', '%2F')}"

    async def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        async with self._session.request(method, self._base + path, json=body) as answer:
            return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())

    async def shows(self, activity: Json = MESSAGE) -> str:
        _, answer = await self.call("POST", "/activities", activity)
        return answer["id"]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    bot = EchoBot()
    app = web.Application()
    app.router.add_post("/api/messages", bot.take)
    async with (
        FakeConnector() as connector,
        TestServer(app) as server,
        ClientSession(cookie_jar=DummyCookieJar()) as session,
    ):
        anna = Person("Anna", connector, str(server.make_url("/api/messages")), session)
        yield Chat(connector, session, bot, anna)


class TestConnector:
    async def test_it_records_every_call_in_order(self, chat: Chat) -> None:
        posted = await chat.shows()
        await chat.call("PUT", f"/activities/{posted}", {"type": "message", "text": "nieuw"})
        await chat.call("DELETE", f"/activities/{posted}")

        assert [call.operation for call in chat.connector.calls] == ["send", "update", "delete"]
        assert [call.status for call in chat.connector.calls_of("update", "delete")] == [200, 200]
        assert [call.at for call in chat.connector.calls] == sorted(call.at for call in chat.connector.calls)
        assert chat.connector.messages(chat.anna.account.conversation_id) == []

    async def test_it_knows_who_is_in_a_conversation(self, chat: Chat) -> None:
        status, members = await chat.call("GET", "/members")

        assert status == 200
        assert [(member["name"], member["aadObjectId"]) for member in members] == [("Anna", chat.anna.account.person)]

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("PUT", "/activities/gone", 404, "ActivityNotFoundInConversation"),
            ("DELETE", "/activities/gone", 404, "ActivityNotFoundInConversation"),
            ("POST", "x/activities", 404, "ConversationNotFound"),
            ("GET", "/activities", 400, "BadArgument"),
        ],
    )
    async def test_it_refuses_as_teams_does(self, method: str, path: str, status: int, code: str, chat: Chat) -> None:
        answered, answer = await chat.call(method, path, {})

        assert (answered, answer["error"]["code"]) == (status, code)

    @pytest.mark.parametrize("member", [{}, {"aadObjectId": "x"}, {"id": ""}])
    async def test_a_conversation_is_opened_by_the_id_of_the_member_only(self, member: Json, chat: Chat) -> None:
        body = {"bot": {"id": BOT_ID}, "members": [member], "tenantId": TENANT}
        async with ClientSession() as session:
            answer = await session.post(f"{chat.connector.service_url}v3/conversations", json=body)

        assert answer.status == 400

    async def test_faults_come_in_order_and_as_often_as_told_to_whom_they_are_for(self, chat: Chat) -> None:
        chat.connector.account("Bert")
        chat.connector.fails(answers(500), when=lambda call: call.conversation != chat.anna.account.conversation_id)
        chat.connector.fails(answers(429, retry_after=2), answers_html(502))
        chat.connector.fails(answers(412), times=2)

        statuses = [(await chat.call("POST", "/activities", MESSAGE))[0] for _ in range(5)]

        assert statuses == [429, 502, 412, 412, 201]

    async def test_faults_go_on_until_it_heals(self, chat: Chat) -> None:
        chat.connector.fails(answers(500), times=None)
        failing = [(await chat.call("POST", "/activities", MESSAGE))[0] for _ in range(3)]
        chat.connector.heals()

        assert failing == [500] * 3
        assert (await chat.call("POST", "/activities", MESSAGE))[0] == 201

    @pytest.mark.parametrize(
        ("fault", "taken"), [(CLOSED, 0), (RESET, 0), (takes_then(CLOSED), 1), (takes_then(RESET), 1)]
    )
    async def test_a_cut_connection_gives_no_answer(self, fault: Any, taken: int, chat: Chat) -> None:
        chat.connector.fails(fault)

        with pytest.raises(ClientError):
            await chat.call("POST", "/activities", MESSAGE)

        assert len(chat.connector.messages(chat.anna.account.conversation_id)) == taken
        assert [call.status for call in chat.connector.calls] == [None]

    async def test_a_message_can_be_taken_and_still_be_answered_with_an_error(self, chat: Chat) -> None:
        chat.connector.fails(takes_then(answers(504)))

        assert (await chat.call("POST", "/activities", MESSAGE))[0] == 504
        assert chat.anna.sees("Melden")

    async def test_latency_is_waited_for_in_the_sleep_it_was_given(self) -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        async with FakeConnector(sleep=sleep) as connector, ClientSession() as session:
            connector.latency = 0.1
            connector.fails(waits(10))
            url = f"{connector.service_url}v3/conversations/{connector.account('Anna').conversation_id[:3]}/activities"
            for _ in range(2):
                await (await session.post(url, json={})).read()

        assert slept == [10.1, 0.1]

    async def test_it_counts_the_connections_that_were_opened(self, chat: Chat) -> None:
        await asyncio.gather(*(chat.shows() for _ in range(3)))
        for _ in range(5):
            await chat.shows()

        assert chat.connector.connections == 3

    async def test_it_can_be_away_and_come_back(self, chat: Chat) -> None:
        await chat.connector.stop()
        with pytest.raises(ClientError):
            await chat.shows()

        await chat.connector.start()
        assert await chat.shows()


class TestPerson:
    async def test_what_is_said_arrives_as_an_activity_of_teams(self, chat: Chat) -> None:
        await chat.anna.says("melden")

        (activity,) = chat.bot.activities
        anna = chat.anna.account
        assert activity["type"] == "message"
        assert activity["text"] == "melden"
        assert activity["channelId"] == "msteams"
        assert activity["serviceUrl"] == chat.connector.service_url
        assert activity["from"] == {"id": anna.teams_id, "aadObjectId": anna.person, "name": "Anna"}
        assert activity["recipient"]["id"] == BOT_ID
        assert activity["conversation"] == {
            "conversationType": "personal",
            "tenantId": TENANT,
            "id": anna.conversation_id,
        }
        assert activity["channelData"] == {"tenant": {"id": TENANT}}

    async def test_in_a_group_the_bot_is_mentioned(self, chat: Chat) -> None:
        await chat.anna.says("melden", group="19:g@thread.v2")

        (activity,) = chat.bot.activities
        assert activity["text"] == "<at>Meldroute</at> melden"
        assert activity["conversation"]["conversationType"] == "groupChat"
        assert activity["entities"][0]["mentioned"]["id"] == BOT_ID
        assert chat.connector.messages("19:g@thread.v2") == []

    async def test_a_repeat_has_the_same_id_or_a_new_one(self, chat: Chat) -> None:
        await chat.anna.says("melden")
        await chat.anna.repeats()
        await chat.anna.repeats(new_id=True)

        first, second, third = (activity["id"] for activity in chat.bot.activities)
        assert first == second != third

    async def test_a_press_sends_the_buttons_data_with_what_was_filled_in(self, chat: Chat) -> None:
        posted = await chat.shows()
        chat.bot.answers.append(card_answer("Verstuurd"))

        chat.anna.fills("Wat heb je gezien?", "Iets raars")
        await chat.anna.presses("Meer")
        chat.anna.ticks("Angst", "Jonger dan 18")
        await chat.anna.presses("Verstuur")

        (activity,) = chat.bot.activities
        assert (activity["type"], activity["name"]) == ("invoke", "adaptiveCard/action")
        assert activity["replyToId"] == posted
        assert activity["value"] == {
            "action": {
                "type": "Action.Execute",
                "title": "Verstuur",
                "verb": "send",
                "data": {
                    "draft": "d1",
                    "in.story": "Iets raars",
                    "in.where": "balie",
                    "in.signs": "a,b",
                    "in.age": "minor",
                },
            },
            "trigger": "manual",
        }

    async def test_the_answer_to_a_press_shows_until_the_message_is_edited(self, chat: Chat) -> None:
        posted = await chat.shows()
        chat.bot.answers.append(card_answer("Alleen voor Anna"))

        await chat.anna.presses("Stop")
        assert chat.anna.sees("Alleen voor Anna")
        assert chat.anna.does_not_see("Melden")

        await chat.call("PUT", f"/activities/{posted}", {"type": "message", "text": "Voor iedereen"})
        assert chat.anna.sees("Voor iedereen")
        assert chat.anna.does_not_see("Alleen voor Anna")

    async def test_an_old_teams_submits_a_message(self, chat: Chat) -> None:
        person = Person("Anna", chat.connector, chat.anna.bot_url, chat.anna.session, old_client=True)
        await chat.shows()

        person.fills("Wat heb je gezien?", "Iets")
        await person.presses("Verstuur")

        (activity,) = chat.bot.activities
        assert activity["type"] == "message"
        assert "text" not in activity
        assert activity["value"] == {"draft": "d1", "action": "send", "in.story": "Iets"} | {
            "in.where": "balie",
            "in.signs": "b",
        }

    async def test_a_required_field_that_is_empty_holds_the_press_up(self, chat: Chat) -> None:
        await chat.shows()

        with pytest.raises(NotOnCard, match="Vertel het in je eigen woorden"):
            await chat.anna.presses("Verstuur")

        assert chat.bot.activities == []

    async def test_a_press_that_the_bot_refuses_is_noticed(self, chat: Chat) -> None:
        await chat.shows()
        chat.bot.answers += [{}, {"statusCode": 500, "type": "application/vnd.microsoft.error", "value": {}}]

        for _ in range(2):
            with pytest.raises(AssertionError, match="the press was answered with"):
                await chat.anna.presses("Stop")

    async def test_what_is_not_there_cannot_be_done(self, chat: Chat) -> None:
        await chat.shows()

        with pytest.raises(AssertionError, match="no button 'Versturen'"):
            await chat.anna.presses("Versturen")
        with pytest.raises(AssertionError, match="no option 'Angst'"):
            chat.anna.ticks("Angst")  # still folded away
        with pytest.raises(AssertionError, match="no field 'Wie\\?'"):
            chat.anna.fills("Wie?", "x")
        with pytest.raises(NotOnCard, match="no more than 20"):
            chat.anna.fills("Wat heb je gezien?", "x" * 21)
        with pytest.raises(AssertionError, match="does not see 'Dag'"):
            chat.anna.sees("Dag")

    async def test_the_lock_screen_shows_the_summary_or_the_first_words(self, chat: Chat) -> None:
        await chat.shows()
        await chat.shows({**MESSAGE, "summary": ""})
        await chat.shows({"type": "message", "text": "Dag"})

        assert chat.anna.notifications == ["Nieuws", "Melden, of bel 112", "Dag"]

    async def test_somebody_who_removed_the_app_cannot_be_written_to(self, chat: Chat) -> None:
        await chat.anna.uninstalls()
        refused, _ = await chat.call("POST", "/activities", MESSAGE)
        await chat.anna.installs()
        accepted, _ = await chat.call("POST", "/activities", MESSAGE)

        assert (refused, accepted) == (403, 201)
        assert [(a["type"], a.get("action")) for a in chat.bot.activities] == [
            ("installationUpdate", "remove"),
            ("installationUpdate", "add"),
            ("conversationUpdate", None),
        ]

    async def test_she_waits_for_what_the_bot_says_later(self, chat: Chat) -> None:
        await asyncio.gather(chat.anna.hears("Melden"), chat.shows())

        with pytest.raises(AssertionError, match="does not see 'Dag'"):
            await chat.anna.hears("Dag", within=0)
