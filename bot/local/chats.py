"""What everybody in the try-out has on screen: their chats, kept in a small file over a restart."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.local.clock import LocalClock
from bot.local.feed import Feed
from bot.local.people import LocalPerson

#: The oldest messages of a chat are let go beyond this many.
MOST_MESSAGES = 200

CardJson = dict[str, JsonValue]


class NoSuchMessage(Exception):
    """There is no message with this id in this chat."""


class CannotKeep(Exception):
    """The file with the chats cannot be read; the message names it and the remedy."""


class Content(BaseModel):
    """What a message says: text, cards, and the line a notification may show."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    #: "plain" or "markdown".
    text_format: str = "plain"
    cards: tuple[CardJson, ...] = ()
    summary: str = ""


class ChatMessage(BaseModel):
    """One message in a chat."""

    model_config = ConfigDict(frozen=True)

    id: str
    at: datetime
    by_bot: bool
    content: Content
    #: Goes up with each change, so that a page draws only what changed.
    revision: int = 1
    #: The bot could not be reached with it.
    failed: bool = False


class MessageShown(BaseModel):
    """A message came or changed."""

    kind: Literal["message"] = "message"
    person: str
    message: ChatMessage
    #: True for a message that was not there before.
    new: bool


class MessageGone(BaseModel):
    """A message was taken away."""

    kind: Literal["gone"] = "gone"
    person: str
    id: str


class _Kept(BaseModel):
    """The file."""

    ahead: timedelta = timedelta()
    installed: set[str] = Field(default_factory=set[str])
    messages: dict[str, list[ChatMessage]] = Field(default_factory=dict[str, list[ChatMessage]])


class Chats:
    """The one-to-one chats of the local people with the bot."""

    def __init__(self, people: Sequence[LocalPerson], clock: LocalClock, feed: Feed, file: Path) -> None:
        """Pick up where the file left off, the clock included. Raises CannotKeep."""
        self._clock = clock
        self._feed = feed
        self._file = file
        kept = _read(file)
        self._installed = kept.installed
        self._messages = {person.key: {m.id: m for m in kept.messages.get(person.key, [])} for person in people}
        self._last_id = max((int(key) for chat in self._messages.values() for key in chat), default=0)
        clock.forward(kept.ahead)
        clock.when_moved(self._save)

    def of(self, person: LocalPerson) -> Sequence[ChatMessage]:
        """The chat of this person, oldest first."""
        return tuple(self._messages[person.key].values())

    def has_app(self, person: LocalPerson) -> bool:
        """Whether the bot was added for this person."""
        return person.key in self._installed

    def add_app(self, person: LocalPerson) -> None:
        """The bot was added for this person."""
        self._installed.add(person.key)
        self._save()

    def remove_app(self, person: LocalPerson) -> None:
        """The bot could not be added after all."""
        self._installed.discard(person.key)
        self._save()

    def post(self, person: LocalPerson, content: Content, *, by_bot: bool) -> ChatMessage:
        """Add a message at the end."""
        now = self._clock()
        # Teams' message ids are moments in milliseconds, and never the same twice.
        self._last_id = max(self._last_id + 1, int(now.timestamp() * 1000))
        message = ChatMessage(id=str(self._last_id), at=now, by_bot=by_bot, content=content)
        chat = self._messages[person.key]
        chat[message.id] = message
        while len(chat) > MOST_MESSAGES:
            del chat[next(iter(chat))]
        self._show(person, message, new=True)
        return message

    def edit(self, person: LocalPerson, message_id: str, content: Content) -> None:
        """Replace what a message says. Raises NoSuchMessage."""
        message = self._get(person, message_id)
        if message.content != content:
            self._change(person, message, {"content": content})

    def revision(self, person: LocalPerson, message_id: str) -> int:
        """How often this message was drawn anew; 0 when it is not there."""
        message = self._messages[person.key].get(message_id)
        return message.revision if message else 0

    def failed(self, person: LocalPerson, message_id: str) -> None:
        """The bot could not be reached with this message. Raises NoSuchMessage."""
        self._change(person, self._get(person, message_id), {"failed": True})

    def remove(self, person: LocalPerson, message_id: str) -> None:
        """Take a message away. Raises NoSuchMessage."""
        del self._messages[person.key][self._get(person, message_id).id]
        self._feed.publish(MessageGone(person=person.key, id=message_id))
        self._save()

    def _get(self, person: LocalPerson, message_id: str) -> ChatMessage:
        try:
            return self._messages[person.key][message_id]
        except KeyError:
            raise NoSuchMessage(message_id) from None

    def _change(self, person: LocalPerson, message: ChatMessage, change: dict[str, object]) -> None:
        changed = message.model_copy(update={**change, "revision": message.revision + 1})
        self._messages[person.key][message.id] = changed
        self._show(person, changed, new=False)

    def _show(self, person: LocalPerson, message: ChatMessage, *, new: bool) -> None:
        self._feed.publish(MessageShown(person=person.key, message=message, new=new))
        self._save()

    def _save(self) -> None:
        """Write the whole file beside the old one and put it in its place: a crash leaves one of the two."""
        messages = {key: list(chat.values()) for key, chat in self._messages.items()}
        kept = _Kept(ahead=self._clock.offset, installed=self._installed, messages=messages)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(kept.model_dump_json())
        beside.replace(self._file)


def _read(file: Path) -> _Kept:
    try:
        return _Kept.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return _Kept()
    except (OSError, ValidationError) as error:
        raise CannotKeep(
            f"{file} is niet te lezen ({type(error).__name__}). Verwijder het om met lege gesprekken te beginnen."
        ) from error
