"""The answer to a question about a number, as a card."""

from dialogs.lookup import Contact, LookUp
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Line, Style


def numbers_card(answer: LookUp, texts: Texts) -> Card:
    """The numbers that work now, first things first; each as text that can be selected, with a link in the text."""
    elements: list[Element] = []
    if answer.danger:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    if not answer.exact:
        elements.append(Line(texts("numbers.guess")))
    for contact in answer.contacts:
        elements += _contact(contact, texts)
    elements.append(Line(texts("numbers.draft_kept"), Style.QUIET))
    return Card(
        title=texts("numbers.title"),
        elements=tuple(elements),
        buttons=(Button(texts("button.report"), "menu.report"), Button(texts("button.numbers"), "menu.numbers")),
        summary=texts("numbers.title"),
    )


def _contact(contact: Contact, texts: Texts) -> list[Element]:
    phone = contact.phone
    number = texts("numbers.number", number=phone.number, link=phone.dialable) if phone else texts("numbers.none")
    return [
        Line(contact.partner.name, Style.HEADING),
        Line(number, Style.GOOD if contact.open else Style.PLAIN),
        Line(contact.reason),
        Line(contact.partner.role, Style.QUIET),
    ]
