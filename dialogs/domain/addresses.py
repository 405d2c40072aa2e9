"""Where a person and a message can be found in Teams: plain strings, learned from what arrives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """The one-to-one conversation with a person, as last seen."""

    #: Entra object id.
    person: str
    name: str
    conversation_id: str
    service_url: str
    tenant_id: str
    #: The person's and the bot's ids in this channel ("29:...", "28:...").
    teams_id: str
    bot_id: str
    seen_at: datetime
    #: False after Teams said that the person cannot be reached, until they are seen again.
    reachable: bool = True


class CardSubject(StrEnum):
    """What a remembered message shows. Stored; never renamed."""

    #: The intake card; `signal_id` is then the draft's id, which becomes the signal's.
    DRAFT = "draft"
    SIGNAL_FOR_OFFICER = "signal_for_officer"
    #: The open notice of what is new; `signal_id` is then empty.
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class CardAddress:
    """The message that shows a signal to a person, so that it can be edited in place."""

    person: str
    subject: CardSubject
    signal_id: str
    message_id: str
