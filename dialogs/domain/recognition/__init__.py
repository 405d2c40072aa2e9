"""Recognition of criteria in free Dutch text, behind the port `Suggester`."""

from dialogs.domain.recognition.knowledge import Knowledge, KnowledgeInvalid, parse_knowledge
from dialogs.domain.recognition.reading import Reading, Span, Suggester, Suggestion
from dialogs.domain.recognition.recogniser import NOT_DUTCH, NOTHING_TO_READ, TOO_LONG, Recogniser

__all__ = [
    "NOTHING_TO_READ",
    "NOT_DUTCH",
    "TOO_LONG",
    "Knowledge",
    "KnowledgeInvalid",
    "Reading",
    "Recogniser",
    "Span",
    "Suggester",
    "Suggestion",
    "parse_knowledge",
]
