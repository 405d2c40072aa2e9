"""What of a case can be told to a partner, piece by piece: only what is chosen is read out or recorded as shared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dialogs.domain.case_file import CaseFile, Field
from dialogs.domain.events import own_words
from dialogs.intake.questions import FOLLOW_UP, NO, SKIPPED, UNKNOWN, Kind, Situation
from dialogs.intake.summary import AnsweredQuestion, read_back
from dialogs.knowledge import Knowledge
from dialogs.turn import Option

#: The key of the reporter's name: shared only where the officer ticks it (domain.md 5, row 8).
REPORTER = "reporter"
_CRITERIA, _ADDED = "criteria", "added"
#: How the reporter can be reached goes with the name.
_OF_REPORTER = frozenset({"phone"})
_EMPTY = (SKIPPED, UNKNOWN)
#: Worth telling only where it is so.
_ONLY_IF_SO = frozenset({"danger", "photo", "about"})
#: Of no use to a partner, or who may not see it.
_NOT_SHARED = frozenset({"danger_check", "about_officer"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a case."""

    key: str
    name: str
    words: str
    #: About the reporter: chosen by hand, never filled in.
    is_personal: bool = False


def answers_of(case: CaseFile, knowledge: Knowledge) -> tuple[AnsweredQuestion, ...]:
    """What the reporter answered, as it is read back to officers."""
    signal = case.signal
    officers = tuple(Option(key, name) for key, name in knowledge.officer_names.items())
    situation = Situation(signal.answers, signal.assessment.outcome, danger_read=False, officers=officers)
    return read_back(signal.answers, knowledge.questions, situation, knowledge.criteria, knowledge.texts)


def pieces_of(case: CaseFile, knowledge: Knowledge) -> tuple[Piece, ...]:
    """Everything that can be shared, in the order in which it is told."""
    return tuple(piece for piece in _pieces(case, knowledge) if piece.words)


def piece_names(keys: Iterable[str], knowledge: Knowledge) -> str:
    """What pieces are called, in a row; also of a question that is no longer there."""
    texts = knowledge.texts
    names = {question.key: question.name for question in knowledge.questions}
    names |= {_ADDED: texts("share.added"), _CRITERIA: texts("share.criteria"), REPORTER: texts("case.reporter")}
    names |= {field.value: texts(f"field.{field}") for field in Field}
    return ", ".join(names.get(key, texts("share.other")) for key in keys)


def _pieces(case: CaseFile, knowledge: Knowledge) -> Iterator[Piece]:
    texts, signal = knowledge.texts, case.signal
    answers = [line for line in answers_of(case, knowledge) if signal.answers.get(line.question.key, "") not in _EMPTY]
    for line in answers:
        key = line.question.key
        if key in _ONLY_IF_SO and signal.answers[key] == NO:
            continue
        is_about_criteria = line.question.kind is Kind.TICKS or key.startswith(FOLLOW_UP)
        if not is_about_criteria and key not in _NOT_SHARED | _OF_REPORTER:
            yield Piece(key, line.question.name, line.words)
    yield Piece(_ADDED, texts("share.added"), "\n".join(words for event in case.history if (words := own_words(event))))
    counted = (each.criterion for each in signal.assessment.counted)
    sentences = (knowledge.criteria[key].sentence for key in counted if key in knowledge.criteria)
    yield Piece(_CRITERIA, texts("share.criteria"), "\n".join(sentences))
    for field, event in case.enrichment.items():
        yield Piece(field, texts(f"field.{field}"), event.content["value"])
    yield Piece(REPORTER, texts("case.reporter"), signal.reporter_name, is_personal=True)
    for line in answers:
        if line.question.key in _OF_REPORTER:
            yield Piece(line.question.key, line.question.name, line.words, is_personal=True)
