"""What is answered without journal and database: a number, 112, a lesson."""

from datetime import datetime

from dialogs.commands import Command, command_in
from dialogs.directory.dialog import asks_to_keep_directory
from dialogs.directory.doubts import doubted
from dialogs.knowledge import Knowledge
from dialogs.learning import Lesson, lesson_in
from dialogs.lessons import lesson_card, lesson_pressed
from dialogs.lookup import look_up, look_up_query
from dialogs.numbers import numbers_card, wrong_number_card
from dialogs.turn import Answer, Pressed, Said

#: A text of this many words is told to us, not asked of us: it starts a report.
WORDS_OF_A_REPORT = 5


def answer_from_memory(
    said: Said | Pressed, knowledge: Knowledge, now: datetime, *, in_group: bool = False
) -> Answer | None:
    """The answer that needs no journal and no database: a number, or the list of numbers. None for all else.

    In a group whatever is asked of the bot may be for a number: there nobody has a draft, and nothing else is answered.
    """
    directory = knowledge.directory
    match said:
        case Pressed(action="menu.numbers"):
            return _numbers("", knowledge, now, in_group=in_group)
        case Pressed(action="doubt.form", data=data):
            asked = [directory[key] for key in data.get("partners", "").split(",") if key in directory]
            return Answer.below(wrong_number_card(asked or directory, knowledge.texts, in_group=in_group))
        case Pressed():
            lesson = lesson_pressed(said)
            return lesson_answer(lesson, knowledge, in_place=said.action == "learn.show") if lesson else None
        case Said(text=text) if not in_group and (lesson := _asked_lesson(text, knowledge)) is not None:
            return lesson_answer(lesson, knowledge, in_place=False)
        case Said(text=text) if asks_to_keep_directory(text):
            return None
        case Said(text=text) if (keys := doubted(text, directory)) is not None:
            # Of one partner it is told at once, and of none it may be an answer: neither is for memory.
            several = keys if in_group or len(keys) > 1 else ()
            card = wrong_number_card([directory[key] for key in several], knowledge.texts, in_group=in_group)
            return Answer.below(card) if several else None
        case Said(text=text) if command_in(text) is Command.NUMBERS:
            return _numbers("", knowledge, now, in_group=in_group)
        case Said(text=text) if (query := look_up_query(directory, text)) is not None:
            return _numbers(query, knowledge, now, in_group=in_group)
        case Said(text=text):
            return answer_to_short_question(text, knowledge, now, in_group=True) if in_group else None


def answer_to_short_question(
    text: str, knowledge: Knowledge, now: datetime, *, in_group: bool = False
) -> Answer | None:
    """The numbers for a few words that point to somebody in the directory: for who has no draft open."""
    if not 0 < len(text.split()) < WORDS_OF_A_REPORT or not look_up(knowledge.directory, text, now).exact:
        return None
    return _numbers(text, knowledge, now, in_group=in_group)


def lesson_answer(lesson: Lesson, knowledge: Knowledge, *, in_place: bool) -> Answer:
    """The lesson, in place of the lesson on screen or below."""
    card = lesson_card(lesson, knowledge)
    return Answer.in_place(card) if in_place else Answer.below(card)


def _asked_lesson(text: str, knowledge: Knowledge) -> Lesson | None:
    """The lesson that is asked for in a sentence; one word may just as well be an answer, but for the button's own."""
    whole = len(text.split()) > 1 or text.strip().casefold() == knowledge.texts("button.lessons").casefold()
    return lesson_in(text, knowledge.learning) if whole else None


def _numbers(query: str, knowledge: Knowledge, now: datetime, *, in_group: bool) -> Answer:
    answer = look_up(knowledge.directory, query, now)
    return Answer.below(numbers_card(answer, knowledge.texts, in_group=in_group, away=knowledge.partners.away))
