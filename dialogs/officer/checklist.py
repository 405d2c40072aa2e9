"""The route as steps in order: whom to call now, with the number that works, and what was done."""

from collections.abc import Iterator
from datetime import datetime

from dialogs.domain.case_file import CaseFile
from dialogs.domain.criteria import Form
from dialogs.domain.routing import RouteToken
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.lookup import Contact, look_up
from dialogs.officer.parts import name_of, signal_button
from dialogs.texts import Texts
from dialogs.turn import Button, ButtonRow, Element, Line, Style
from dialogs.use_cases.judging import COMENSHA, form_of_case, route_of_case

#: Which entry of the directory a step of the route stands for. The AF is the reader.
PARTNER_OF = {
    RouteToken.EMERGENCY: "112",
    RouteToken.AVIM: "avim",
    RouteToken.NLA: "nla",
    RouteToken.ZOCO: "zoco",
    RouteToken.VT: "veilig_thuis",
    RouteToken.RIEC: "riec",
}


def whom_to_call(case: CaseFile, knowledge: Knowledge, now: datetime) -> list[Element]:
    """The route of the officer's judgement, else of the bot's assessment; each step can be ticked while it is open."""
    texts = knowledge.texts
    steps = steps_of(case)
    elements: list[Element] = [Line(texts("case.route"), Style.HEADING)]
    elements += [_step(case, number, token, knowledge, now) for number, token in enumerate(steps, start=1)]
    if form_of_case(case) is Form.AU and RouteToken.AVIM not in steps:
        # Until the municipality confirms the AU row of the route table, AVIM is shown as somebody to consult.
        contact = contact_for(PARTNER_OF[RouteToken.AVIM], knowledge, now)
        elements.append(Line(texts("case.consult", phone=phone_of(contact, texts))))
    if not steps:
        elements.append(Line(texts("case.route_none")))
    if COMENSHA in case.ticks:
        told = texts(f"checklist.comensha_{case.ticks[COMENSHA].content['done']}")
        elements.append(Line(_by(told, case, COMENSHA, knowledge), Style.QUIET))
    if case.is_open and case.signal.lead is None and (ticks := tuple(_ticks(case, texts))):
        elements.append(ButtonRow(ticks))
    return elements


def steps_of(case: CaseFile) -> tuple[RouteToken, ...]:
    """The steps of the route that the officer takes, in order."""
    return tuple(token for token in route_of_case(case) if token in PARTNER_OF)


def contact_for(partner: str, knowledge: Knowledge, now: datetime) -> Contact:
    """The number that works now for a partner of the directory: its own, or that of its stand-in."""
    return look_up(knowledge.directory, partner, now).contacts[0]


def phone_of(contact: Contact, texts: Texts) -> str:
    """The number with a link to call it."""
    phone = contact.phone
    if phone is None:
        return texts("case.no_number")
    return texts("numbers.number", number=phone.number, link=phone.dialable)


def _step(case: CaseFile, number: int, token: RouteToken, knowledge: Knowledge, now: datetime) -> Line:
    texts, key = knowledge.texts, PARTNER_OF[token]
    if token in case.done:
        done = texts("checklist.done", number=number, partner=knowledge.directory[key].name)
        return Line(_by(done, case, token, knowledge), Style.QUIET)
    contact = contact_for(key, knowledge, now)
    words = {"number": number, "partner": knowledge.directory[key].name, "phone": phone_of(contact, texts)}
    if contact.partner.key == key:
        return Line(texts("case.step", **words, reason=contact.reason))
    return Line(texts("case.step_via", **words, via=contact.partner.name, reason=contact.reason))


def _by(words: str, case: CaseFile, token: str, knowledge: Knowledge) -> str:
    event = case.ticks[token]
    name = name_of(event.actor, knowledge)
    return knowledge.texts("checklist.by", words=words, name=name, when=local_time(event.at))


def _ticks(case: CaseFile, texts: Texts) -> Iterator[Button]:
    """A button a step: done, or after all not. CoMensha, where somebody may have been told of it."""
    for token in steps_of(case):
        done = token in case.done
        key = "button.step_not_done" if done else "button.step_done"
        yield _tick(case, texts(key, step=texts(f"step.{token}")), token, done="no" if done else "yes")
    if RouteToken.ZOCO in steps_of(case) or COMENSHA in case.ticks:
        recorded = case.ticks[COMENSHA].content["done"] if COMENSHA in case.ticks else ""
        for done in ("yes", "no"):
            if done != recorded:
                yield _tick(case, texts(f"button.comensha_{done}"), COMENSHA, done=done)


def _tick(case: CaseFile, title: str, token: str, *, done: str) -> Button:
    return signal_button(case.signal, title, "signal.tick", unchecked=True, token=token, done=done)
