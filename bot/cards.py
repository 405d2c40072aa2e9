"""A card of the dialogs as an Adaptive Card, built with Microsoft's own typed builder.

Version 1.5, the newest that Teams draws everywhere (Microsoft Learn, "Cards reference"). What a person wrote goes into
text runs, which are never read as Markdown; our own sentences may hold links.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from microsoft_teams.cards.core import (
    ActionSet,
    ActionStyle,
    AdaptiveCard,
    CardElement,
    Choice,
    ChoiceSetInput,
    Column,
    ColumnSet,
    Container,
    DateInput,
    ExecuteAction,
    RichTextBlock,
    Spacing,
    SubmitAction,
    TargetElement,
    TeamsCardProperties,
    TextBlock,
    TextInput,
    TextRun,
    ToggleVisibilityAction,
)

from bot.teams.activity_events import INPUT
from bot.teams.events import Message
from dialogs.texts import Texts
from dialogs.turn import (
    Button,
    ButtonRow,
    Card,
    ChoiceField,
    DateField,
    Element,
    Entry,
    Facts,
    Folded,
    Line,
    Style,
    TextField,
    Weight,
)

#: Teams shows six buttons at most at the foot of a card (Microsoft Learn, "Design cards").
MOST_BUTTONS = 6
#: More choices than this become a list that opens.
_MOST_RADIO_BUTTONS = 4
#: A text of this many characters fits beside a button on a phone.
_SHORT = 60
_IN_A_ROW = 2

_ACTION_STYLE: dict[Weight, ActionStyle] = {
    Weight.PLAIN: "default",
    Weight.MAIN: "positive",
    Weight.DANGER: "destructive",
}


class CardRenderer:
    """Draws cards with the texts that stand on every card."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def message(self, card: Card) -> Message:
        """The message that shows this card; its summary is all that a lock screen may show."""
        return Message(card=self.adaptive_card(card), summary=card.summary or card.title)

    def adaptive_card(self, card: Card) -> dict[str, Any]:
        """The Adaptive Card as plain JSON data."""
        body: list[CardElement] = [*self._head(card)]
        for folded, run in groupby(card.elements, lambda each: isinstance(each, ChoiceField) and each.folded):
            elements = list(run)
            choices = [each for each in elements if isinstance(each, ChoiceField)]
            body += _folded_choices(choices) if folded else [drawn for each in elements for drawn in _draw(each)]
        return AdaptiveCard(
            version="1.5",
            lang="nl",
            body=body,
            actions=[_action(button) for button in card.buttons],
            fallback_text=card.summary or card.title,
            msteams=TeamsCardProperties(width="full"),
        ).model_dump(by_alias=True, exclude_none=True, mode="json")

    def _head(self, card: Card) -> Iterator[CardElement]:
        if card.practice:
            yield Container(
                style="warning", items=[TextBlock(text=self._texts("practice_mark"), weight="Bolder", wrap=True)]
            )
        if card.progress:
            step, of = card.progress
            yield TextBlock(text=self._texts("progress", step=step, of=of), is_subtle=True, size="Small", wrap=True)
        yield TextBlock(text=card.title, style="heading", size="Large", weight="Bolder", wrap=True)


def _draw(element: Element) -> list[CardElement]:
    match element:
        case Line():
            return [_line(element)]
        case Facts(rows):
            return [_labelled(label, value) for label, value in rows]
        case Entry():
            return _entry(element)
        case TextField():
            return [_text_input(element)]
        case DateField(key, label, value):
            return [DateInput(id=INPUT + key, label=label, value=value or None)]
        case ChoiceField():
            return _choice_input(element)
        case ButtonRow(buttons):
            return _rows([_action(button) for button in buttons])
        case Folded():
            return _folded(element)


def _folded(folded: Folded) -> list[CardElement]:
    """A small line that opens what is folded: no button, which would look like an answer."""
    toggle = _toggle(folded.title, folded.key)
    line = TextBlock(text=f"▸ {folded.title}", color="Accent", wrap=True)
    inside = [drawn for each in folded.elements for drawn in _draw(each)]
    return [
        Container(items=[line], select_action=toggle, spacing="Medium"),
        Container(id=_fold(folded.key), is_visible=False, items=inside),
    ]


def _folded_choices(fields: Sequence[ChoiceField]) -> list[CardElement]:
    """The buttons that open them in rows of two, which any client keeps within the screen; below, what they open."""
    toggles = [_toggle(field.label, field.key) for field in fields]
    inside = (Container(id=_fold(each.key), is_visible=False, items=_choice_input(each)) for each in fields)
    return [*_rows(toggles), *inside]


def _rows(actions: Sequence[ExecuteAction | ToggleVisibilityAction]) -> list[CardElement]:
    """Two a row, which any client keeps within the screen of a phone."""
    rows = [actions[first : first + _IN_A_ROW] for first in range(0, len(actions), _IN_A_ROW)]
    return [
        ColumnSet(spacing="Small", columns=[Column(width="stretch", items=[ActionSet(actions=[each])]) for each in row])
        for row in rows
    ]


def _toggle(title: str, key: str) -> ToggleVisibilityAction:
    return ToggleVisibilityAction(title=title, target_elements=[TargetElement(element_id=_fold(key))])


def _fold(key: str) -> str:
    return f"fold.{key}"


def _line(line: Line) -> CardElement:
    if line.verbatim:
        runs = _runs(line.text)
        return Container(style="emphasis", items=runs) if line.style is Style.QUOTE else Container(items=runs)
    return _STYLES[line.style](line.text)


_STYLES: dict[Style, Callable[[str], CardElement]] = {
    Style.PLAIN: lambda text: TextBlock(text=text, wrap=True),
    Style.HEADING: lambda text: TextBlock(text=text, weight="Bolder", wrap=True, spacing="Medium"),
    Style.QUIET: lambda text: TextBlock(text=text, is_subtle=True, wrap=True),
    Style.SMALL: lambda text: TextBlock(text=text, is_subtle=True, size="Small", wrap=True, spacing="None"),
    Style.GOOD: lambda text: TextBlock(text=text, weight="Bolder", wrap=True),
    Style.QUOTE: lambda text: Container(style="emphasis", items=[TextBlock(text=text, wrap=True)]),
    Style.NOTE: lambda text: Container(style="accent", items=[TextBlock(text=text, weight="Bolder", wrap=True)]),
    Style.ALARM: lambda text: Container(
        style="attention", items=[TextBlock(text=text, weight="Bolder", size="Medium", wrap=True)]
    ),
}


def _runs(text: str, spacing: Spacing = "Small") -> list[CardElement]:
    """Letter for letter, a block a line: a text run knows no line break."""
    lines = [line for line in text.splitlines() if line.strip()] or [" "]
    return [RichTextBlock(inlines=[TextRun(text=line)], spacing=spacing) for line in lines]


def _labelled(label: str, value: str) -> Container:
    return Container(
        spacing="Small",
        items=[TextBlock(text=label, size="Small", is_subtle=True, wrap=True), *_runs(value, "None")],
    )


def _entry(entry: Entry) -> list[CardElement]:
    """The button beside a short text; beside the label of a long one, so that the text has the whole width."""
    if entry.button is None:
        return [_labelled(entry.label, entry.value)]
    if len(entry.value) <= _SHORT and "\n" not in entry.value:
        return [_beside(_labelled(entry.label, entry.value), entry.button)]
    label = TextBlock(text=entry.label, size="Small", is_subtle=True, wrap=True)
    return [_beside(label, entry.button), Container(spacing="None", items=_runs(entry.value, "None"))]


def _beside(what: CardElement, button: Button) -> ColumnSet:
    action = Column(width="auto", vertical_content_alignment="Center", items=[ActionSet(actions=[_action(button)])])
    column = Column(width="stretch", vertical_content_alignment="Center", items=[what])
    return ColumnSet(spacing="Small", columns=[column, action])


def _text_input(field: TextField) -> CardElement:
    return TextInput(
        id=INPUT + field.key,
        label=field.label,
        value=field.value or None,
        placeholder=field.hint or None,
        is_multiline=field.multiline or None,
        is_required=field.required or None,
        error_message=field.error or None,
        max_length=field.max_length,
    )


def _choice_input(field: ChoiceField) -> list[CardElement]:
    few = not field.compact and (field.many or len(field.options) <= _MOST_RADIO_BUTTONS)
    choices = ChoiceSetInput(
        id=INPUT + field.key,
        label=field.label,
        choices=[Choice(title=option.title, value=option.key) for option in field.options],
        value=",".join(field.value) or None,
        style="expanded" if few else "compact",
        is_multi_select=field.many or None,
        is_required=field.required or None,
        error_message=field.error or None,
        wrap=True,
    )
    return [choices, *([TextBlock(text=field.hint, is_subtle=True, size="Small", wrap=True)] if field.hint else [])]


def _action(button: Button) -> ExecuteAction:
    data: Mapping[str, str] = dict(button.data)
    inputs = "none" if button.unchecked else "auto"
    style = _ACTION_STYLE[button.weight]
    old_client = SubmitAction(
        title=button.title,
        data={**data, "action": button.action},
        associated_inputs=inputs,
        style=style,
        tooltip=button.name or None,
    )
    return ExecuteAction(
        title=button.title,
        verb=button.action,
        data=dict(data),
        associated_inputs=inputs,
        style=style,
        tooltip=button.name or None,
        fallback=old_client,
    )
