"""The local connector answers as Teams does."""

from typing import Any

import aiohttp
import pytest

from bot.local.window_client import WindowClient
from tests.bot.local.conftest import BAS, ROBIN
from tests.bot.local.serving import Served

CHAT = f"/teams/v3/conversations/{ROBIN.conversation_id}"
HELLO = {"type": "message", "text": "hallo"}


async def status(http: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with http.request(method, path, json=body) as answer:
        return answer.status, await answer.json()


@pytest.mark.usefixtures("window")
async def test_bot_posts_replies_edits_and_removes_a_message(http: aiohttp.ClientSession):
    code, posted = await status(http, "POST", f"{CHAT}/activities", HELLO)
    assert code == 201
    code, reply = await status(http, "POST", f"{CHAT}/activities/{posted['id']}", {**HELLO, "replyToId": posted["id"]})
    assert (code, reply["id"] != posted["id"]) == (201, True)

    assert await status(http, "PUT", f"{CHAT}/activities/{posted['id']}", HELLO) == (200, {"id": posted["id"]})
    assert (await status(http, "DELETE", f"{CHAT}/activities/{posted['id']}"))[0] == 200
    assert await status(http, "PUT", f"{CHAT}/activities/{posted['id']}", HELLO) == (
        404,
        {"error": {"code": "ActivityNotFoundInConversation", "message": "ActivityNotFoundInConversation"}},
    )


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize(
    ("method", "path", "body", "code", "reason"),
    [
        ("POST", "/teams/v3/conversations/a:nobody/activities", HELLO, 404, "ConversationNotFound"),
        ("DELETE", f"{CHAT}/activities/1", None, 404, "ActivityNotFoundInConversation"),
        ("POST", f"{CHAT}/activities", [HELLO], 400, "Bad Argument"),
        ("POST", f"{CHAT}/activities", {"text": "no type"}, 400, "Bad Argument"),
        ("POST", f"{CHAT}/activities", {**HELLO, "text": "x" * 50_000}, 413, "MessageSizeTooBig"),
        ("POST", "/teams/v3/conversations", {"members": []}, 400, "Bad Argument"),
        ("POST", "/teams/v3/conversations", {"members": [{"id": "x"}]}, 403, "ForbiddenOperationException"),
        ("GET", f"{CHAT}/members/29:nobody", None, 404, "MemberNotFoundInConversation"),
    ],
)
async def test_what_teams_refuses_is_refused_with_its_code(
    http: aiohttp.ClientSession, method: str, path: str, body: Any, code: int, reason: str
):
    answered, error = await status(http, method, path, body)

    assert (answered, error["error"]["code"]) == (code, reason)


async def test_nobody_can_be_reached_before_they_have_the_app(http: aiohttp.ClientSession):
    code, error = await status(http, "POST", f"{CHAT}/activities", HELLO)

    assert (code, error["error"]["code"]) == (403, "BotNotInConversationRoster")


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize("member", [BAS.object_id, BAS.teams_id])
async def test_conversation_is_opened_by_either_id_of_a_person(http: aiohttp.ClientSession, member: str):
    body = {"members": [{"id": member}], "bot": {"id": "28:x"}, "isGroup": False}

    assert await status(http, "POST", "/teams/v3/conversations", body) == (201, {"id": BAS.conversation_id})


@pytest.mark.usefixtures("window")
async def test_members_are_the_one_person_whose_chat_it_is(http: aiohttp.ClientSession):
    robin = {"id": ROBIN.teams_id, "name": ROBIN.name, "aadObjectId": ROBIN.object_id}

    assert await status(http, "GET", f"{CHAT}/members") == (200, [robin])
    assert await status(http, "GET", f"{CHAT}/pagedmembers") == (200, {"members": [robin]})
    assert await status(http, "GET", f"{CHAT}/members/{ROBIN.object_id}") == (200, robin)


@pytest.mark.parametrize(
    ("fault", "told", "arrived"), [("refused", 503, False), ("cut", 0, False), ("answer_lost", 504, True)]
)
async def test_message_that_is_lost_on_purpose_is_lost_once(
    window: WindowClient, http: aiohttp.ClientSession, echo: Served, fault: str, told: int, arrived: bool
):
    await http.post("/try-out/faults", json={"fault": fault})
    await window.says("robin", "eerste")
    await window.says("robin", "tweede")
    await window.sees("robin", "Je zei: tweede")

    assert echo.bot.statuses[-2:] == [told, 201]
    assert window.shows("robin", "Je zei: eerste") == arrived


async def test_faults_can_be_taken_back(window: WindowClient, http: aiohttp.ClientSession, echo: Served):
    await http.post("/try-out/faults", json={"fault": "refused"})
    await http.post("/try-out/faults", json={"fault": None})
    await window.says("robin", "hallo")

    await window.sees("robin", "Je zei: hallo")
    assert 503 not in echo.bot.statuses
