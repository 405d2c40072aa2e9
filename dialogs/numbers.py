"""The answer to a question about a number: a card, a card to share, and the way to say that it is not right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from dialogs.domain.partners import Contact, Directory, LookUp, Partner, hours_in_words
from dialogs.domain.partners.answer import contact_at
from dialogs.domain.partners.partner import national
from dialogs.local_time import local_time
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Line, Option, Style, TextField, Weight

#: How many contacts are shown in full beside how many there are, one less for what stands above them; and how many
#: characters fit, of which one in short and what stands above take this many. No card is longer than the screen of a
#: phone: measured in tests/cards/test_height_of_answers.py.
_IN_FULL = {2: 2, 3: 1}
_ROOM, _IN_SHORT, _ABOVE = 700, 200, 60
_LONGEST_REMARK = 300
#: A number as the directory writes it in a sentence; "08.00-16.30 uur" is none.
_WRITTEN = re.compile(r"\b(?:112|0\d{1,3}-\d{4,8})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A result of a search: how it stands in the list, and the card that goes into the message."""

    title: str
    text: str
    card: Card


def numbers_card(answer: LookUp, texts: Texts, *, in_group: bool = False, away: bool = False) -> Card:
    """The numbers that work now, first things first; each as text that can be selected, with a link in the text.

    `away`: the database cannot be read, so these are the last known numbers, and no report can go on.
    """
    elements: list[Element] = [Line(texts("numbers.away"))] if away else []
    if answer.danger:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    if not answer.exact:
        elements.append(Line(texts("numbers.guess")))
    in_full = _in_full_of(answer, away=away)
    for contact in answer.contacts:
        elements += _in_full(contact, texts) if contact in in_full else _in_short(contact, texts)
    if len(answer.contacts) > len(in_full) and not away:
        elements.append(Line(texts("numbers.more"), Style.QUIET))
    if in_full and not in_group and not away:
        elements.append(Line(texts("numbers.draft_kept"), Style.QUIET))
    partners = ",".join(contact.partner.key for contact in answer.contacts)
    wrong = Button(texts("button.wrong_number"), "doubt.form", {"partners": partners})
    return Card(
        title=texts("numbers.title"),
        elements=tuple(elements),
        buttons=(wrong,) if in_group else (wrong, Button(texts("button.report"), "menu.report")),
        summary=texts("numbers.title"),
    )


def shared_card(partner: Partner, directory: Directory, texts: Texts, at: datetime) -> Card:
    """A contact card for a message to a colleague: true at any moment, so it tells hours and not who is open now."""
    elements: list[Element] = [
        Line(
            texts(
                "numbers.shared", number=_number(phone.number, phone.dialable, texts), hours=hours_in_words(phone.hours)
            ),
            Style.GOOD,
        )
        for phone in partner.numbers
    ] or [Line(texts("numbers.none"), Style.GOOD)]
    elements += [Line(linked(phone.note)) for phone in partner.numbers if phone.note]
    if not all(phone.confirmed for phone in partner.numbers):
        elements.append(Line(texts("numbers.not_confirmed"), Style.NOTE))
    if partner.missing:
        elements.append(Line(linked(partner.missing)))
    if partner.stand_in is not None and (others := directory[partner.stand_in].numbers):
        number = _number(others[0].number, others[0].dialable, texts)
        elements.append(Line(texts("numbers.otherwise", name=directory[partner.stand_in].name, number=number)))
    elements.append(Line(linked(partner.role), Style.QUIET))
    elements.append(Line(texts("danger.short"), Style.QUIET))
    elements.append(_checked(partner, texts))
    elements.append(Line(texts("numbers.shared_on", when=local_time(at)), Style.SMALL))
    return Card(partner.name, tuple(elements), summary=texts("numbers.title"))


def search(directory: Directory, query: str, texts: Texts, at: datetime, limit: int) -> tuple[Found, ...]:
    """At most `limit` partners for a query of the message extension, best first; without a query everybody."""
    everybody = tuple(contact_at(partner, at) for partner in directory)
    contacts = directory.find(query, at).contacts if query.strip() else everybody
    return tuple(
        Found(
            f"{contact.partner.name}: {contact.number}" if contact.number else contact.partner.name,
            contact.state,
            shared_card(contact.partner, directory, texts, at),
        )
        for contact in contacts[:limit]
    )


def wrong_number_card(
    partners: Iterable[Partner], texts: Texts, *, in_group: bool, remark: str = "", fault: str = ""
) -> Card:
    """Which number is not right, and in the one-to-one chat why; the form has an id, so that two presses tell once.

    `fault` says why the remark, as filled in, cannot be taken.
    """
    options = tuple(Option(partner.key, partner.name) for partner in partners)
    elements: list[Element] = [Line(fault, Style.NOTE)] if fault else [Line(texts("numbers.wrong.text"))]
    if options:
        which = texts("numbers.wrong.which")
        chosen = (options[0].key,) if len(options) == 1 else ()  # of several nobody is blamed by default
        elements.append(ChoiceField("partner", which, options, chosen, required=True, error=which))
    if not in_group:
        elements.append(
            TextField("remark", texts("numbers.wrong.remark"), remark, multiline=True, max_length=_LONGEST_REMARK)
        )
    return Card(
        texts("numbers.wrong.title"),
        tuple(elements),
        (Button(texts("button.tell_administrator"), "doubt.tell", {"remark": uuid4().hex}, Weight.MAIN),),
    )


def linked(text: str) -> str:
    """A sentence of the directory with each Dutch phone number in it as text and link."""
    return _WRITTEN.sub(_link, text)


def _link(written: re.Match[str]) -> str:
    try:
        return f"[{written[0]}]({national(written[0])[1]})"
    except ValueError:
        return written[0]


def _in_full_of(answer: LookUp, *, away: bool) -> tuple[Contact, ...]:
    """Whose role and source are told too; with danger 112 stands in the alarm above, so it needs no more words."""
    if len(answer.contacts) == 1:
        return answer.contacts
    above = answer.danger + away
    most = max(_IN_FULL.get(len(answer.contacts), 0) - above, 0)
    told = (answer.contacts[1:] if answer.danger else answer.contacts)[:most]
    while told and _characters(told, len(answer.contacts)) + _ABOVE * above > _ROOM:
        told = told[:-1]
    return told


def _characters(in_full: Sequence[Contact], contacts: int) -> int:
    texts = [text for each in in_full for text in (each.reason, each.partner.role, each.partner.source)]
    return sum(map(len, texts)) + _IN_SHORT * (contacts - len(in_full))


def _in_full(contact: Contact, texts: Texts) -> list[Element]:
    return [
        Line(contact.partner.name, Style.HEADING),
        _call(contact, texts),
        Line(linked(contact.reason)),
        Line(linked(contact.partner.role), Style.QUIET),
        _checked(contact.partner, texts),
    ]


def _in_short(contact: Contact, texts: Texts) -> list[Element]:
    call = _call(contact, texts)
    return [Line(texts("numbers.short", name=contact.partner.name, number=call.text), call.style), Line(contact.state)]


def _call(contact: Contact, texts: Texts) -> Line:
    phone = contact.phone
    number = _number(phone.number, phone.dialable, texts) if phone else texts("numbers.none")
    return Line(number, Style.GOOD if contact.open else Style.PLAIN)


def _number(number: str, link: str, texts: Texts) -> str:
    return texts("numbers.number", number=number, link=link)


def _checked(partner: Partner, texts: Texts) -> Line:
    on = partner.checked_on
    checked = texts("numbers.checked", when=f"{on:%d-%m-%Y}") if on else texts("numbers.not_checked")
    return Line(texts("numbers.source", source=partner.source, checked=checked), Style.SMALL)
