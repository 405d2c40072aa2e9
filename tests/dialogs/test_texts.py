"""The file of texts: complete, nothing left over, and overridable."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
import yaml

from bot.knowledge import shipped
from dialogs.domain.access import Reader
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import Field
from dialogs.domain.criteria import Form
from dialogs.domain.events import NEWS, SEEN_BY_REPORTER, EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.linking import Obstacle
from dialogs.domain.notices import NoticeKind
from dialogs.domain.partners import Change
from dialogs.domain.queue import QueueFilter
from dialogs.domain.recipients import OUTSIDE_DIRECTORY, Ground, How
from dialogs.domain.terms import WatchKind
from dialogs.intake.cards import TITLED
from dialogs.learning import parse_learning
from dialogs.officer.checklist import PARTNER_OF
from dialogs.ports import DeliveryState
from dialogs.reporter.forms import CHANNELS
from dialogs.requests import Wish
from dialogs.texts import TextsInvalid, parse_texts
from dialogs.use_cases.feedback import CLOSING_TEXTS, IN_PERSON, INTERIM_TEXTS, Way
from dialogs.use_cases.judging import COMENSHA
from dialogs.use_cases.referrals import Fault
from dialogs.use_cases.watch_desks import NO_HANDLER, OWNER_LEFT

ROOT = Path(__file__).parents[2]
TEXTS = parse_texts(shipped("texts.yaml"))


def _each(prefix: str, kinds: type[StrEnum] | tuple[str, ...]) -> set[str]:
    return {f"{prefix}.{kind}" for kind in kinds}


WORDS_OF_NOTICES = (
    NoticeKind.ADDITION,
    NoticeKind.WITHDRAWAL_WISH,
    NoticeKind.UNDELIVERED,
    NoticeKind.OFFER,
    NoticeKind.OFFER_ANSWERED,
    NoticeKind.TAKEN_OVER,
)
#: Wishes for which there may be no signal.
NOTHING_OF = (Wish.READ, Wish.ADD, Wish.WITHDRAW, Wish.ANSWER, Wish.CONFIRM, Wish.USEFUL)


#: Events of which the history says more than one thing.
_IN_PARTS = {
    EventKind.ENRICHED: ("enriched_found", "enriched_not_found", "enriched_taken_away"),
    EventKind.LINKED: ("linked_leads", "linked_follows"),
    EventKind.UNLINKED: ("unlinked_leads", "unlinked_follows"),
    EventKind.TICKED: ("ticked", "ticked_not"),
    EventKind.RATED: ("rated_yes", "rated_no"),
}
_SECTIONS = ("story", "found", "weighing", "timeline", "notes")
#: Keys of what officers read about a case.
ON_A_CASE = (
    _each("event", tuple(part for parts in _IN_PARTS.values() for part in parts))
    | _each("written", ("question", "text", "answer", "note", "value", "reason", "feedback"))
    | _each("field", Field)
    | _each("form", Form)
    | _each("step", (*(token for token in PARTNER_OF), COMENSHA))
    | _each("recipient", OUTSIDE_DIRECTORY)
    | _each("ground", Ground)
    | _each("how", How)
    | _each("section", _SECTIONS)
    | _each("button", tuple(f"section_{section}" for section in (*_SECTIONS, "related")))
    | _each("judge.outcome", Outcome)
    | _each("link.leads", ("own", "other"))
    | _each("link.refused", Obstacle)
    | _each("referral", (EventKind.CONSULTED, EventKind.HANDED_OVER, "shared", "personal"))
    | _each("referral.fault", tuple(set(Fault) - {Fault.DAY_OFF, Fault.DAY_PAST}))
    | _each("case", ("partner_asked", "partner_owes", "partner_answered"))
    | {f"{what}.comensha_{done}" for what in ("button", "checklist") for done in ("yes", "no")}
    | _each("hand_over", ("title", "named", "unnamed"))
    | _each("consult", ("title", "told_no", "told_yes"))
    | {key for key in TEXTS if key.startswith("measures.list.")}
)

#: Keys that the code puts together from a prefix and what it is about.
COMPOSED = (
    _each("status", SignalStatus)
    | _each("outcome", Outcome)
    | _each("event", (*(set(EventKind) - _IN_PARTS.keys()), "told_in_person", "closed_unreachable"))
    | {"button.useful_yes", "button.useful_no"}
    | _each("intake.title", tuple(TITLED))
    | _each("feedback.closed", CLOSING_TEXTS)
    | _each("feedback.choice", CLOSING_TEXTS)
    | _each("feedback", tuple(SEEN_BY_REPORTER - {EventKind.CLOSED, EventKind.FED_BACK}))
    | _each("feedback.interim", (*INTERIM_TEXTS, IN_PERSON, NO_HANDLER))
    | _each("feedback.interim_choice", (*INTERIM_TEXTS, IN_PERSON))
    | {"feedback.closed.unreachable"}
    | {f"unreachable.way_{way}" for way in Way}
    | {f"unreachable.times_{times}" for times in range(1, 6)}
    | {f"delivery.{state}" for state in DeliveryState if state is not DeliveryState.PENDING}
    | _each("news", tuple(NEWS))
    | {f"handler.{who}{short}" for who in Reader for short in ("", "_short")}
    | {f"receipt.{who}.{part}" for who in ("officer", "confidant", "nobody") for part in ("thanks", "next", "when")}
    | _each("notice", WORDS_OF_NOTICES)
    | _each("notice.term", (*WatchKind, OWNER_LEFT))
    | _each("queue.filter", QueueFilter)
    | _each("mail", ("subject", "acute"))
    | _each("choose", (Wish.READ, Wish.ADD, Wish.WITHDRAW, Wish.ANSWER))
    | {f"choose.none_{what}" for what in (*NOTHING_OF, "found")}
    | _each("notice", (EventKind.ANSWERED, EventKind.REASSESSED, EventKind.RATED))
    | {f"notice.{what}" for what in ("acute", "reopened", "title")}
    | _each("channel", CHANNELS)
    | {f"{form}.{done}" for form in ("add", "withdraw", "answer", "late", "heard") for done in ("done_title", "done")}
    | {f"button.{form}" for form in ("add", "withdraw")}
    | {f"for_others.{field}" for field in ("team", "team_hint", "contact", "contact_hint")}
    | _each("directory.change", Change)
    | _each("rejected", ("empty", "bsn", "no_such_choice", "no_such_number", "no_such_subject", "no_such_tick"))
    | ON_A_CASE
)


def keys_in_code() -> set[str]:
    literal = re.compile(r'"([a-z_]+(?:\.[a-z_]+)+|practice_mark|progress)"')
    sources = [path.read_text("utf-8") for folder in ("dialogs", "bot") for path in (ROOT / folder).rglob("*.py")]
    return {key for source in sources for key in literal.findall(source)}


def test_every_text_that_the_code_asks_for_is_there() -> None:
    asked = {key for key in keys_in_code() if key.split(".")[0] in {text.split(".")[0] for text in TEXTS}}
    verbs = {key for key in asked if key.split(".")[0] == "intake"} - set(TEXTS)

    assert set(TEXTS) >= COMPOSED
    assert asked - set(TEXTS) == verbs, "only the verbs of buttons look like texts that are not there"


def test_no_text_is_left_over() -> None:
    assert set(TEXTS) - keys_in_code() - COMPOSED == set()


def test_no_key_stands_twice_as_yaml_would_forget_the_first() -> None:
    keys = list(_keys(yaml.compose(shipped("texts.yaml"))))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - PyYAML has no types here

    assert [key for key in set(keys) if keys.count(key) > 1] == []


def _keys(node: yaml.Node | None, path: str = "") -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield f"{path}.{key.value}"
            yield from _keys(value, f"{path}.{key.value}")


def test_a_municipality_lays_its_own_wording_over_a_text() -> None:
    own = parse_texts(shipped("texts.yaml"), {"wiped.title": "Alles is weg"})

    assert own("wiped.title") == "Alles is weg"
    assert own("kept.title") == TEXTS("kept.title")


@pytest.mark.parametrize(
    ("source", "overrides", "said"),
    [
        ("a: {b: 3}", None, "a.b: hier hoort een tekst, niet 3"),
        ("a: {on: x}", None, "tussen aanhalingstekens"),
        ("a: [", None, "expected"),
        ("a: {b: hallo}", {"a.c": "hoi"}, "a.c"),
        ("a: {b: hallo}", {"a.b": "hoi {naam}"}, "a.b"),
    ],
    ids=["a number", "a YAML word", "no YAML", "an unknown key", "a place that is not there"],
)
def test_a_fault_in_a_file_of_texts_is_named(source: str, overrides: dict[str, str] | None, said: str) -> None:
    with pytest.raises(TextsInvalid, match=re.escape(said)):
        parse_texts(source, overrides)


#: Here Teams reads no links: the answer to a press that failed, and buttons. And examples of writing.
WITHOUT_LINK = {"failure.text", "failure.busy", "failure.late", "directory.wrong.number", "step.112"}


def test_every_phone_number_is_text_with_a_link() -> None:
    lessons = parse_learning(shipped("learning.yaml")).sentences()
    without = {
        key
        for key, text in (*((key, TEXTS(key)) for key in TEXTS), *lessons)
        if re.search(r"(?<!\d)(112|0[89]00-\d{4})(?!\d)", re.sub(r"\[[^]]*\]\([^)]*\)", "", text))
    }

    assert without <= WITHOUT_LINK
