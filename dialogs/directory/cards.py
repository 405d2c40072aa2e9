"""What an administrator of the directory sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dialogs.directory.form import fields_of, rows_of
from dialogs.domain.partners import Entry, LaidOver, Partner, PartnerEdit, PartnerRemark, due, hours_in_words
from dialogs.domain.partners.entry import LONGEST_TEXT
from dialogs.local_time import local_time
from dialogs.numbers import numbers_card
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Facts, Line, Option, Style, TextField, Weight
from dialogs.turn import Entry as Row

#: Entries that are due on one card: a card may be 28 kB (Microsoft Learn, "Format your bot messages").
_MOST_DUE = 8
CHECKED = "checked"

#: Names by Entra object id.
Names = Mapping[str, str]


def list_card(
    partners: LaidOver, remarks: Sequence[PartnerRemark], now: datetime, texts: Texts, note: str = ""
) -> Card:
    """What needs care first: doubted, changed in a release, due; then a way to every entry."""
    keys = due(partners.directory, now)
    elements: list[Element] = [*_note(note)]
    doubted = [key for key in partners.file.entries if _open_remarks(key, partners, remarks)]
    for text, about in (
        ("directory.doubted", doubted),
        ("directory.overtaken", partners.overtaken),
        ("directory.unusable", sorted(partners.unusable)),
    ):
        if about:
            elements.append(Line(texts(text, names=", ".join(_name(key, partners) for key in about)), Style.NOTE))
    elements.append(Line(texts("directory.due", count=len(keys)) if keys else texts("directory.all_checked")))
    # Those with a number first: they can be confirmed in one press.
    rows = sorted(keys, key=lambda key: not partners.directory[key].numbers)
    elements += [_row(partners.directory[key], partners, texts) for key in rows[:_MOST_DUE]]
    if len(keys) > _MOST_DUE:
        elements.append(Line(texts("directory.due_more", count=len(keys) - _MOST_DUE), Style.QUIET))
    options = tuple(Option(partner.key, partner.name) for partner in partners.directory)
    first = next(iter([*doubted, *partners.overtaken, *keys]), options[0].key)
    elements.append(ChoiceField("partner", texts("directory.which"), options, (first,)))
    return Card(
        texts("directory.title"),
        tuple(elements),
        (Button(texts("button.directory_open"), "entry.open", weight=Weight.MAIN),),
    )


def entry_card(
    key: str, partners: LaidOver, remarks: Sequence[PartnerRemark], names: Names, texts: Texts, note: str = ""
) -> Card:
    """One entry with all that stands in it, what others say of it, and what can be done."""
    partner = partners.directory[key]
    entry = partners.file.entries[key]
    fields = fields_of(entry)
    elements: list[Element] = [*_note(note)]
    for remark in _open_remarks(key, partners, remarks):
        who = texts("directory.remark", who=_who(remark.actor, names, texts, "colleague"), when=local_time(remark.at))
        elements.append(Line(who, Style.HEADING))
        elements.append(Line(remark.text or texts("directory.remark_empty"), Style.QUOTE, verbatim=True))
    overtaken = key in partners.overtaken
    if overtaken:
        elements += [
            Line(texts("directory.overtaken", names=partner.name), Style.NOTE),
            Line(texts("directory.ours_now", **_in_short(entry, texts))),
            Line(texts("directory.shipped_now", **_in_short(partners.shipped.entries[key], texts))),
        ]
    shown = [name for name in fields if fields[name]]
    elements.append(Facts(tuple((_label(name, texts), fields[name]) for name in shown)))
    elements.append(Line(_checked(partner, texts), Style.SMALL))
    acts = [("keep", Weight.MAIN), ("adopt", Weight.PLAIN)] if overtaken else [("confirm", Weight.MAIN)]
    titles = {"keep": "button.directory_keep", "adopt": "button.directory_adopt", "confirm": "button.directory_right"}
    version = partners.version(key)
    buttons = [entry_button(texts(titles[act]), act, key, version, weight) for act, weight in acts]
    if not partner.numbers:
        buttons = [button for button in buttons if button.action != "entry.confirm"]
    return Card(
        partner.name,
        tuple(elements),
        (
            *buttons,
            entry_button(texts("button.directory_edit"), "form", key, version),
            entry_button(texts("button.directory_history"), "history", key, version),
            Button(texts("button.directory_list"), "entry.list"),
        ),
    )


def form_card(
    partner: Partner, entry: Entry, version: int, fields: Mapping[str, str], texts: Texts, faults: Sequence[str] = ()
) -> Card:
    """The entry to fill in, as it was filled in before; `faults` say what cannot be so."""
    elements: list[Element] = []
    if faults:
        elements.append(Line(texts("directory.form.wrong"), Style.NOTE))
        elements += [Line(fault) for fault in faults]
    for place in range(1, rows_of(entry, fields) + 1):
        for kind, hint in (("number", ""), ("hours", texts("directory.form.hours_hint"))):
            name = f"{kind}{place}"
            elements.append(TextField(name, _label(name, texts), fields.get(name, ""), hint, max_length=300))
    for name in ("mail", "site", "role", "source", "missing"):
        long = name in {"role", "missing"}
        most = 500 if name in {"mail", "site"} else LONGEST_TEXT
        elements.append(TextField(name, _label(name, texts), fields.get(name, ""), multiline=long, max_length=most))
    option = Option("yes", texts("directory.form.checked_now"))
    ticked = ("yes",) if fields.get(CHECKED) else ()
    elements.append(ChoiceField(CHECKED, texts("directory.form.checked"), (option,), ticked, many=True))
    return Card(
        texts("directory.form.title", name=partner.name),
        tuple(elements),
        (
            entry_button(texts("button.directory_preview"), "preview", partner.key, version, Weight.MAIN),
            entry_button(texts("button.back"), "open", partner.key, version, unchecked=True),
        ),
    )


def preview_card(
    key: str, after: LaidOver, version: int, fields: Mapping[str, str], now: datetime, texts: Texts
) -> Card:
    """The answer as colleagues would get it; nothing is stored yet. What was filled in goes along with the buttons."""
    answer = numbers_card(after.directory.find(key, now), texts, in_group=True)
    data = {f"f.{name}": text for name, text in fields.items() if text}
    save = Button(texts("button.directory_save"), "entry.save", _data(key, version) | data, Weight.MAIN)
    again = Button(texts("button.directory_again"), "entry.form", _data(key, version) | data)
    return Card(
        texts("directory.preview.title"),
        (Line(texts("directory.preview.text"), Style.NOTE), *answer.elements),
        (save, again),
    )


def history_card(
    key: str, partners: LaidOver, history: Sequence[PartnerEdit], names: Names, texts: Texts, note: str = ""
) -> Card:
    """Who changed what and when, newest first, and a way back to any of them."""
    rows = tuple(
        (
            local_time(edit.at),
            texts(
                "directory.history.line",
                version=edit.version,
                what=texts(f"directory.change.{edit.change}"),
                who=_who(edit.actor, names, texts),
            ),
        )
        for edit in history
    )
    options = [
        Option(str(edit.version), f"{edit.version}, {local_time(edit.at)}: {_in_short(edit.entry, texts)['number']}")
        for edit in history
        if edit.version != partners.version(key)
    ]
    if key in partners.shipped.entries:
        number = _in_short(partners.shipped.entries[key], texts)["number"]
        options.append(Option("0", texts("directory.history.shipped", number=number)))
    version = partners.version(key)
    back = entry_button(texts("button.back"), "open", key, version, unchecked=True)
    title = texts("directory.history.title", name=_name(key, partners))
    if not history:
        return Card(title, (Line(texts("directory.history.nothing")),), (back,))
    choice = ChoiceField("to", texts("directory.history.which"), tuple(options), (options[0].key,))
    restore = entry_button(texts("button.directory_restore"), "restore", key, version)
    return Card(title, (*_note(note), Facts(rows), choice), (restore, back))


def doubted_notice(partner: Partner, texts: Texts) -> Card:
    """Somebody says that this is not right; who and what open on a press."""
    title = texts("directory.notice.doubted", name=partner.name)
    button = Button(texts("button.directory_open"), "entry.open", {"partner": partner.key}, Weight.MAIN)
    return Card(title, (Line(texts("directory.notice.doubted_text")),), (button,))


def due_notice(partners: LaidOver, now: datetime, texts: Texts) -> Card:
    """How many numbers are to be checked."""
    title = texts("directory.notice.due", count=len(due(partners.directory, now)))
    button = Button(texts("button.directory"), "entry.list", weight=Weight.MAIN)
    return Card(title, (Line(texts("directory.notice.due_text")),), (button,))


def entry_button(
    title: str, act: str, key: str, version: int, weight: Weight = Weight.PLAIN, *, unchecked: bool = False
) -> Button:
    """A button that does something with this version of an entry."""
    return Button(title, f"entry.{act}", _data(key, version), weight, unchecked)


def _data(key: str, version: int) -> dict[str, str]:
    return {"partner": key, "version": str(version)}


def _row(partner: Partner, partners: LaidOver, texts: Texts) -> Row:
    version = partners.version(partner.key)
    if not partner.numbers:
        open_it = entry_button(texts("button.directory_open"), "open", partner.key, version, unchecked=True)
        return Row(partner.name, texts("directory.no_number"), open_it)
    first = partner.numbers[0]
    told = texts(
        "directory.entry", number=first.number, hours=hours_in_words(first.hours), checked=_checked(partner, texts)
    )
    right = entry_button(texts("button.directory_right"), "confirm_in_list", partner.key, version, unchecked=True)
    return Row(partner.name, told, right)


def _checked(partner: Partner, texts: Texts) -> str:
    if partner.checked_on is None:
        return texts("directory.never_checked")
    return texts("directory.checked", when=f"{partner.checked_on:%d-%m-%Y}", who=partner.checked_by or "")


def _open_remarks(key: str, partners: LaidOver, remarks: Sequence[PartnerRemark]) -> list[PartnerRemark]:
    """What was said of this entry since it was last stored."""
    since = partners.edits[key].at if key in partners.edits else None
    return [remark for remark in remarks if remark.key == key and (since is None or remark.at > since)]


def _in_short(entry: Entry, texts: Texts) -> dict[str, str]:
    numbers = [number["number"] for number in entry.get("numbers", ())]
    return {"number": ", ".join(numbers) or texts("directory.no_number"), "role": entry["role"]}


def _label(field: str, texts: Texts) -> str:
    kind, place = field.rstrip("1234"), field[-1]
    return {
        "number": texts("directory.form.number", place=place),
        "hours": texts("directory.form.hours", place=place),
        "mail": texts("directory.form.mail"),
        "site": texts("directory.form.site"),
        "role": texts("directory.form.role"),
        "source": texts("directory.form.source"),
        "missing": texts("directory.form.missing"),
    }[kind]


def _who(actor: str, names: Names, texts: Texts, otherwise: str = "somebody") -> str:
    if actor == "system":
        return texts("directory.system")
    return (
        names.get(actor)
        or {"somebody": texts("directory.somebody"), "colleague": texts("directory.colleague")}[otherwise]
    )


def _name(key: str, partners: LaidOver) -> str:
    return partners.directory[key].name if key in partners.directory else key


def _note(note: str) -> tuple[Line, ...]:
    return (Line(note, Style.NOTE),) if note else ()
