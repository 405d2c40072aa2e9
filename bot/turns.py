"""The bot proper: an event from Teams to a turn of the dialogs, one at a time in a conversation."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

import structlog

from bot.admission import Admission
from bot.cards import CardRenderer
from bot.clock import Clock
from bot.conversation_locks import ConversationLocks
from bot.meanwhile import Meanwhile
from bot.teams.errors import DeliveryFailed
from bot.teams.events import (
    Channel,
    Event,
    Installed,
    Message,
    Result,
    Results,
    Scope,
    Searched,
    Uninstalled,
    Unreadable,
)
from bot.telemetry import OFF, Telemetry
from dialogs import menu
from dialogs.conversation import Conversation, Person
from dialogs.danger import tells_of_danger
from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.partners import lay_over
from dialogs.from_memory import answer_from_memory, answer_to_short_question
from dialogs.knowledge import CurrentPartners, Knowledge
from dialogs.lookup import EMERGENCY_FILE
from dialogs.numbers import search
from dialogs.ports import Busy, Conflict, UnitsOfWork
from dialogs.turn import Answer, Card, Pressed, Reply, Said

log = structlog.get_logger(__name__)

#: How often a turn is taken again because another replica stored the same draft first.
TRIES = 3
#: How long a turn waits for the one before it in the same conversation. A press is to be answered within the five
#: seconds that Teams waits for it; a text is worth a longer wait, as its request is answered meanwhile.
_PATIENCE_OF_A_PRESS = timedelta(seconds=2.5)
_PATIENCE = timedelta(seconds=20)
#: Seconds after which who writes of danger reads 112 while the turn goes on. A press hears it in its late answer.
_DANGER_WAITS = 4.0
#: Turns under way at once: several for each connection to the database.
MOST_AT_ONCE = 64


def _is_about_a_number(event: Event) -> bool:
    return isinstance(event.what, Pressed) and event.what.action == "doubt.tell"


#: After so long somebody who writes is stored as seen again: a notice may have found meanwhile that they were gone.
#: Shorter than anybody takes to block the bot and let it in again; longer than a double press.
_SEEN_AGAIN = timedelta(seconds=5)


class Turns:
    """Takes events; what must outlive the turn is committed before anything is said."""

    def __init__(
        self,
        units: UnitsOfWork,
        knowledge: Knowledge,
        clock: Clock,
        *,
        wake: Callable[[], None],
        refresh: Callable[[], Awaitable[None]],
        admission: Admission | None = None,
        telemetry: Telemetry = OFF,
    ) -> None:
        """`wake` is called after a commit that put notices in the outbox, `refresh` after one that changed a number."""
        self._units = units
        self._knowledge = knowledge
        self._clock = clock
        self._wake = wake
        self._refresh = refresh
        self._emergency = replace(knowledge, partners=CurrentPartners(lay_over(EMERGENCY_FILE), away=True))
        self._renderer = CardRenderer(knowledge.texts)
        self._admission = admission or Admission(MOST_AT_ONCE)
        self._telemetry = telemetry
        self._locks = ConversationLocks()
        self._stored_addresses: dict[str, Address] = {}

    async def __call__(self, event: Event, channel: Channel) -> Message | Results | None:
        """One turn. Numbers are answered first, from memory; content is taken in the one-to-one chat only."""
        with self._telemetry.turn(type(event.what).__name__.lower(), event.activity_id):
            now = self._clock()
            if isinstance(event.what, Searched):
                return self._found(event.what, now)
            from_memory = self._from_memory(event, now)
            if from_memory is not None:
                return await self._say(from_memory, event, channel)
            if event.scope is not Scope.PERSONAL and not _is_about_a_number(event):
                return await self._say(self._to_personal_chat(event), event, channel)
            return await self._stored_turn(event, channel, now)

    async def _stored_turn(self, event: Event, channel: Channel, now: datetime) -> Message | None:
        """A turn that needs the database. Who tells of danger hears of 112 whatever happens to it."""
        patience = _PATIENCE_OF_A_PRESS if event.wants_answer else _PATIENCE
        deadline = time.monotonic() + patience.total_seconds()
        try:
            with self._admission.enter(always=lambda: tells_of_danger(event.what, self._knowledge)):
                async with (
                    Meanwhile(_DANGER_WAITS, lambda: self._name_112(event, channel)) as waiting,
                    self._locks.alone(event.address.conversation_id, patience),
                ):
                    answer = await self._turn_or_number(event, now, deadline)
                    await waiting.over()
                    if answer.notifies:
                        self._wake()
                    if answer.changes_numbers:
                        await self._refresh()
                    body = await self._say(answer, event, channel)
        except Busy as busy:
            log.warning("turn_refused", reason=busy.reason, activity=event.activity_id)
            self._telemetry.turn_refused(busy.reason)
            in_danger = tells_of_danger(event.what, self._knowledge)
            text = self._knowledge.texts("failure.danger" if in_danger else "failure.busy")
            return await self._say_in_words(text, event, channel)
        except DeliveryFailed:
            raise
        except Exception as error:
            if not tells_of_danger(event.what, self._knowledge):
                raise
            log.error("turn_failed_in_danger", activity=event.activity_id, kind=type(error).__name__)  # noqa: TRY400 - what an exception says may hold an answer
            return await self._say_in_words(self._knowledge.texts("failure.danger"), event, channel)
        for message_id, card in answer.edits.items():
            await self._shrink(message_id, card, channel)
        return body

    async def _name_112(self, event: Event, channel: Channel) -> None:
        """A turn can wait long for another one or for a slow database; who writes of danger does not."""
        if event.wants_answer or not tells_of_danger(event.what, self._knowledge):
            return
        try:
            await self._say_in_words(self._knowledge.texts("failure.danger_late"), event, channel)
        except DeliveryFailed as failed:
            log.warning("danger_not_named", activity=event.activity_id, kind=type(failed).__name__)
        except Exception as error:  # noqa: BLE001 - the turn goes on
            log.error("danger_not_named", activity=event.activity_id, kind=type(error).__name__)  # noqa: TRY400 - what an exception says may hold an answer

    def _from_memory(self, event: Event, now: datetime) -> Answer | None:
        """A number. Whatever goes wrong with the directory, the built-in one answers."""
        if not isinstance(event.what, Said | Pressed):
            return None
        in_group = event.scope is not Scope.PERSONAL
        try:
            return answer_from_memory(event.what, self._knowledge, now, in_group=in_group)
        except Exception as error:  # noqa: BLE001 - 112 is told whatever is wrong with the directory
            log.error("directory_failed", kind=type(error).__name__)  # noqa: TRY400 - the words of an error may hold what was asked
            return answer_from_memory(event.what, self._emergency, now, in_group=in_group)

    def _found(self, searched: Searched, now: datetime) -> Results:
        found = search(self._knowledge.directory, searched.query, self._knowledge.texts, now, searched.limit)
        return tuple(Result(each.title, each.text, self._renderer.adaptive_card(each.card)) for each in found)

    async def _turn_or_number(self, event: Event, now: datetime, deadline: float) -> Answer:
        """The turn; with the database away, a number if a few words asked for one."""
        try:
            return await self._turn(event, now, deadline)
        except Busy:
            raise
        except Exception:
            if not isinstance(event.what, Said):
                raise
            await self._refresh()
            if not self._knowledge.partners.away:
                raise
            answer = answer_to_short_question(event.what.text, self._knowledge, now)
            if answer is None:
                raise
            return answer

    async def _turn(self, event: Event, now: datetime, deadline: float) -> Answer:
        for attempt in range(1, TRIES + 1):
            try:
                patience = timedelta(seconds=max(0.0, deadline - time.monotonic()))
                return await self._turn_in_one_transaction(event, now, patience)
            except Conflict:
                log.info("turn_repeated", activity=event.activity_id, attempt=attempt)
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    async def _turn_in_one_transaction(self, event: Event, now: datetime, patience: timedelta) -> Answer:
        person = Person(self._knowledge.staff.actor(event.address.person), event.address.name)
        async with self._units() as uow:
            first_time = await uow.journal.first_time(
                event.activity_id,
                now,
                twin=event.twin,
                conversation=event.address.conversation_id,
                patience=patience,
            )
            conversation = Conversation(uow, person, self._knowledge, now)
            match event.what:
                case Installed():
                    known = await uow.people.address(person.actor.id)
                    welcome = Reply(menu.welcome_card(person.actor, self._knowledge), in_place=False)
                    answer = Answer() if known and known.reachable else Answer((welcome,))
                case Uninstalled():
                    await uow.people.unreachable(person.actor.id)
                    answer = Answer()
                case Unreadable():
                    answer = await conversation.unreadable() if first_time else Answer()
                case Searched():
                    raise AssertionError("a search takes no transaction")
                case Said() | Pressed() as what:
                    answer = await (conversation.take(what) if first_time else conversation.now_on_screen(what))
            gone = isinstance(event.what, Uninstalled) or event.scope is not Scope.PERSONAL
            fresh = None if gone else self._fresh(event.address)
            if fresh is not None:
                await uow.people.seen(fresh)
            await uow.commit()
        if isinstance(event.what, Uninstalled):
            self._stored_addresses.pop(event.address.person, None)
        elif fresh is not None:
            self._stored_addresses[fresh.person] = fresh
        return answer

    def _fresh(self, address: Address) -> Address | None:
        """The address if it differs from the one that is stored, or that was a while ago."""
        stored = self._stored_addresses.get(address.person)
        if stored is None or address.seen_at - stored.seen_at >= _SEEN_AGAIN:
            return address
        return None if replace(stored, seen_at=address.seen_at) == address else address

    def _to_personal_chat(self, event: Event) -> Answer:
        if isinstance(event.what, Uninstalled):
            return Answer()
        link = f"https://teams.microsoft.com/l/chat/0/0?users={quote(event.address.bot_id)}"
        return Answer((Reply(menu.group_card(link, self._knowledge.texts), in_place=False),))

    async def _say(self, answer: Answer, event: Event, channel: Channel) -> Message | None:
        """Speak; a card that has moved shrinks only when the new one is there."""
        body: Message | None = None
        for reply in answer.replies:
            message = self._renderer.message(reply.card)
            pressed = event.what if isinstance(event.what, Pressed) else None
            if reply.in_place and event.wants_answer:
                body = message
            elif reply.in_place and pressed is not None and pressed.card_id:
                await channel.update(pressed.card_id, message)
            else:
                sent = await channel.send(message)
                await self._remember(reply, event, sent)
        return body

    async def _say_in_words(self, text: str, event: Event, channel: Channel) -> Message | None:
        message = Message(text=text)
        if event.wants_answer:
            return message
        await channel.send(message)
        return None

    async def _shrink(self, message_id: str, card: Card, channel: Channel) -> None:
        try:
            await channel.update(message_id, self._renderer.message(card))
        except DeliveryFailed as failed:
            # The old card stays as it was; a press on it shows the state of the draft.
            log.info("card_not_shrunk", message=message_id, reason=type(failed).__name__)

    async def _remember(self, reply: Reply, event: Event, message_id: str) -> None:
        if reply.shows_draft is None:
            return
        async with self._units() as uow:
            person = event.address.person
            await uow.cards.remember(CardAddress(person, CardSubject.DRAFT, reply.shows_draft, message_id))
            await uow.commit()
