"""The Bot Framework adapter of this bot: the SDK's turns on our own connector client.

Not the SDK's CloudAdapter, which builds two clients a turn, blocks the event loop for tokens and keys and breaks the
answer to an invoke (botbuilder-integration-aiohttp 4.17.1, `CloudAdapter.process`).
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportArgumentType=false
# - botbuilder ships no types, and its hints leave out that almost everything may be None

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)

from bot.teams.connector import ConnectorClient
from bot.teams.incoming import Account, Incoming

#: Where a turn keeps the activity as we read it; the SDK's own holds what the SDK looks at.
INCOMING = "meldroute.incoming"

#: The language in which is answered.
LOCALE = "nl-NL"

#: By name on the wire, attribute of the SDK's model. Where a message goes stands in the address of the request.
_ATTRIBUTES: dict[str, str] = {
    spec["key"]: name
    for name, spec in Activity._attribute_map.items()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - msrest's map is how its models are read
    if name not in {"channel_id", "service_url", "conversation", "from_property", "recipient", "reply_to_id"}
}


class MeldrouteAdapter(BotAdapter):
    """Runs turns and sends what they say."""

    def __init__(self, connector: ConnectorClient) -> None:
        super().__init__()
        self._connector = connector

    async def process(
        self, incoming: Incoming, logic: Callable[[TurnContext], Awaitable[None]]
    ) -> InvokeResponse | None:
        """One turn; the answer, if the activity is an invoke. What `logic` raises comes out."""
        context = TurnContext(self, _sdk_activity(incoming))
        context.turn_state[INCOMING] = incoming
        await self.run_pipeline(context, logic)
        answer: Any = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return answer and answer.value

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Post messages, as replies where they answer something. Raises DeliveryFailed."""
        return [ResourceResponse(id=await self._send(context, activity)) for activity in activities]

    async def _send(self, context: TurnContext, activity: Any) -> str:
        if activity.type == ActivityTypes.invoke_response:
            context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
            return ""
        service_url, conversation_id = activity.service_url, activity.conversation.id
        if activity.reply_to_id:
            return await self._connector.reply(service_url, conversation_id, activity.reply_to_id, wire(activity))
        return await self._connector.send(service_url, conversation_id, wire(activity))

    async def update_activity(self, context: TurnContext, activity: Any) -> ResourceResponse:
        """Replace the message with the activity's id. Raises DeliveryFailed."""
        await self._connector.update(activity.service_url, activity.conversation.id, activity.id, wire(activity))
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Remove a message. Raises DeliveryFailed."""
        to: Any = reference
        await self._connector.delete(to.service_url, to.conversation.id, to.activity_id)


class _Shared(dict[str, object]):
    """Data that is not changed any more: the SDK's deep copy of every message leaves it as it is."""

    def __deepcopy__(self, _memo: object) -> "_Shared":
        return self


def sdk_message(activity: Mapping[str, object], message_id: str | None = None) -> Activity:
    """A message as the SDK wants it, from plain data; its attachments are shared, not copied."""
    known = {_ATTRIBUTES[key]: value for key, value in activity.items()}
    attachments: Any = known.get("attachments")
    if attachments:
        known["attachments"] = [_Shared(attachment) for attachment in attachments]
    return Activity(**{**known, "id": message_id})


def wire(activity: Activity) -> dict[str, object]:
    """A message as plain data. The SDK's validating serialiser does the same at twenty times the cost."""
    found = ((key, getattr(activity, attribute)) for key, attribute in _ATTRIBUTES.items())
    return {key: value for key, value in found if value is not None}


def _sdk_activity(incoming: Incoming) -> Activity:
    conversation = incoming.conversation
    members = incoming.members_added
    return Activity(
        type=incoming.type,
        id=incoming.id,
        name=incoming.name,
        action=incoming.action,
        text=incoming.text,
        value=incoming.value,
        reply_to_id=incoming.reply_to_id,
        service_url=incoming.service_url,
        channel_id=incoming.channel_id,
        from_property=_sdk_account(incoming.sender),
        recipient=_sdk_account(incoming.recipient),
        conversation=ConversationAccount(
            id=conversation.id,
            conversation_type=conversation.conversation_type,
            tenant_id=conversation.tenant_id,
        ),
        members_added=[_sdk_account(member) for member in members] if members else None,
        # The SDK copies it onto every answer.
        locale=LOCALE,
    )


def _sdk_account(account: Account) -> ChannelAccount:
    return ChannelAccount(id=account.id, name=account.name, aad_object_id=account.aad_object_id)
