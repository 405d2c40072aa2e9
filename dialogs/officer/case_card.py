"""One signal for its handlers, on one screen: what was seen, how it is weighed, whom to call, who heard what.

Whatever is long has a card of its own (`case_sections`), so that this one stays readable on a phone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind, own_words
from dialogs.domain.lifecycle import UNCLAIMED
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.intake.questions import Kind
from dialogs.intake.summary import AnsweredQuestion
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.case_buttons import Offered, Place
from dialogs.officer.checklist import whom_to_call
from dialogs.officer.feedback_cards import told_reporter
from dialogs.officer.history import happened
from dialogs.officer.pages import Row, beginning
from dialogs.officer.parts import name_of, note_line, signal_button, status_words
from dialogs.officer.question_cards import written_later
from dialogs.recipient_names import recipient_name
from dialogs.texts import Texts
from dialogs.turn import Button, ButtonRow, Card, Element, Facts, Line, Style
from dialogs.use_cases.case_view import CaseView
from dialogs.use_cases.sharing import answers_of

#: How much of a part stands on this card, in bytes of it (`pages`); the card of the part has the rest.
_STORY, _ADDITION, _ANSWER, _NOTE, _EVENT = 1800, 700, 500, 500, 500
_NEWEST_EVENTS = 3
#: Criteria that counted, with the words they were read in.
_MOST_CRITERIA = 4
_MOST_REFERRALS = 5


def case_card(view: CaseView, acts: Offered, knowledge: Knowledge, now: datetime, note: str = "") -> Card:
    """Everything about one signal in short, with the way to the rest of it."""
    case, texts = view.case, knowledge.texts
    parts = (
        (_what_is_up(view, knowledge), Place.TOP),
        (_told(case, knowledge), None),
        (_found_out(view, knowledge), Place.ENRICHMENT),
        (_weighed(case, knowledge), Place.WEIGHING),
        (whom_to_call(case, knowledge, now), Place.CHECKLIST),
        (_referred(case, knowledge), Place.PARTNERS),
        (list(told_reporter(view, knowledge)), Place.REPORTER),
        (_noted(case, knowledge), Place.NOTES),
        (_newest(case, knowledge), Place.TIMELINE),
    )
    elements: list[Element] = [*note_line(note)]
    for part, place in parts:
        elements += part
        if place is not None and (buttons := acts.at(place)):
            elements.append(ButtonRow(buttons))
    return Card(
        title=texts("case.title", reference=case.signal.reference),
        elements=tuple(elements),
        buttons=_foot(acts, texts),
        summary=texts("case.title", reference=case.signal.reference),
    )


def more_card(acts: Offered, knowledge: Knowledge) -> Card:
    """What else can be done with a signal; without content."""
    texts, signal = knowledge.texts, acts.case.signal
    return Card(
        title=texts("case.more", reference=signal.reference),
        elements=(ButtonRow(acts.at(Place.MORE)),),
        buttons=(signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),),
        summary=texts("case.title", reference=signal.reference),
    )


def _foot(acts: Offered, texts: Texts) -> tuple[Button, ...]:
    signal = acts.case.signal
    more = (signal_button(signal, texts("button.more"), "signal.more"),) if acts.at(Place.MORE) else ()
    return (*acts.at(Place.FOOT), *more, signal_button(signal, texts("button.fold"), "signal.fold"))


def _what_is_up(view: CaseView, knowledge: Knowledge) -> list[Element]:
    """The status, and what somebody must know first."""
    case, texts = view.case, knowledge.texts
    elements: list[Element] = [Line(status_words(case.signal.status, case.signal.owner, knowledge), Style.HEADING)]
    if view.lead is not None:
        elements.append(Line(texts("case.follows", reference=view.lead.reference), Style.NOTE))
    if view.followers:
        references = ", ".join(follower.reference for follower in view.followers[:_MOST_REFERRALS])
        elements.append(Line(texts("case.leads", count=len(view.followers), references=references)))
        links = signal_button(case.signal, texts("button.links"), "signal.links", unchecked=True)
        elements.append(ButtonRow((links,)))
    if colleagues := [name_of(each, knowledge) for each in view.unreachable if each != case.signal.reporter]:
        elements.append(Line(texts("case.colleagues_without_app", names=", ".join(sorted(colleagues))), Style.NOTE))
    if case.is_withdrawal_wished:
        unclaimed = case.signal.status in UNCLAIMED
        elements.append(Line(texts("case.wished_unclaimed" if unclaimed else "case.wished"), Style.NOTE))
    return elements


def _told(case: CaseFile, knowledge: Knowledge) -> list[Element]:
    """What the reporter saw, in own words first, and what they answered."""
    texts, signal = knowledge.texts, case.signal
    told: list[Element] = []
    rows: list[Row] = [(texts("case.received"), local_time(signal.received_at)), *origin_of(signal, texts)]
    was_cut = False
    for line in answers_of(case, knowledge):
        if line.question.multiline and signal.answers[line.question.key]:
            short = beginning(line.words, _STORY)
            told += [Line(line.question.name, Style.HEADING), Line(short, Style.QUOTE, verbatim=True)]
            was_cut |= short != line.words
        elif line.question.kind is not Kind.TICKS and not line.question.multiline:
            rows.append((line.question.name, beginning(line.words, _ANSWER)))
            was_cut |= is_cut(line)
    if case.minor_quote:
        rows = _with_age_read(rows, case, knowledge)
    told += written_later(case, texts, room=_ADDITION)
    later = [words for event in case.history if (words := own_words(event))]
    told += [Line(texts("case.answers"), Style.HEADING), Facts(tuple(rows))]
    if was_cut or len(later) > 1 or any(beginning(words, _ADDITION) != words for words in later):
        told.append(ButtonRow((section_button(case, "story", texts),)))
    return told


def is_cut(line: AnsweredQuestion) -> bool:
    """Whether the card has only the beginning of this answer, which is none in own words and no list of ticks."""
    is_in_row = line.question.kind is not Kind.TICKS and not line.question.multiline
    return is_in_row and beginning(line.words, _ANSWER) != line.words


def _with_age_read(rows: Sequence[Row], case: CaseFile, knowledge: Knowledge) -> list[Row]:
    """The answers, and with that about the age the words in which somebody under 18 was read; nothing is changed."""
    texts = knowledge.texts
    name = next(question.name for question in knowledge.questions if question.key == "minor")
    said = dict(rows) | ({} if name in dict(rows) else {name: texts("case.not_asked")})
    said[name] += "\n" + texts("case.minor_read", quote=beginning(case.minor_quote, _ANSWER))
    return list(said.items())


def origin_of(signal: Signal, texts: Texts) -> tuple[Row, ...]:
    """Who reported it, or through whom and how it came in."""
    origin = signal.origin
    if origin == OWN_REPORT:
        return ((texts("case.reporter"), signal.reporter_name),)
    return (
        (texts("case.channel"), texts(f"channel.{origin.channel}")),
        *(((texts("case.team"), origin.team),) if origin.team else ()),
        *(((texts("case.contact"), origin.contact),) if origin.contact else ()),
        (texts("case.entered_by"), signal.reporter_name),
    )


def section_button(case: CaseFile, section: str, texts: Texts, *, page: int = 1) -> Button:
    """The button that opens a part of the case on a card of its own."""
    title = texts(f"button.section_{section}")
    return signal_button(case.signal, title, f"signal.{section}", unchecked=True, page=str(page))


def _found_out(view: CaseView, knowledge: Knowledge) -> list[Element]:
    case, texts = view.case, knowledge.texts
    rows = tuple(found_rows(case, knowledge, most=_ANSWER))
    elements: list[Element] = []
    if rows:
        elements += [Line(texts("case.found_out"), Style.HEADING), Facts(rows)]
    if rows != tuple(found_rows(case, knowledge)):
        elements.append(ButtonRow((section_button(case, "found", texts),)))
    if view.related:
        elements.append(Line(texts("case.related", count=len(view.related)), Style.NOTE))
        elements.append(ButtonRow((section_button(case, "related", texts),)))
    return elements


def found_rows(case: CaseFile, knowledge: Knowledge, *, most: int | None = None) -> Iterator[Row]:
    """What was looked up, or that nothing was found, by whom and why; of each `most` bytes, if that is given."""
    texts = knowledge.texts
    for field, event in case.enrichment.items():
        value = event.content["value"] or texts("enrich.nothing_found")
        why = texts("enrich.why", name=name_of(event.actor, knowledge), reason=event.content["reason"])
        shown = (value, why) if most is None else (beginning(value, most), beginning(why, most))
        yield texts(f"field.{field}"), "\n".join(shown)


def _weighed(case: CaseFile, knowledge: Knowledge) -> list[Element]:
    """The outcome and why; the criteria that counted with their words; the officer's judgement beside it."""
    texts, assessment = knowledge.texts, case.signal.assessment
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(case.signal.suggestions)}
    counted = [item.criterion for item in assessment.counted if item.criterion in knowledge.criteria]
    elements: list[Element] = [
        Line(texts("case.assessment", outcome=texts(f"outcome.{assessment.outcome}")), Style.HEADING)
    ]
    elements += [Line(reason) for reason in assessment.reasons[:1]]
    for key in counted[:_MOST_CRITERIA]:
        sentence = knowledge.criteria[key].sentence
        words = texts("case.words", sentence=sentence, quote=quotes[key]) if key in quotes else sentence
        elements.append(Line(beginning(words, _ANSWER), verbatim=True))
    unread = sum(key not in counted for key in quotes)
    if (more := len(counted) - _MOST_CRITERIA) > 0 or unread:
        elements.append(Line(texts("case.more_criteria", count=max(more, 0), unread=unread), Style.QUIET))
    if case.judgement is not None:
        judged, name = case.judgement, name_of(case.judgement.by, knowledge)
        form = texts(f"form.{judged.form}") if judged.form else ""
        outcome = texts(f"outcome.{judged.outcome}")
        words = texts("case.with_form", outcome=outcome, form=form) if form else outcome
        elements.append(Line(texts("case.judged", name=name, outcome=words, when=local_time(judged.at)), Style.NOTE))
        elements.append(Line(beginning(judged.reason, _NOTE), verbatim=True))
    elements.append(ButtonRow((section_button(case, "weighing", texts),)))
    return elements


def _referred(case: CaseFile, knowledge: Knowledge) -> list[Element]:
    """Who has it or was asked, and who still owes an answer."""
    texts = knowledge.texts
    rows: list[Row] = []
    for each in case.referrals[-_MOST_REFERRALS:]:
        state = "answered" if each.answered else "owes" if each in case.owed_by_partners else "asked"
        due = f"{each.due:%d-%m-%Y}" if each.due else ""
        rows.append(
            (
                recipient_name(each.partner, knowledge),
                texts(f"case.partner_{state}", act=texts(f"referral.{each.kind}"), when=local_time(each.at), due=due),
            )
        )
    return [Line(texts("case.partners"), Style.HEADING), Facts(tuple(rows))] if rows else []


def _noted(case: CaseFile, knowledge: Knowledge) -> list[Element]:
    texts, notes = knowledge.texts, notes_of(case, knowledge)
    if not notes:
        return []
    when, words = notes[-1]
    newest: list[Element] = [Line(texts("case.notes"), Style.HEADING), Facts(((when, beginning(words, _NOTE)),))]
    is_all = len(notes) == 1 and beginning(words, _NOTE) == words
    return newest if is_all else [*newest, ButtonRow((section_button(case, "notes", texts),))]


def notes_of(case: CaseFile, knowledge: Knowledge) -> tuple[Row, ...]:
    """The notes of officers, oldest first."""
    return tuple(
        (
            knowledge.texts("case.note_by", name=name_of(event.actor, knowledge), when=local_time(event.at)),
            event.content["note"],
        )
        for event in case.of_kind(EventKind.NOTED)
    )


def _newest(case: CaseFile, knowledge: Knowledge) -> list[Element]:
    texts = knowledge.texts
    newest = case.history[-_NEWEST_EVENTS:]
    rows = tuple((local_time(event.at), beginning(happened(event, knowledge), _EVENT)) for event in newest)
    elements: list[Element] = [Line(texts("case.timeline"), Style.HEADING), Facts(rows)]
    return [*elements, ButtonRow((section_button(case, "timeline", texts),))]
