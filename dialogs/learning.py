"""What mensenhandel is, how to recognise it and how to talk about it: one file of lessons, and who asks for which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import yaml
from pydantic import BaseModel, ConfigDict, HttpUrl, ValidationError

from dialogs.domain.criteria import Form
from dialogs.domain.yaml_lines import FileInvalid
from dialogs.near_words import nearest

#: One wrong letter in a word of eight.
_CLOSE_ENOUGH = 85
#: A longer text tells something, and asks for no lesson.
_MOST_WORDS = 9


class LearningInvalid(FileInvalid):
    """The file of lessons cannot be used; the message names each place."""


class Topic(StrEnum):
    """What a lesson is about; each form of exploitation has the first three."""

    WHAT = "what"
    RECOGNISE = "recognise"
    DISCUSS = "discuss"
    TRAINING = "training"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(_Data):
    """A topic in general: what people type to ask for it, its title, its sentences and where they come from."""

    asked: tuple[str, ...]
    title: str
    lines: tuple[str, ...]
    source: str


class FormLesson(_Data):
    """One form of exploitation."""

    name: str
    #: Other words for it that people type.
    also: tuple[str, ...] = ()
    what: tuple[str, ...]
    discuss: tuple[str, ...]
    source: str


class Training(_Data):
    """A training that others offer."""

    name: str
    text: str
    link: HttpUrl | None = None


class Learning(_Data):
    """All lessons."""

    subjects: dict[Topic, Subject]
    forms: dict[Form, FormLesson]
    trainings: tuple[Training, ...]

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Every text that people read, with its place."""
        for topic, subject in self.subjects.items():
            yield f"subjects.{topic}.title", subject.title
            yield from ((f"subjects.{topic}.lines", line) for line in subject.lines)
        for form, lesson in self.forms.items():
            yield f"forms.{form}.name", lesson.name
            yield from ((f"forms.{form}.what", line) for line in lesson.what)
            yield from ((f"forms.{form}.discuss", line) for line in lesson.discuss)
        for training in self.trainings:
            yield f"trainings.{training.name}", training.text


@dataclass(frozen=True, slots=True)
class Lesson:
    """What somebody wants to know: a topic, of one form or in general."""

    topic: Topic
    form: Form | None = None


def parse_learning(source: str) -> Learning:
    """The lessons of a YAML file. Raises LearningInvalid."""
    try:
        learning = Learning.model_validate(yaml.safe_load(source))
    except (yaml.YAMLError, ValidationError) as error:
        raise LearningInvalid(f"learning.yaml: {error}") from error
    missing = [*(set(Topic) - set(learning.subjects)), *(set(Form) - set(learning.forms))]
    if missing:
        raise LearningInvalid(f"learning.yaml: nothing about {', '.join(sorted(missing))}")
    return learning


def lesson_in(text: str, learning: Learning) -> Lesson | None:
    """The lesson that the whole text asks for; None if it asks or tells anything else."""
    said = " ".join(text.casefold().strip(" .!?").split())
    if not 0 < len(said.split()) <= _MOST_WORDS:
        return None
    form, rest = _form_in(said, learning.forms)
    phrases = {phrase: topic for topic, subject in learning.subjects.items() for phrase in subject.asked}
    asked = nearest(rest, phrases, least=_CLOSE_ENOUGH)
    return None if asked is None else Lesson(phrases[asked], form)


def _form_in(said: str, forms: Mapping[Form, FormLesson]) -> tuple[Form | None, str]:
    """The form that is named, and the text with "mensenhandel" in its place."""
    names = {name.casefold(): form for form, lesson in forms.items() for name in (lesson.name, *lesson.also)}
    found = next((name for name in sorted(names, key=len, reverse=True) if f" {name} " in f" {said} "), None)
    if found is None:
        return None, said
    return names[found], f" {said} ".replace(f" {found} ", " mensenhandel ").strip()
