"""What an open page is told besides the messages themselves."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from bot.local.faults import Fault


class Delivery(BaseModel):
    """A line of the log: that something went over, never what."""

    kind: Literal["delivery"] = "delivery"
    at: datetime
    person: str
    to_bot: bool
    what: Literal["message", "edit", "removal", "press", "search", "installation"]
    #: HTTP status; 0 if there was no answer.
    status: int


class Typing(BaseModel):
    """The bot is busy with an answer."""

    kind: Literal["typing"] = "typing"
    person: str


class FaultsChanged(BaseModel):
    """Other deliveries will go wrong than before."""

    kind: Literal["faults"] = "faults"
    pending: tuple[Fault, ...]


class ClockMoved(BaseModel):
    """The clock was put forward; `now` is what it shows."""

    kind: Literal["clock"] = "clock"
    now: datetime
