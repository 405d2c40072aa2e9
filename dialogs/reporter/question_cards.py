"""A question to the reporter, what is read in what they wrote, and where a text belongs that may be an answer."""

from collections.abc import Iterator, Sequence

from dialogs.domain.assessment import Outcome
from dialogs.domain.free_text import shown_again
from dialogs.domain.signals import Draft, Signal
from dialogs.handler_words import texts_about
from dialogs.intake.questions import YES, Situation
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Line, Option, Style, TextField, Weight
from dialogs.use_cases.own_signals import MOST_ADDED, Heard, OwnSignal


def question_card(own: OwnSignal, texts: Texts, *, written: str = "", fault: str = "") -> Card:
    """The open question, and a field for the answer; what was refused stands in it again."""
    signal, question = own.signal, own.question
    if question is None:
        raise ValueError(f"no question is open about {signal.reference}")
    carried = {"signal": signal.id, "asked": str(question.number)}
    # Not marked as required: the client would hold up *Weet ik niet*.
    answer = TextField(
        "text",
        texts("question.field"),
        shown_again(written, most=MOST_ADDED),
        multiline=True,
        max_length=MOST_ADDED,
    )
    return Card(
        title=texts("question.title", reference=signal.reference),
        elements=(
            *((Line(fault, Style.ALARM),) if fault else ()),
            Line(question.text, Style.QUOTE, verbatim=True),
            Line(texts("question.text"), Style.QUIET),
            answer,
        ),
        buttons=(
            Button(texts("button.answer"), "mine.answer", carried, Weight.MAIN),
            Button(texts("button.unknown"), "mine.answer", {**carried, "unknown": YES}),
            Button(texts("button.cancel_own"), "mine.look", {"signal": signal.id}, unchecked=True),
        ),
        summary=texts("question.title", reference=signal.reference),
    )


def heard_card(heard: Heard, done: str, knowledge: Knowledge) -> Card:
    """It is stored and the officers hear of it (`done` names the texts); with what was read in it, to be ticked."""
    signal = heard.own.signal
    texts = texts_about(signal, knowledge)
    elements: list[Element] = []
    if heard.danger_quote:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    elements += [Line(texts(f"{done}.done"), Style.GOOD), Line(texts("receipt.typed"), Style.QUIET)]
    buttons: list[Button] = []
    if to_confirm := tuple(_to_confirm(heard, knowledge)):
        carried = {"signal": signal.id, "event": str(heard.number)}
        elements += [Line(texts("heard.text")), *to_confirm]
        buttons.append(Button(texts("button.confirm"), "mine.confirm", carried, Weight.MAIN))
    buttons.append(Button(texts("button.my_signal"), "mine.look", {"signal": signal.id}, unchecked=True))
    return Card(
        title=texts(f"{done}.done_title", reference=signal.reference),
        elements=tuple(elements),
        buttons=tuple(buttons),
        summary=texts("own.title", reference=signal.reference),
    )


def which_card(
    text: str,
    knowledge: Knowledge,
    *,
    asked: Sequence[OwnSignal],
    others: Sequence[Signal] = (),
    draft: Draft | None = None,
    fault: str = "",
) -> Card:
    """Where a typed text belongs: to an open question (`asked`), to a signal (`others`), or to a report.

    The text stands in a field, so that nothing is stored before that is clear, and nothing is lost.
    """
    texts = knowledge.texts
    in_danger = knowledge.suggester.read(text).danger
    only = asked[0] if len(asked) == 1 else None
    field = TextField(
        "text",
        texts("which.field"),
        shown_again(text, most=MOST_ADDED),
        multiline=True,
        required=True,
        error=texts("add.empty"),
        max_length=MOST_ADDED,
    )
    return Card(
        title=texts("which.title"),
        elements=(
            *((Line(texts("danger.call"), Style.ALARM),) if in_danger else ()),
            *((Line(fault, Style.ALARM),) if fault else ()),
            *_is_it_the_answer(only, texts),
            *(() if only else (Line(texts("which.more" if asked else "which.none")),)),
            field,
        ),
        buttons=tuple(_places(asked, others, texts, draft)),
        summary=texts("which.title"),
    )


def _is_it_the_answer(only: OwnSignal | None, texts: Texts) -> Iterator[Line]:
    if only is not None and only.question is not None:
        yield Line(texts("which.one", reference=only.signal.reference))
        yield Line(only.question.text, Style.QUOTE, verbatim=True)


def _places(
    asked: Sequence[OwnSignal], others: Sequence[Signal], texts: Texts, draft: Draft | None
) -> Iterator[Button]:
    for own in asked:
        only = len(asked) == 1
        title = texts("button.answer_it") if only else texts("button.answer_to", reference=own.signal.reference)
        number = str(own.question.number) if own.question else ""
        yield Button(title, "mine.answer", {"signal": own.signal.id, "asked": number}, Weight.MAIN)
    for signal in others:
        yield Button(texts("button.add_to", reference=signal.reference), "mine.add", {"signal": signal.id})
    if draft is not None:
        yield Button(texts("button.to_draft"), "mine.draft", {"draft": draft.id, "version": str(draft.version)})
    else:
        yield Button(texts("button.new_report"), "mine.report")


def _to_confirm(heard: Heard, knowledge: Knowledge) -> Iterator[Element]:
    """The criteria with the words they were read in, none ticked; and danger, if it is not known."""
    texts, signal = knowledge.texts, heard.own.signal
    if heard.danger_quote and signal.assessment.outcome is not Outcome.ACUTE:
        question = next(question for question in knowledge.questions if question.key == "danger_check")
        situation = Situation(signal.answers, signal.assessment.outcome, danger_read=True, officers=())
        yield ChoiceField(question.key, question.text, question.choices(situation))
    if heard.suggestions:
        options = tuple(
            Option(
                read.criterion,
                texts("intake.read", sentence=knowledge.criteria[read.criterion].sentence, quote=read.quote),
            )
            for read in heard.suggestions
        )
        yield ChoiceField("signs", texts("heard.signs"), options, many=True)
