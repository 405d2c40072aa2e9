"""What Teams sends to a bot, made by hand: activities as the Bot Framework protocol has them.

Shapes: Bot Framework activity schema (microsoft/botframework-sdk, specs/botframework-activity) and what Teams adds to
it (Microsoft Learn, "Conversation events in your Teams bot", "Universal Actions for Adaptive Cards" and "Respond to
search command").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from bot.local.people import APP_ID, BOT_NAME, TENANT_ID, LocalPerson
from dialogs.domain.opening_hours import AMSTERDAM

BOT_ID = f"28:{APP_ID}"

Activity = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes the activities of one person at one moment."""

    person: LocalPerson
    service_url: str
    now: datetime

    def said(self, text: str, message_id: str) -> Activity:
        """The person typed a message."""
        return {**self._activity("message", message_id), "text": text, "textFormat": "plain", "attachments": []}

    def submitted(self, value: Mapping[str, object], card_id: str) -> Activity:
        """The person pressed an Action.Submit: a message without text, with what was filled in."""
        return {**self._activity("message"), "value": dict(value), "replyToId": card_id}

    def executed(self, action: Mapping[str, object], card_id: str) -> Activity:
        """The person pressed an Action.Execute: an invoke whose answer is the next card."""
        value = {"action": {"type": "Action.Execute", **action}, "trigger": "manual"}
        return {
            **self._activity("invoke"),
            "name": "adaptiveCard/action",
            "value": value,
            "replyToId": card_id,
        }

    def searched(self, query: str | None) -> Activity:
        """The person typed in the search box of the message extension; None: only opened it."""
        parameter = {"name": "initialRun", "value": "true"} if query is None else {"name": "query", "value": query}
        value = {"commandId": "nummers", "parameters": [parameter], "queryOptions": {"skip": 0, "count": 25}}
        return {**self._activity("invoke"), "name": "composeExtension/query", "value": value}

    def installed(self) -> tuple[Activity, Activity]:
        """The app was added for this person: Teams tells it twice."""
        added = {**self._activity("installationUpdate"), "action": "add"}
        members = {**self._activity("conversationUpdate"), "membersAdded": [{"id": BOT_ID}]}
        return added, members

    def _activity(self, kind: str, activity_id: str | None = None) -> Activity:
        person = self.person
        return {
            "type": kind,
            "id": activity_id or f"f:{uuid4()}",
            "timestamp": self.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "localTimestamp": self.now.astimezone(AMSTERDAM).isoformat(timespec="milliseconds"),
            "localTimezone": AMSTERDAM.key,
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": person.teams_id, "name": person.name, "aadObjectId": person.object_id},
            "recipient": {"id": BOT_ID, "name": BOT_NAME},
            "conversation": {"conversationType": "personal", "tenantId": TENANT_ID, "id": person.conversation_id},
            "channelData": {"tenant": {"id": TENANT_ID}},
            "entities": [
                {"type": "clientInfo", "locale": "nl-NL", "country": "NL", "platform": "Web", "timezone": AMSTERDAM.key}
            ],
            "locale": "nl-NL",
        }
