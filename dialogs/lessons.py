"""A lesson as a card: what mensenhandel is, how to recognise it, how to talk about it, and where to learn more."""

from dialogs.domain.criteria import Form
from dialogs.knowledge import Knowledge
from dialogs.learning import Lesson, Topic
from dialogs.turn import Button, ButtonRow, Card, Element, Entry, Line, Pressed, Style, Weight

#: The criteria that are named of a form: the most telling ones, a card that can be read in a minute.
_MOST_CRITERIA = 8


def lesson_pressed(pressed: Pressed) -> Lesson | None:
    """The lesson that a button asks for; None for any other button, or one that never was."""
    topic, form = pressed.data.get("topic"), pressed.data.get("form")
    if not pressed.action.startswith("learn.") or topic not in set(Topic) or (form and form not in set(Form)):
        return None
    return Lesson(Topic(topic), Form(form) if form else None)


def lesson_card(lesson: Lesson, knowledge: Knowledge) -> Card:
    """The lesson, with the ways to the others and to reporting."""
    texts, learning = knowledge.texts, knowledge.learning
    subject = learning.subjects[lesson.topic]
    form = None if lesson.topic is Topic.TRAINING else lesson.form
    title = subject.title if form is None else texts("lesson.of", title=subject.title, form=learning.forms[form].name)
    elements: list[Element] = [Line(line) for line in _general(lesson, knowledge)]
    if form is not None:
        elements += _of_form(lesson.topic, form, knowledge)
    elif lesson.topic is Topic.TRAINING:
        elements += [_training(training.name, training.text, training.link) for training in learning.trainings]
    else:
        elements += [
            ButtonRow((_button(texts("lesson.about", form=each.name.lower()), lesson.topic, key),))
            for key, each in learning.forms.items()
        ]
    elements.append(Line(texts("lesson.draft_kept"), Style.QUIET))
    others = (topic for topic in Topic if topic is not lesson.topic)
    return Card(
        title=title,
        elements=tuple(elements),
        buttons=(
            Button(texts("button.report"), "menu.report", weight=Weight.MAIN),
            *(_button(learning.subjects[topic].title, topic, form) for topic in others),
            Button(texts("button.practice"), "menu.practice"),
        ),
        summary=title,
    )


def lessons_entry(knowledge: Knowledge) -> Entry:
    """The way to the lessons on a card about something else."""
    title = knowledge.learning.subjects[Topic.WHAT].title
    button = Button(knowledge.texts("button.lessons"), "learn.open", {"topic": Topic.WHAT})
    return Entry(title, knowledge.texts("lesson.entry"), button)


def _general(lesson: Lesson, knowledge: Knowledge) -> tuple[str, ...]:
    """What holds for all forms; of one form only where it is about talking, which is the same for all."""
    general = lesson.form is None or lesson.topic in {Topic.DISCUSS, Topic.TRAINING}
    return knowledge.learning.subjects[lesson.topic].lines if general else ()


def _of_form(topic: Topic, form: Form, knowledge: Knowledge) -> list[Element]:
    texts, lesson = knowledge.texts, knowledge.learning.forms[form]
    match topic:
        case Topic.RECOGNISE:
            telling = sorted(
                (criterion for criterion in knowledge.criteria if form in criterion.forms),
                key=lambda criterion: (-criterion.strength.points, len(criterion.forms)),
            )
            listed = "\n".join(f"- {criterion.sentence}" for criterion in telling[:_MOST_CRITERIA])
            return [Line(texts("lesson.signs")), Line(listed), Line(texts("welcome.doubt"))]
        case Topic.DISCUSS:
            return [Line(lesson.name, Style.HEADING), *(Line(line) for line in lesson.discuss)]
        case _:
            return [*(Line(line) for line in lesson.what), Line(texts("welcome.doubt"))]


def _training(name: str, text: str, link: object) -> Line:
    return Line(f"**{name}**: {text}" if link is None else f"[{name}]({link}): {text}")


def _button(title: str, topic: Topic, form: Form | None) -> Button:
    carried = {"topic": str(topic)}
    return Button(title, "learn.show", carried if form is None else {**carried, "form": str(form)})
