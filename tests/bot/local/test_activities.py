"""What the local people send is what Teams sends."""

from datetime import UTC, datetime

from bot.local.activities import Sender
from tests.bot.local.conftest import ROBIN

NOW = datetime(2026, 11, 23, 20, 5, 0, 123000, tzinfo=UTC)
SENDER = Sender(ROBIN, "http://127.0.0.1:3978/teams/", NOW)


def test_message_has_all_that_teams_puts_in_one():
    assert SENDER.said("hallo", "1795464300123") == {
        "type": "message",
        "id": "1795464300123",
        "text": "hallo",
        "textFormat": "plain",
        "attachments": [],
        "timestamp": "2026-11-23T20:05:00.123Z",
        "localTimestamp": "2026-11-23T21:05:00.123+01:00",
        "localTimezone": "Europe/Amsterdam",
        "serviceUrl": "http://127.0.0.1:3978/teams/",
        "channelId": "msteams",
        "from": {
            "id": "29:10b1d000000004000800000000000000a",
            "name": "Robin Reporter",
            "aadObjectId": "0b1d0000-0000-4000-8000-00000000000a",
        },
        "recipient": {"id": "28:b07d0000-0000-4000-8000-000000000002", "name": "Meldroute"},
        "conversation": {
            "conversationType": "personal",
            "tenantId": "7e1d0000-0000-4000-8000-000000000001",
            "id": "a:10b1d000000004000800000000000000a",
        },
        "channelData": {"tenant": {"id": "7e1d0000-0000-4000-8000-000000000001"}},
        "entities": [
            {
                "type": "clientInfo",
                "locale": "nl-NL",
                "country": "NL",
                "platform": "Web",
                "timezone": "Europe/Amsterdam",
            }
        ],
        "locale": "nl-NL",
    }


def test_press_is_an_invoke_with_the_action_and_the_card_it_was_on():
    press = SENDER.executed({"id": "", "verb": "signal.take_up", "data": {"signal": "s"}}, "17")

    assert (press["type"], press["name"], press["replyToId"]) == ("invoke", "adaptiveCard/action", "17")
    assert press["value"] == {
        "action": {"type": "Action.Execute", "id": "", "verb": "signal.take_up", "data": {"signal": "s"}},
        "trigger": "manual",
    }


def test_each_activity_has_an_id_of_its_own():
    installed = SENDER.installed()

    assert [activity["type"] for activity in installed] == ["installationUpdate", "conversationUpdate"]
    assert len({activity["id"] for activity in installed}) == 2
