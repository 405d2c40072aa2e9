"""What can happen to a signal: the lines of its history, appended and never edited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dialogs.domain.lifecycle import SignalStatus


class EventKind(StrEnum):
    """What happened. Stored; never renamed. Behind each: the names of its content."""

    #: `minor`: words of the story that seem to speak of somebody under 18; `skipped`: the keys of the choices that the
    #: reporter passed over, with commas between. Each only if there are any.
    RECEIVED = "received"
    # The reporter.
    FEEDBACK_READ = "feedback_read"
    #: `text`.
    ADDED = "added"
    #: `text`: the reason, may be empty.
    WITHDRAWAL_WISHED = "withdrawal_wished"
    #: `asked`: the number of the question's event; `text`.
    ANSWERED = "answered"
    #: `useful`: "yes" or "no". Once for each closing.
    RATED = "rated"
    # Who has it.
    TAKEN_UP = "taken_up"
    #: Offered to another officer, who accepts or declines: `to`, `reason`.
    OFFERED = "offered"
    ACCEPTED = "accepted"
    #: `reason`, may be empty. Also by who offered it: then it is taken back.
    DECLINED = "declined"
    #: From an owner who did not offer it: `from`, `reason`.
    TAKEN_OVER = "taken_over"
    # What the officers add; never shown to the reporter.
    #: `note`.
    NOTED = "noted"
    #: `field` (address, company, sanctions, other), `value` (empty: taken away), `reason`; `hit`: "no" where it was
    #: looked up and nothing was found.
    ENRICHED = "enriched"
    #: The officer's own judgement beside the bot's: `outcome`, `form` (may be empty), `reason`; `riec` ("yes") where
    #: the officer adds the RIEC to the route.
    JUDGED = "judged"
    #: A step of the checklist: `token`, `done` ("yes" or "no"). `COMENSHA`: whether it was told by police or ZoCo.
    TICKED = "ticked"
    #: It belongs to another signal, which leads. On both: `lead` (id), `reference` (of the other one).
    LINKED = "linked"
    UNLINKED = "unlinked"
    #: Fields were put on a card to read out: `fields`, with commas between.
    READ_OUT = "read_out"
    # Questions to the reporter.
    #: `question`.
    ASKED = "asked"
    #: No answer in time, or taken back by an officer: `asked`.
    QUESTION_ENDED = "question_ended"
    #: More was confirmed in an answer or addition: `criteria`, with commas between; `danger` ("yes", "no" or empty: not
    #: asked); `before` and `after`, the outcomes.
    REASSESSED = "reassessed"
    # Partners.
    #: `partner`, `note`, `how`, `shared`, `text` (key of the line for the reporter; empty: silent), `feedback` (own
    #: line), `due` as below.
    CONSULTED = "consulted"
    #: `partner` (key; several with commas between), `desk` (name, where one of them is another desk), `how`, `ground`,
    #: `shared` (keys with commas between), `note`, `text` ("named" or "unnamed": whether the reporter reads to whom),
    #: `feedback`, `due` (ISO date on which the partner's feedback is due; empty: none was asked for).
    HANDED_OVER = "handed_over"
    #: `partner`, `about` (number of the consultation or hand-over), `text`.
    PARTNER_ANSWERED = "partner_answered"
    # Feedback to the reporter.
    #: Between two steps: `text` (key of a reviewed text), `feedback` (own line), `how` ("push" or "in_person").
    FED_BACK = "fed_back"
    #: `text` (key of a reviewed text), `feedback`; when the reporter could not be reached `attempts` (a number), `ways`
    #: (with commas between) and `reason`.
    CLOSED = "closed"
    #: `reason`.
    REOPENED = "reopened"
    #: The owner agreed.
    WITHDRAWN = "withdrawn"
    #: The owner goes on with it.
    WITHDRAWAL_DECLINED = "withdrawal_declined"
    # Time, and the bot itself.
    #: A term ran out: `watch`, `about`, `step` (1, 2, ...), `told` (who was told: ids with commas between).
    ESCALATED = "escalated"
    #: A message to the reporter did not arrive: `notice` (kind), `why` (code).
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class SignalEvent:
    """One line of a signal's history."""

    signal_id: str
    at: datetime
    #: Entra object id of who did it, or "system".
    actor: str
    kind: EventKind
    #: The status after it.
    status: SignalStatus
    #: 1, 2, 3 ... within the signal; 0 until it is stored.
    number: int = 0
    #: By name, as the kind says.
    content: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_pushed(self) -> bool:
        """Whether the reporter gets a message of it."""
        match self.kind:
            case EventKind.CONSULTED:
                return bool(self.content.get("text"))
            case EventKind.FED_BACK:
                return self.content.get("how") != "in_person"
            case EventKind.CLOSED:
                return self.content.get("text") != UNREACHABLE
            case _:
                return self.kind in NEWS


#: The closing text of a signal whose reporter could not be reached; counted apart.
UNREACHABLE = "unreachable"

#: What tells the reporter something new.
NEWS = frozenset(
    {
        EventKind.TAKEN_UP,
        EventKind.ASKED,
        EventKind.CONSULTED,
        EventKind.HANDED_OVER,
        EventKind.FED_BACK,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.WITHDRAWN,
        EventKind.WITHDRAWAL_DECLINED,
    }
)
#: What a reporter sees of the history, as far as it `is_seen_by_reporter`; other events stay with the officers.
SEEN_BY_REPORTER = NEWS | {
    EventKind.RECEIVED,
    EventKind.ADDED,
    EventKind.WITHDRAWAL_WISHED,
    EventKind.ANSWERED,
    EventKind.QUESTION_ENDED,
}
_IN_OWN_WORDS = frozenset({EventKind.ADDED, EventKind.WITHDRAWAL_WISHED, EventKind.ANSWERED})
#: What ends the wish to withdraw: the owner's decision on it, or the end of the signal.
_ANSWERS_WISH = frozenset({EventKind.WITHDRAWN, EventKind.WITHDRAWAL_DECLINED, EventKind.CLOSED})
#: What ends a question: an answer, time, an officer, or the end of the signal.
ENDS_QUESTION = frozenset({EventKind.ANSWERED, EventKind.QUESTION_ENDED, EventKind.CLOSED, EventKind.WITHDRAWN})


def is_seen_by_reporter(event: SignalEvent) -> bool:
    """Whether the reporter reads this line; a silent consultation stays with the officers."""
    return event.kind in SEEN_BY_REPORTER and (event.kind is not EventKind.CONSULTED or event.is_pushed)


def is_withdrawal_wished(history: Iterable[SignalEvent]) -> bool:
    """Whether the reporter wishes to withdraw the signal and nobody has decided on it yet."""
    wished = False
    for event in history:
        wished = event.kind is EventKind.WITHDRAWAL_WISHED or (wished and event.kind not in _ANSWERS_WISH)
    return wished


def own_words(event: SignalEvent) -> str:
    """What the reporter wrote in this step; empty if nothing, or if the step was not the reporter's."""
    return event.content.get("text", "") if event.kind in _IN_OWN_WORDS else ""
