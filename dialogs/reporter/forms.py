"""The forms of a reporter after sending: add to a signal, wish to withdraw it; and who reports for somebody else."""

from collections.abc import Mapping, Sequence

from dialogs.domain.free_text import shown_again
from dialogs.domain.signals import Channel, Signal
from dialogs.handler_words import texts_about
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.reporter.cards import status_for_reporter
from dialogs.requests import Wish
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Entry, Line, Option, Style, TextField, Weight
from dialogs.use_cases.own_signals import MOST_ADDED, MOST_REASON

#: How long a team or a way to reach somebody may be, in characters.
MOST_ORIGIN = 200
#: How a signal comes in that somebody else enters.
CHANNELS = (Channel.PHONE, Channel.MAIL, Channel.PARTNER, Channel.VISIT)
_FORM_OF = {
    Wish.READ: "mine.read",
    Wish.ADD: "mine.add_form",
    Wish.WITHDRAW: "mine.withdraw_form",
    Wish.ANSWER: "mine.question",
}


def add_card(signal: Signal, knowledge: Knowledge, *, written: str = "", fault: str = "") -> Card:
    """A field for what is added; what was refused stands in it again."""
    texts = texts_about(signal, knowledge)
    field = TextField(
        "text",
        texts("add.field"),
        shown_again(written, most=MOST_ADDED),
        multiline=True,
        required=True,
        error=texts("add.empty"),
        max_length=MOST_ADDED,
    )
    note = Line(texts("add.text"))
    title = texts("add.title", reference=signal.reference)
    return _form(signal, title, (note, Line(texts("intake.story_not"), Style.QUIET), field), "mine.add", fault, texts)


def withdraw_card(signal: Signal, knowledge: Knowledge, *, written: str = "", fault: str = "") -> Card:
    """What the wish does, and a field for the reason, which may stay empty."""
    texts = texts_about(signal, knowledge)
    reason = shown_again(written, most=MOST_REASON)
    field = TextField("text", texts("withdraw.field"), reason, multiline=True, max_length=MOST_REASON)
    title = texts("withdraw.title", reference=signal.reference)
    return _form(signal, title, (Line(texts("withdraw.text")), field), "mine.withdraw", fault, texts)


def choose_card(signals: Sequence[Signal], wish: Wish, texts: Texts) -> Card:
    """Which signal is meant."""
    return Card(
        title=texts(f"choose.{wish}"),
        elements=tuple(
            Entry(
                signal.reference,
                texts("own.entry", status=status_for_reporter(signal, texts), when=local_time(signal.received_at)),
                Button(
                    texts("button.choose"),
                    _FORM_OF[wish],
                    {"signal": signal.id},
                    name=texts("button.choose_name", reference=signal.reference),
                ),
            )
            for signal in signals
        ),
        buttons=(Button(texts("button.my_signals"), "mine.list"),),
        summary=texts("own.list_title"),
    )


def told_card(signal: Signal, key: str, knowledge: Knowledge, *, in_danger: bool = False) -> Card:
    """It is stored and the officers hear of it; without what was written."""
    texts = texts_about(signal, knowledge)
    return Card(
        title=texts(f"{key}.done_title", reference=signal.reference),
        elements=(
            *((Line(texts("danger.call"), Style.ALARM),) if in_danger else ()),
            Line(texts(f"{key}.done"), Style.GOOD),
            Line(texts("receipt.typed"), Style.QUIET),
        ),
        buttons=(Button(texts("button.my_signal"), "mine.look", {"signal": signal.id}),),
        summary=texts("own.title", reference=signal.reference),
    )


def origin_card(texts: Texts, *, filled: Mapping[str, str] | None = None, fault: str = "") -> Card:
    """How it came in, from which team, and how whoever saw it can be reached."""
    values = filled or {}
    options = tuple(Option(channel, texts(f"channel.{channel}")) for channel in CHANNELS)
    chosen = values.get("channel", "")
    return Card(
        title=texts("for_others.title"),
        elements=(
            *((Line(fault, Style.ALARM),) if fault else ()),
            Line(texts("for_others.text")),
            ChoiceField(
                "channel",
                texts("for_others.channel"),
                options,
                (chosen,) if chosen in CHANNELS else (),
                required=True,
                error=texts("for_others.channel_missing"),
            ),
            _origin_field("team", texts, values),
            _origin_field("contact", texts, values),
        ),
        buttons=(
            Button(texts("button.next"), "others.start", weight=Weight.MAIN),
            Button(texts("button.back"), "menu.help", unchecked=True),
        ),
        summary=texts("intake.summary"),
    )


def _origin_field(key: str, texts: Texts, values: Mapping[str, str]) -> TextField:
    value = shown_again(values.get(key, ""), most=MOST_ORIGIN)
    return TextField(
        key, texts(f"for_others.{key}"), value, hint=texts(f"for_others.{key}_hint"), max_length=MOST_ORIGIN
    )


def _form(signal: Signal, title: str, elements: tuple[Element, ...], action: str, fault: str, texts: Texts) -> Card:
    carried = {"signal": signal.id}
    return Card(
        title=title,
        elements=(*((Line(fault, Style.ALARM),) if fault else ()), *elements),
        buttons=(
            Button(texts(f"button.{action.removeprefix('mine.')}"), action, carried, Weight.MAIN),
            Button(texts("button.cancel_own"), "mine.look", carried, unchecked=True),
        ),
        summary=texts("own.title", reference=signal.reference),
    )
