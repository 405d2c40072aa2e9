"""The long parts of a case, each on cards of its own: the whole story, what was looked up, the weighing and so on."""

from collections.abc import Iterable, Sequence

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import own_words
from dialogs.domain.queue import QueueEntry
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.case_card import found_rows, is_cut, notes_of
from dialogs.officer.history import timeline
from dialogs.officer.pages import Row, paged
from dialogs.officer.parts import note_line, signal_button, status_words
from dialogs.turn import Button, Card, Element, Entry, Facts, Line, Style
from dialogs.use_cases.sharing import answers_of


def story_card(case: CaseFile, knowledge: Knowledge, page: int) -> Card:
    """What the reporter told, whole: what was seen, longer answers, and what was added later."""
    answers = answers_of(case, knowledge)
    told = [(line.question.name, line.words) for line in answers if line.question.multiline or is_cut(line)]
    added = [
        (knowledge.texts("case.added", when=local_time(event.at)), own_words(event))
        for event in case.history
        if own_words(event)
    ]
    return _section(case, "story", (*told, *added), knowledge, page)


def found_card(case: CaseFile, knowledge: Knowledge, page: int) -> Card:
    """All that was looked up, by whom and why."""
    return _section(case, "found", tuple(found_rows(case, knowledge)), knowledge, page)


def timeline_card(case: CaseFile, knowledge: Knowledge, page: int) -> Card:
    """Everything that happened, oldest first; without a page asked for, the last one."""
    return _section(case, "timeline", timeline(case, knowledge), knowledge, page)


def notes_card(case: CaseFile, knowledge: Knowledge, page: int) -> Card:
    """The notes of officers."""
    return _section(case, "notes", notes_of(case, knowledge), knowledge, page)


def weighing_card(case: CaseFile, knowledge: Knowledge, page: int) -> Card:
    """Why the rules gave this outcome: what counted with its words, what did not, what is missing, and ILO Delphi."""
    return _section(case, "weighing", tuple(_weighing(case, knowledge)), knowledge, page)


def _weighing(case: CaseFile, knowledge: Knowledge) -> Iterable[Row]:
    texts, assessment = knowledge.texts, case.signal.assessment
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(case.signal.suggestions)}
    counted = [item.criterion for item in assessment.counted if item.criterion in knowledge.criteria]
    yield texts("weighing.why"), "\n".join(assessment.reasons)
    if assessment.missing:
        yield texts("case.missing"), "\n".join(assessment.missing)
    for key in counted:
        said = texts("weighing.quote", quote=quotes[key]) if key in quotes else texts("weighing.ticked")
        yield knowledge.criteria[key].sentence, said
    if unread := [key for key in quotes if key not in counted and key in knowledge.criteria]:
        sentences = [
            texts("case.words", sentence=knowledge.criteria[key].sentence, quote=quotes[key]) for key in unread
        ]
        yield texts("case.not_confirmed"), "\n".join(sentences)
    yield texts("weighing.delphi"), "\n".join((assessment.delphi.case, *_dimensions(case, knowledge)))
    yield texts("weighing.version"), assessment.criteria_version


def _dimensions(case: CaseFile, knowledge: Knowledge) -> Iterable[str]:
    for each in case.signal.assessment.delphi.dimensions:
        state = knowledge.texts("weighing.positive" if each.positive else "weighing.negative")
        counts = {"strong": each.strong, "medium": each.medium, "weak": each.weak}
        yield knowledge.texts("weighing.dimension", name=each.name, state=state, **counts)


def related_card(case: CaseFile, related: Sequence[QueueEntry], knowledge: Knowledge) -> Card:
    """Earlier signals at the same address or company: reference, status and when; opening one is a view of its own."""
    texts = knowledge.texts
    entries = tuple(
        Entry(
            entry.reference,
            texts(
                "related.entry",
                status=status_words(entry.status, entry.owner, knowledge),
                when=local_time(entry.received_at),
            ),
            signal_button(entry, texts("button.open", reference=entry.reference), "signal.open", unchecked=True),
        )
        for entry in related
    )
    return Card(
        title=texts("related.title", reference=case.signal.reference),
        elements=(Line(texts("related.text")), *(entries or (Line(texts("related.none")),))),
        buttons=(back_button(case, knowledge),),
        summary=texts("case.title", reference=case.signal.reference),
    )


def measures_card(case: CaseFile, knowledge: Knowledge) -> Card:
    """What a municipality itself can do, as the policy names it: information, no advice."""
    texts = knowledge.texts
    keys = [key for key in texts if key.startswith("measures.list.")]
    elements: list[Element] = [Line(texts("measures.text"))]
    elements += [Line(texts(key)) for key in keys]
    return Card(
        title=texts("measures.title"),
        elements=(*elements, Line(texts("measures.care"), Style.NOTE), Line(texts("measures.source"), Style.SMALL)),
        buttons=(back_button(case, knowledge),),
        summary=texts("case.title", reference=case.signal.reference),
    )


def back_button(case: CaseFile, knowledge: Knowledge) -> Button:
    """The way back to the case."""
    return signal_button(case.signal, knowledge.texts("button.cancel"), "signal.open", unchecked=True)


def _section(case: CaseFile, section: str, rows: Sequence[Row], knowledge: Knowledge, page: int) -> Card:
    """One page of a part. A page that is not there, or 0, is the last one."""
    texts = knowledge.texts
    pages = paged(rows)
    shown = page if 0 < page <= len(pages) else len(pages)
    title = texts(f"section.{section}", reference=case.signal.reference)
    progress = texts("section.page", page=shown, of=len(pages)) if len(pages) > 1 else ""
    turns: list[Button] = []
    for to, key in ((shown - 1, "button.page_before"), (shown + 1, "button.page_after")):
        if 0 < to <= len(pages):
            turns.append(signal_button(case.signal, texts(key), f"signal.{section}", unchecked=True, page=str(to)))
    return Card(
        title=title,
        elements=(*note_line(progress, Style.QUIET), Facts(pages[shown - 1])),
        buttons=(*turns, back_button(case, knowledge)),
        summary=texts("case.title", reference=case.signal.reference),
    )
