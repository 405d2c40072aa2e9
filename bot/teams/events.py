"""What arrives from Teams, once it is known to be real: plain data, without the SDK."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from dialogs.domain.addresses import Address
from dialogs.turn import Pressed, Said


class Scope(StrEnum):
    """The kind of conversation, in the Bot Framework's own words."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Installed:
    """The app was added to this conversation."""


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The app was removed from this conversation: nothing can be sent here any more."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is not a text or a press of ours: a GIF, a file, an empty message, a payload we do not know."""


@dataclass(frozen=True, slots=True)
class Searched:
    """Something typed into the search box of the message extension; empty when it was just opened."""

    query: str
    #: The most results that Teams shows.
    limit: int


What = Said | Pressed | Installed | Uninstalled | Unreadable | Searched


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a person did, and where."""

    activity_id: str
    scope: Scope
    #: Who did it and where they can be reached; in a group or channel the conversation of that group or channel.
    address: Address
    what: What
    #: True for an invoke (Action.Execute): the answer to the request carries the card.
    wants_answer: bool = False
    #: What this activity shares with itself under another id: a digest of content, not to be stored or logged as it is.
    #: Empty if that cannot be told.
    twin: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: an Adaptive Card or a text, with a line that a lock screen may show."""

    card: Mapping[str, object] | None = None
    text: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a search: a line in the list, and the card that goes into the message."""

    title: str
    text: str
    card: Mapping[str, object]


#: The answer to a search, best first.
Results = tuple[Result, ...]


class Channel(Protocol):
    """The conversation of the running turn. Every call may raise DeliveryFailed."""

    async def send(self, message: Message) -> str:
        """Post a new message; its id."""
        ...

    async def update(self, message_id: str, message: Message) -> None:
        """Replace the message with this id."""
        ...

    async def delete(self, message_id: str) -> None:
        """Remove the message with this id."""
        ...


class EventHandler(Protocol):
    """The bot proper: takes an event, speaks through the channel, answers an invoke."""

    async def __call__(self, event: Event, channel: Channel) -> Message | Results | None:
        """Take the event in; the message that answers an invoke, if it wants one, or the results of a search."""
        ...
