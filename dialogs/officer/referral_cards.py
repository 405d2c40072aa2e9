"""Consulting partners and handing a signal over: whom to phone first, what was told, what the reporter will read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import shown_again
from dialogs.domain.opening_hours import AMSTERDAM, public_holidays
from dialogs.domain.recipients import COVENANT_OF, Ground, How, recipients
from dialogs.domain.signals import Signal
from dialogs.feedback_text import feedback_text
from dialogs.knowledge import Knowledge
from dialogs.officer.case_sections import back_button
from dialogs.officer.checklist import PARTNER_OF, contact_for, phone_of, steps_of
from dialogs.officer.parts import note_line, signal_button
from dialogs.officer.reading_out import options_of
from dialogs.recipient_names import recipient_name
from dialogs.turn import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Element,
    Line,
    Option,
    Style,
    TextField,
    Weight,
)
from dialogs.use_cases.referrals import (
    MOST_ANSWER,
    MOST_DESK,
    MOST_LINE,
    MOST_NOTE,
    Fault,
    Referred,
    key_of,
)
from dialogs.use_cases.sharing import pieces_of

#: Whom the policy names first (annex 1); the others are behind a fold, unless they are on the route.
_FIRST = ("avim", "zoco", "nla", "kmar")


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """A form about partners: the case, what stands in it, and what is to be said about that."""

    case: CaseFile
    knowledge: Knowledge
    now: datetime
    said: Referred
    #: What is wrong or was changed, on top.
    notes: Sequence[str] = ()

    def hand_over(self, *, seen: str = "") -> Card:
        """Handing over; `seen` marks what the reporter will read, once the officer has read it on this form."""
        texts = self.knowledge.texts
        grounds = tuple(Option(ground, texts(f"ground.{ground}")) for ground in Ground)
        shown = "button.preview_again" if seen else "button.preview"
        return self._card(
            "hand_over",
            (
                *(self._preview() if seen else ()),
                *self._fields_of_partners(),
                ChoiceField(
                    "ground",
                    texts("hand_over.ground"),
                    grounds,
                    tuple(each.key for each in grounds if each.key == self.said.ground),
                    compact=True,
                    required=True,
                    error=texts("referral.fault.ground_missing"),
                    hint=texts("hand_over.ground_hint"),
                ),
                *self._fields_of_sharing(),
                ChoiceField(
                    "named",
                    texts("hand_over.who"),
                    tuple(Option(key, texts(f"hand_over.{key}")) for key in ("named", "unnamed")),
                    ("named" if self.said.named else "unnamed",),
                ),
                self._line(),
            ),
            (
                *((self._button("button.hand_over", "signal.hand_over", Weight.MAIN, seen),) if seen else ()),
                self._button(shown, "signal.hand_over_preview", Weight.PLAIN if seen else Weight.MAIN),
            ),
        )

    def consult(self) -> Card:
        """Consulting: silent for the reporter unless the officer chooses otherwise."""
        texts = self.knowledge.texts
        return self._card(
            "consult",
            (
                *self._fields_of_partners(),
                *self._fields_of_sharing(),
                TextField(
                    "answer",
                    texts("consult.answer"),
                    shown_again(self.said.answer, most=MOST_ANSWER),
                    hint=texts("consult.answer_hint"),
                    multiline=True,
                    max_length=MOST_ANSWER,
                ),
                ChoiceField(
                    "told",
                    texts("consult.told"),
                    tuple(Option(key, texts(f"consult.told_{key}")) for key in ("no", "yes")),
                    ("yes" if self.said.told else "no",),
                ),
                Line(texts("consult.reads", text=self._consulted), Style.QUIET),
                self._line(),
            ),
            (self._button("button.consult", "signal.consult", Weight.MAIN),),
        )

    @property
    def _consulted(self) -> str:
        return feedback_text(EventKind.CONSULTED, {}, self.case.signal, self.knowledge)

    def _card(self, key: str, elements: Sequence[Element], buttons: Sequence[Button]) -> Card:
        texts, reference = self.knowledge.texts, self.case.signal.reference
        return Card(
            title=texts(f"{key}.title", reference=reference),
            elements=(*(Line(note, Style.ALARM) for note in self.notes), *elements),
            buttons=(*buttons, back_button(self.case, self.knowledge)),
            summary=texts("case.title", reference=reference),
        )

    def _button(self, title: str, action: str, weight: Weight, seen: str = "") -> Button:
        carried = {"events": str(len(self.case.history)), **({"seen": seen} if seen else {})}
        button = signal_button(self.case.signal, self.knowledge.texts(title), action, weight)
        return replace(button, data={**button.data, **carried})

    def _preview(self) -> Iterator[Element]:
        """What the reporter will read, word for word."""
        yield Line(self.knowledge.texts("hand_over.preview"), Style.HEADING)
        yield Line(reporter_reads(self.said, self.case.signal, self.knowledge), Style.QUOTE)
        if self.said.line:
            yield Line(self.said.line, Style.QUOTE, verbatim=True)

    def _fields_of_partners(self) -> Iterator[Element]:
        """Phone first: the number that works now of everybody who is chosen, and then who it is."""
        texts, chosen = self.knowledge.texts, self.said.partners
        yield Line(texts("referral.phone_first"), Style.NOTE)
        for key in chosen:
            if key in self.knowledge.directory:
                yield Line(self._phone(key))
        listed = recipients(partner.key for partner in self.knowledge.directory)
        on_route = {PARTNER_OF[step] for step in steps_of(self.case)}
        first = tuple(key for key in listed if key in on_route or key in _FIRST)
        others = tuple(key for key in listed if key not in first)
        yield self._who("partner", "referral.partner", first)
        yield self._who("also", "referral.also", others, folded=not set(others) & set(chosen))
        yield TextField(
            "desk", texts("referral.desk"), shown_again(self.said.desk, most=MOST_DESK), max_length=MOST_DESK
        )

    def _who(self, key: str, label: str, listed: Sequence[str], *, folded: bool = False) -> ChoiceField:
        options = tuple(Option(each, recipient_name(each, self.knowledge)) for each in listed)
        value = tuple(each for each in listed if each in self.said.partners)
        return ChoiceField(key, self.knowledge.texts(label), options, value, many=True, folded=folded)

    def _phone(self, key: str) -> str:
        """The number that works now; of who is closed that it is so, and who answers instead."""
        texts = self.knowledge.texts
        contact = contact_for(key, self.knowledge, self.now)
        partner, phone = recipient_name(key, self.knowledge), phone_of(contact, texts)
        if contact.partner.key == key:
            return texts("referral.phone", partner=partner, phone=phone, state=contact.reason)
        return texts("referral.closed", partner=partner, via=contact.partner.name, phone=phone, state=contact.reason)

    def _fields_of_sharing(self) -> Iterator[Element]:
        texts, said = self.knowledge.texts, self.said
        pieces = pieces_of(self.case, self.knowledge)
        ways = tuple(Option(how, texts(f"how.{how}")) for how in How)
        yield ChoiceField(
            "how",
            texts("referral.how"),
            ways,
            tuple(each.key for each in ways if each.key == said.how),
            required=True,
            error=texts("referral.fault.how_missing"),
        )
        for key, personal in (("shared", False), ("personal", True)):
            options = options_of(pieces, personal=personal)
            value = tuple(option.key for option in options if option.key in said.shared)
            yield ChoiceField(key, texts(f"referral.{key}"), options, value, many=True)
        yield DateField("due", texts("referral.due"), said.due)
        yield TextField(
            "note", texts("referral.note"), shown_again(said.note, most=MOST_NOTE), multiline=True, max_length=MOST_NOTE
        )

    def _line(self) -> TextField:
        line = shown_again(self.said.line, most=MOST_LINE)
        return TextField("line", self.knowledge.texts("feedback.line"), line, multiline=True, max_length=MOST_LINE)


def reporter_reads(said: Referred, signal: Signal, knowledge: Knowledge) -> str:
    """The reviewed text that a hand-over gives the reporter."""
    content = {"partner": ",".join(said.partners), "text": "named" if said.named else "unnamed"}
    return feedback_text(EventKind.HANDED_OVER, content, signal, knowledge)


def fault_words(fault: Fault, said: Referred, knowledge: Knowledge, now: datetime) -> str:
    """What is wrong, and what to do."""
    texts = knowledge.texts
    match fault:
        case Fault.DAY_OFF:
            day = date.fromisoformat(said.due)
            why = public_holidays(day.year).get(day) or texts("referral.weekend")
            return texts("referral.fault.day_off", day=f"{day:%d-%m-%Y}", why=why)
        case Fault.DAY_PAST:
            today = f"{now.astimezone(AMSTERDAM):%d-%m-%Y}"
            return texts("referral.fault.day_past", today=today)
        case Fault.GROUND_WRONG:
            covenant = next((COVENANT_OF[key] for key in said.partners if key in COVENANT_OF), None)
            if covenant is None:
                return texts("referral.fault.ground_wrong")
            return texts("referral.fault.ground_covenant", ground=texts(f"ground.{covenant}"))
        case _:
            return texts(f"referral.fault.{fault}")


def answer_card(case: CaseFile, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """What a partner answered, and whose answer it is."""
    texts = knowledge.texts
    asked = tuple(
        Option(
            key_of(each),
            texts(
                "partner_answer.asked",
                partner=recipient_name(each.partner, knowledge),
                act=texts(f"referral.{each.kind}"),
                when=f"{each.at.astimezone(AMSTERDAM):%d-%m-%Y}",
            ),
        )
        for each in case.unanswered
    )
    chosen = filled.get("about") or (asked[0].key if len(asked) == 1 else "")
    return Card(
        title=texts("partner_answer.title", reference=case.signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            ChoiceField(
                "about",
                texts("partner_answer.about"),
                asked,
                tuple(each.key for each in asked if each.key == chosen),
                required=True,
                error=texts("partner_answer.about_missing"),
            ),
            TextField(
                "text",
                texts("partner_answer.text"),
                shown_again(filled.get("text", ""), most=MOST_ANSWER),
                multiline=True,
                required=True,
                error=texts("partner_answer.missing"),
                max_length=MOST_ANSWER,
            ),
        ),
        buttons=(
            signal_button(
                case.signal, texts("button.partner_answer"), "signal.answer", Weight.MAIN, events=str(len(case.history))
            ),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )


def last_read_out(case: CaseFile) -> tuple[str, ...]:
    """What was last put on a card to read out: most likely what was told."""
    events = case.of_kind(EventKind.READ_OUT)
    return tuple(events[-1].content["fields"].split(",")) if events else ()
