"""The Bot Framework bot: what Teams tells becomes an event, and the handler of events speaks through the turn."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportUnknownParameterType=false
# - botbuilder ships no types

import functools
import secrets
import traceback
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount

from bot.clock import Clock
from bot.teams import invoke_answers
from bot.teams.activities import to_activity
from bot.teams.activity_events import event_of, executed, said_or_submitted, searched
from bot.teams.adapter import INCOMING, sdk_message
from bot.teams.errors import Ambiguous, DeliveryFailed, HeldBack, NotAuthorised, Unreachable
from bot.teams.events import Event, EventHandler, Installed, Message, Uninstalled, What
from bot.teams.incoming import Incoming, Refused
from bot.teams.late_turns import Late, LateTurns
from bot.teams.late_updates import LateUpdates

log = structlog.get_logger(__name__)

#: The first message may have arrived after all, or no message will, or there were too many already.
_NO_USE_IN_ANOTHER_MESSAGE = (Ambiguous, HeldBack, NotAuthorised, Unreachable)


_SEARCH = "composeExtension/query"
#: Seconds that an answer waits for an older picture of its card: with `ANSWER_WITHIN` still less than Teams' five.
_OLDER_LANDS = 1.0


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the edge itself says to people."""

    #: Something broke; "{error_id}" stands for what to tell the administrator.
    failed: str
    #: A press is done and there is nothing new to show.
    done: str
    #: A press takes longer than Teams waits for its answer.
    late: str


class TurnChannel:
    """The conversation of a turn."""

    def __init__(self, turn_context: TurnContext, late_updates: LateUpdates) -> None:
        self._turn_context = turn_context
        self._late_updates = late_updates

    def named(self, message_id: str) -> str:
        """The message among those of all conversations: an id of Teams is unique in its own only."""
        return f"{_incoming(self._turn_context).conversation.id} {message_id}"

    async def send(self, message: Message) -> str:
        """Post a new message; its id. Raises DeliveryFailed."""
        sent = await self._turn_context.send_activity(sdk_message(to_activity(message)))
        return str(sent.id) if sent else ""

    async def update(self, message_id: str, message: Message) -> None:
        """Replace the message with this id, after the changes that are still on their way. Raises DeliveryFailed."""
        await self._late_updates.settle(self.named(message_id))
        await self.update_now(message_id, message)

    async def update_now(self, message_id: str, message: Message) -> None:
        """Replace the message with this id. Raises DeliveryFailed."""
        await self._turn_context.update_activity(sdk_message(to_activity(message), message_id))

    async def delete(self, message_id: str) -> None:
        """Remove the message with this id. Raises DeliveryFailed."""
        await self._late_updates.settle(self.named(message_id))
        await self._turn_context.delete_activity(message_id)


class MeldrouteBot(TeamsActivityHandler):
    """Takes the activities of Teams that mean something here; all others are taken note of and left."""

    def __init__(
        self,
        handler: EventHandler,
        sentences: Sentences,
        clock: Clock,
        late_updates: LateUpdates,
        late_turns: LateTurns,
    ) -> None:
        super().__init__()
        self._handler = handler
        self._sentences = sentences
        self._clock = clock
        self._late_updates = late_updates
        self._late_turns = late_turns

    async def on_turn(self, turn_context: TurnContext) -> None:
        """One activity. Raises Refused; whatever else goes wrong is logged and told to the person."""
        try:
            await super().on_turn(turn_context)
        except Refused:
            raise
        except Late:
            log.info("turn_late", activity=_incoming(turn_context).id)
        except Exception as error:  # noqa: BLE001 - the one place where the faults of a turn end
            await self._failed(turn_context, error)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """A text, or a press of an Action.Submit."""
        await self._turn(turn_context, said_or_submitted(_incoming(turn_context)))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """A press of an Action.Execute; other invokes are not ours."""
        incoming = _incoming(turn_context)
        if incoming.name == _SEARCH:
            return await self._search(turn_context, incoming)
        if incoming.name != "adaptiveCard/action":
            return InvokeResponse(status=501, body=invoke_answers.not_supported())
        try:
            message = await self._turn(turn_context, executed(incoming), wants_answer=True)
        except Late:
            log.info("turn_late", activity=incoming.id)
            return InvokeResponse(status=200, body=invoke_answers.sentence(self._sentences.late))
        await self._show_everywhere(turn_context, message)
        return InvokeResponse(status=200, body=invoke_answers.card_or_sentence(message, self._sentences.done))

    async def _search(self, turn_context: TurnContext, incoming: Incoming) -> InvokeResponse:
        """A search of the message extension, from whatever conversation the person writes in."""
        event = self._event(turn_context, searched(incoming), wants_answer=True)
        results = await self._handler(event, TurnChannel(turn_context, self._late_updates))
        if not isinstance(results, tuple):
            return InvokeResponse(status=200, body=invoke_answers.search_message(self._sentences.done))
        return InvokeResponse(status=200, body=invoke_answers.search_results(results))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """The app was added or renewed."""
        await self._turn(turn_context, Installed())

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        """The app was removed; "remove-upgrade" only makes room for its next version."""
        if _incoming(turn_context).action == "remove":
            await self._turn(turn_context, Uninstalled())

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Somebody came. The SDK would ask Teams who each of them is, over the network; we only look for ourselves."""
        activity: Any = turn_context.activity
        if activity.members_added:
            await self.on_members_added_activity(activity.members_added, turn_context)

    async def on_members_added_activity(
        self, members_added: Sequence[ChannelAccount], turn_context: TurnContext
    ) -> None:
        """The bot itself came into the conversation: the other way in which Teams tells of an installation."""
        bot = _incoming(turn_context).recipient.id
        if any(member.id == bot for member in members_added):
            await self._turn(turn_context, Installed())

    async def _turn(
        self,
        turn_context: TurnContext,
        what: What,
        *,
        wants_answer: bool = False,
    ) -> Message | None:
        """Raises Late when the answer can wait no longer: the turn goes on, and what comes of it follows."""
        event = self._event(turn_context, what, wants_answer=wants_answer)

        async def turn() -> Message | None:
            answer = await self._handler(event, TurnChannel(turn_context, self._late_updates))
            return None if isinstance(answer, tuple) else answer

        async def end(late: Awaitable[Message | None]) -> None:
            try:
                message = await late
                await self._show_everywhere(turn_context, message)
                if message is not None and message.card is None:
                    await TurnChannel(turn_context, self._late_updates).send(message)
            except Exception as error:  # noqa: BLE001 - as in on_turn
                await self._failed(turn_context, error, answered=True)

        return await self._late_turns.result(turn(), end)

    def _event(self, turn_context: TurnContext, what: What, *, wants_answer: bool) -> Event:
        return event_of(_incoming(turn_context), what, self._clock(), wants_answer=wants_answer)

    async def _show_everywhere(self, turn_context: TurnContext, message: Message | None) -> None:
        """Change the card itself: the answer to a press changes it only where the presser sees it.

        That comes after the answer; back when no older picture can land on the answer any more.
        """
        card_id = _incoming(turn_context).reply_to_id
        if message is not None and message.card is not None and card_id is not None:
            channel = TurnChannel(turn_context, self._late_updates)
            newest = functools.partial(channel.update_now, card_id, message)
            await self._late_updates.overtake(channel.named(card_id), newest, seconds=_OLDER_LANDS)

    async def _failed(self, turn_context: TurnContext, error: Exception, *, answered: bool = False) -> None:
        """Log the fault and tell the person: in the answer to a press, unless that was `answered` already."""
        error_id = secrets.token_hex(4)
        _log(error, error_id)
        text = self._sentences.failed.replace("{error_id}", error_id)
        incoming = _incoming(turn_context)
        match incoming.type:
            case ActivityTypes.invoke if not answered:
                say = invoke_answers.search_message if incoming.name == _SEARCH else invoke_answers.sentence
                answer = InvokeResponse(status=200, body=say(text))
                await turn_context.send_activity(Activity(type=ActivityTypes.invoke_response, value=answer))
            case ActivityTypes.message | ActivityTypes.invoke if not isinstance(error, _NO_USE_IN_ANOTHER_MESSAGE):
                try:
                    await turn_context.send_activity(sdk_message(to_activity(Message(text=text, summary=text))))
                except DeliveryFailed as failed:
                    _log(failed, error_id)
            case _:
                pass


def _incoming(turn_context: TurnContext) -> Incoming:
    incoming = turn_context.turn_state[INCOMING]
    assert isinstance(incoming, Incoming)  # noqa: S101 - the adapter puts it there
    return incoming


def _log(error: Exception, error_id: str) -> None:
    """Where it went wrong, but not what the exception says: that may hold an answer."""
    if isinstance(error, DeliveryFailed):
        log.warning("answer_not_delivered", error_id=error_id, reason=error.reason)
        return
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("turn_failed", error_id=error_id, error=type(error).__name__, where=where)
