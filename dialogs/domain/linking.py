"""Signals about the same thing, as one case: one leads and is worked on, the others follow and hear what it hears.

Nothing is waited for at a signal that follows (`dialogs.domain.terms`), so it may never be left behind: what ends the
one that leads either ends those that follow with feedback to their own reporters, or sets them free.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import UNREACHABLE, EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.signals import Signal

#: What happens to the signals that follow as well: who has it, where it went, what the reporter hears.
_FOLLOWED = frozenset(
    {
        EventKind.TAKEN_UP,
        EventKind.ACCEPTED,
        EventKind.TAKEN_OVER,
        EventKind.CONSULTED,
        EventKind.HANDED_OVER,
        EventKind.PARTNER_ANSWERED,
        EventKind.FED_BACK,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)


class Obstacle(StrEnum):
    """Why two signals cannot be linked. Also the key of its sentence in the texts, under `link.refused`."""

    SAME = "same"
    ENDED = "ended"
    #: Other people are excluded from one than from the other: through the link they would learn of it.
    KEPT_APART = "kept_apart"
    #: The one that is to follow has another owner, who must not lose it without a word.
    OWNED = "owned"
    #: The one that is to lead follows another one.
    FOLLOWS = "follows"
    #: The one that is to follow does so already, or leads others.
    LINKED = "linked"
    #: Something is waited for at the one that is to follow: an answer, a colleague or a partner.
    WAITING = "waiting"


def obstacle(lead: CaseFile, follower: CaseFile, *, leads_others: bool) -> Obstacle | None:
    """Why `follower` cannot follow `lead`; None if it can. `leads_others`: the one that is to follow leads by now."""
    one, other = lead.signal, follower.signal
    checks = (
        (Obstacle.SAME, one.id == other.id),
        (Obstacle.KEPT_APART, one.excluded != other.excluded),
        (Obstacle.ENDED, not lead.is_open or not follower.is_open),
        (Obstacle.FOLLOWS, one.lead is not None),
        (Obstacle.LINKED, other.lead is not None or leads_others),
        (Obstacle.OWNED, not follower.is_unclaimed and other.owner != one.owner),
        (Obstacle.WAITING, bool(follower.question or follower.offer or follower.owed_by_partners)),
    )
    return next((why for why, holds in checks if holds), None)


def linked(lead: Signal, follower: Signal) -> Signal:
    """A signal that was taken up, as it follows from now on: with the owner, and where the case is."""
    return replace(follower, lead=lead.id, owner=lead.owner, status=_status(lead.status, follower.status))


@dataclass(frozen=True, slots=True)
class Followed:
    """What becomes of a signal that follows."""

    changed: Signal
    kind: EventKind
    content: Mapping[str, str]


def followed(follower: CaseFile, lead: CaseFile) -> Followed | None:
    """What the newest event of the one that leads does to one that follows; None: nothing."""
    event, signal = lead.history[-1], follower.signal
    if _leaves_behind(event):
        content = {"lead": lead.signal.id, "reference": lead.signal.reference}
        return Followed(replace(signal, lead=None), EventKind.UNLINKED, content) if follower.is_open else None
    again = event.kind is EventKind.REOPENED
    if event.kind not in _FOLLOWED or (signal.status is not SignalStatus.CLOSED if again else not follower.is_open):
        return None
    status = _status(lead.signal.status, signal.status)
    changed = replace(signal, status=status, owner=lead.signal.owner)
    return Followed(changed, event.kind, {**_content(event, follower, lead), "lead": lead.signal.reference})


def _leaves_behind(event: SignalEvent) -> bool:
    """The end of the one that leads says nothing to the reporters of those that follow."""
    unreachable = event.kind is EventKind.CLOSED and event.content.get("text") == UNREACHABLE
    return unreachable or event.kind is EventKind.WITHDRAWN


def _status(lead: SignalStatus, own: SignalStatus) -> SignalStatus:
    """Where it is: as the one that leads, but a question is for one reporter alone."""
    return own if lead is SignalStatus.WAITING_FOR_REPORTER else lead


def _content(event: SignalEvent, follower: CaseFile, lead: CaseFile) -> Mapping[str, str]:
    match event.kind:
        case EventKind.PARTNER_ANSWERED:
            return {**event.content, "about": _same_event(event.content["about"], follower, lead)}
        case EventKind.FED_BACK if not event.is_pushed:
            # One reporter was told in person; the others get the reviewed text, without what was said to that one.
            return {"text": event.content.get("text", ""), "feedback": "", "how": "push"}
        case _:
            return event.content


def _same_event(number: str, follower: CaseFile, lead: CaseFile) -> str:
    """The number in the history of the one that follows; empty where it did not follow yet."""
    about = next((event for event in lead.history if str(event.number) == number), None)
    same = (event for event in follower.history if about and (event.kind, event.at) == (about.kind, about.at))
    return next((str(event.number) for event in same), "")
