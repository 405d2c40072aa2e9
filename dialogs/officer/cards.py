"""The cards of those who handle signals: the notice, the queue, the case and the forms to hand over and to close."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dialogs.domain.assessment import Outcome
from dialogs.domain.criteria import Form
from dialogs.domain.events import EventKind, SignalEvent, is_withdrawal_wished, own_words
from dialogs.domain.lifecycle import OPEN, UNCLAIMED
from dialogs.domain.notices import NoticeKind
from dialogs.domain.routing import RouteToken
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.intake.questions import Kind, Situation
from dialogs.intake.summary import read_back
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.lookup import look_up
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Entry, Facts, Line, Option, Style, TextField, Weight

#: Which entry of the directory a step of the route stands for. The AF is the reader; RIEC is only added by hand.
PARTNER_OF = {
    RouteToken.EMERGENCY: "112",
    RouteToken.AVIM: "avim",
    RouteToken.NLA: "nla",
    RouteToken.ZOCO: "zoco",
    RouteToken.VT: "veilig_thuis",
    RouteToken.RIEC: "riec",
}
#: The reviewed texts with which a signal is closed: keys of the texts under `feedback.closed`.
CLOSING_TEXTS = ("followed_up", "handed_over", "no_action", "other_help", "under_investigation")
_MOST_IN_QUEUE = 10


def notice_card(signal: Signal, knowledge: Knowledge) -> Card:
    """There is a signal: reference and status only, whoever looks over the shoulder."""
    texts = knowledge.texts
    acute = signal.assessment.outcome is Outcome.ACUTE
    title = texts("notice.acute" if acute else "notice.title", reference=signal.reference)
    return Card(
        title=title,
        elements=(Line(_status(signal, knowledge), Style.ALARM if acute else Style.PLAIN),),
        buttons=(_signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN),),
        summary=title,
    )


def word_card(signal: Signal, kind: NoticeKind, knowledge: Knowledge) -> Card:
    """The reporter added something or wishes to withdraw it: that it is so, and the way to read it."""
    texts = knowledge.texts
    title = texts(f"notice.{kind}", reference=signal.reference)
    open_it = _signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, buttons=(open_it,), summary=title)


def queue_card(signals: Sequence[Signal], knowledge: Knowledge, note: str = "") -> Card:
    """The open signals, most urgent and oldest first; no content."""
    texts = knowledge.texts
    entries: list[Element] = [
        Entry(
            signal.reference,
            texts(
                "queue.entry",
                outcome=texts(f"outcome.{signal.assessment.outcome}"),
                status=_status(signal, knowledge),
                when=local_time(signal.received_at),
            ),
            _signal_button(signal, texts("button.open", reference=signal.reference), "signal.open"),
        )
        for signal in signals[:_MOST_IN_QUEUE]
    ]
    if len(signals) > _MOST_IN_QUEUE:
        entries.append(Line(texts("queue.more", count=len(signals) - _MOST_IN_QUEUE), Style.QUIET))
    return Card(
        title=texts("queue.title"),
        elements=(*_note(note), *(entries or [Line(texts("queue.empty"))])),
        buttons=(
            Button(texts("button.refresh"), "signal.queue"),
            Button(texts("button.for_others"), "others.form"),
        ),
        summary=texts("queue.title"),
    )


def case_card(
    signal: Signal,
    history: Sequence[SignalEvent],
    reader: str,
    knowledge: Knowledge,
    now: datetime,
    note: str = "",
) -> Card:
    """Everything about one signal, for its handlers: what was seen, how it is weighed, whom to call, what happened."""
    texts = knowledge.texts
    wished = is_withdrawal_wished(history)
    elements: list[Element] = [*_note(note), Line(_status(signal, knowledge), Style.HEADING)]
    if wished:
        elements.append(
            Line(texts("case.wished_unclaimed" if signal.status in UNCLAIMED else "case.wished"), Style.NOTE)
        )
    elements += _told(signal, knowledge)
    elements += _added(history)
    elements += _weighed(signal, knowledge)
    elements += _whom_to_call(signal, knowledge, now)
    elements.append(Line(texts("case.timeline"), Style.HEADING))
    elements.append(Facts(tuple((local_time(event.at), _happened(event, knowledge)) for event in history)))
    return Card(
        title=texts("case.title", reference=signal.reference),
        elements=tuple(elements),
        buttons=tuple(_acts(signal, reader, texts, wished=wished)),
        summary=texts("case.title", reference=signal.reference),
    )


def hand_over_card(signal: Signal, knowledge: Knowledge, note: str = "") -> Card:
    """To whom, what was agreed, and a line for the reporter."""
    texts = knowledge.texts
    on_route = [PARTNER_OF[token] for token in signal.assessment.route if token in PARTNER_OF]
    others = [partner.key for partner in knowledge.directory if partner.key not in (*on_route, "112", "af")]
    keys = [key for key in (*on_route, *others) if key != "112"]
    options = tuple(Option(key, knowledge.directory[key].name) for key in keys)
    return Card(
        title=texts("hand_over.title", reference=signal.reference),
        elements=(
            *_note(note, Style.ALARM),
            Line(texts("hand_over.text")),
            ChoiceField(
                "partner",
                texts("hand_over.partner"),
                options,
                (keys[0],),
                required=True,
                error=texts("hand_over.partner_missing"),
            ),
            TextField("note", texts("hand_over.note"), multiline=True, max_length=2000),
            TextField("line", texts("feedback.line"), multiline=True, max_length=500),
        ),
        buttons=(
            _signal_button(signal, texts("button.hand_over"), "signal.hand_over", Weight.MAIN),
            _signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


def close_card(signal: Signal, knowledge: Knowledge, note: str = "") -> Card:
    """Which reviewed text the reporter gets, and a line of the officer's own."""
    texts = knowledge.texts
    options = tuple(Option(key, texts(f"feedback.choice.{key}")) for key in CLOSING_TEXTS)
    return Card(
        title=texts("close.title", reference=signal.reference),
        elements=(
            *_note(note, Style.ALARM),
            Line(texts("close.text")),
            ChoiceField(
                "feedback", texts("close.feedback"), options, required=True, error=texts("close.feedback_missing")
            ),
            TextField("line", texts("feedback.line"), multiline=True, max_length=500),
        ),
        buttons=(
            _signal_button(signal, texts("button.close"), "signal.close", Weight.MAIN),
            _signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


def _signal_button(
    signal: Signal, title: str, action: str, weight: Weight = Weight.PLAIN, *, unchecked: bool = False
) -> Button:
    return Button(title, action, {"signal": signal.id, "version": str(signal.version)}, weight, unchecked)


def _acts(signal: Signal, reader: str, texts: Texts, *, wished: bool) -> list[Button]:
    """What this person may press now."""
    buttons: list[Button] = []
    if signal.status in UNCLAIMED:
        buttons.append(_signal_button(signal, texts("button.take_up"), "signal.take_up", Weight.MAIN))
    elif signal.owner == reader and signal.status in OPEN:
        buttons.append(_signal_button(signal, texts("button.hand_over_form"), "signal.hand_over_form", Weight.MAIN))
        buttons.append(_signal_button(signal, texts("button.close_form"), "signal.close_form"))
        if wished:
            buttons.append(_signal_button(signal, texts("button.agree_withdrawal"), "signal.withdraw"))
            buttons.append(_signal_button(signal, texts("button.decline_withdrawal"), "signal.go_on"))
    buttons.append(_signal_button(signal, texts("button.fold"), "signal.fold"))
    return buttons


def _note(note: str, style: Style = Style.NOTE) -> tuple[Line, ...]:
    return (Line(note, style),) if note else ()


def _status(signal: Signal, knowledge: Knowledge) -> str:
    texts = knowledge.texts
    status = texts(f"status.{signal.status}")
    return texts("case.owned", status=status, name=_name(signal.owner, knowledge)) if signal.owner else status


def _name(person: str, knowledge: Knowledge) -> str:
    return knowledge.officer_names.get(person, knowledge.texts("case.somebody"))


def _told(signal: Signal, knowledge: Knowledge) -> list[Element]:
    texts = knowledge.texts
    officers = tuple(Option(key, name) for key, name in knowledge.officer_names.items())
    situation = Situation(signal.answers, signal.assessment.outcome, danger_read=False, officers=officers)
    lines = read_back(signal.answers, knowledge.questions, situation, knowledge.criteria, texts("intake.nothing"))
    answered = tuple(
        (line.question.name, line.words)
        for line in lines
        if line.question.kind is not Kind.TICKS and not line.question.multiline
    )
    received = (texts("case.received"), local_time(signal.received_at))
    told: list[Element] = []
    for line in lines:
        if line.question.multiline and signal.answers[line.question.key]:
            told.append(Line(line.question.name, Style.HEADING))
            told.append(Line(line.words, Style.QUOTE, verbatim=True))
    about = (received, *_origin(signal, texts), *answered)
    return [*told, Line(texts("case.answers"), Style.HEADING), Facts(about)]


def _origin(signal: Signal, texts: Texts) -> tuple[tuple[str, str], ...]:
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


def _added(history: Sequence[SignalEvent]) -> Iterator[Element]:
    """What the reporter wrote later, oldest first."""
    for event in history:
        if words := own_words(event):
            yield Line(local_time(event.at), Style.HEADING)
            yield Line(words, Style.QUOTE, verbatim=True)


def _weighed(signal: Signal, knowledge: Knowledge) -> list[Element]:
    texts = knowledge.texts
    assessment = signal.assessment
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(signal.suggestions)}
    counted = {item.criterion for item in assessment.counted}
    elements: list[Element] = [
        Line(texts("case.assessment", outcome=texts(f"outcome.{assessment.outcome}")), Style.HEADING),
        *(Line(reason) for reason in assessment.reasons),
    ]
    elements += [
        Line(texts("case.words", sentence=knowledge.criteria[key].sentence, quote=quotes[key]), verbatim=True)
        for key in counted
        if key in quotes and key in knowledge.criteria
    ]
    if unconfirmed := [key for key in quotes if key not in counted and key in knowledge.criteria]:
        elements.append(Line(texts("case.not_confirmed"), Style.HEADING))
        elements += [
            Line(texts("case.words", sentence=knowledge.criteria[key].sentence, quote=quotes[key]), verbatim=True)
            for key in unconfirmed
        ]
    if assessment.missing:
        elements.append(Line(texts("case.missing"), Style.HEADING))
        elements += [Line(missing) for missing in assessment.missing]
    return elements


def _whom_to_call(signal: Signal, knowledge: Knowledge, now: datetime) -> list[Element]:
    """The route as steps in order, each with the number that works now."""
    texts = knowledge.texts
    steps: list[Element] = [Line(texts("case.route"), Style.HEADING)]
    for number, token in enumerate((t for t in signal.assessment.route if t in PARTNER_OF), start=1):
        contact = look_up(knowledge.directory, PARTNER_OF[token], now).contacts[0]
        partner = knowledge.directory[PARTNER_OF[token]]
        steps.append(
            Line(
                texts(
                    "case.step",
                    number=number,
                    partner=partner.name,
                    via=contact.partner.name,
                    phone=contact.number or texts("case.no_number"),
                    reason=contact.reason,
                )
            )
        )
    if signal.assessment.forms[:1] == (Form.AU,) and RouteToken.AVIM not in signal.assessment.route:
        # Until the municipality confirms the AU row of the route table, AVIM is shown as somebody to consult.
        avim = look_up(knowledge.directory, PARTNER_OF[RouteToken.AVIM], now).contacts[0]
        steps.append(Line(texts("case.consult", phone=avim.number or texts("case.no_number"))))
    return steps if len(steps) > 1 else [*steps, Line(texts("case.route_none"))]


def _happened(event: SignalEvent, knowledge: Knowledge) -> str:
    texts = knowledge.texts
    match event.kind:
        case EventKind.RECEIVED | EventKind.FEEDBACK_READ | EventKind.ADDED | EventKind.WITHDRAWAL_WISHED:
            return texts(f"event.{event.kind}")
        case EventKind.HANDED_OVER:
            partner = knowledge.directory[event.content["partner"]].name
            words = texts("event.handed_over", name=_name(event.actor, knowledge), partner=partner)
            return f"{words} {event.content['note']}".strip()
        case _:
            return texts(f"event.{event.kind}", name=_name(event.actor, knowledge))
