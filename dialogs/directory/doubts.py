"""Somebody says that a number is not right: it goes to whoever keeps the numbers."""

from datetime import datetime

from dialogs import menu
from dialogs.domain.access import Actor
from dialogs.domain.bsn import find_bsn
from dialogs.domain.partners import PartnerRemark
from dialogs.knowledge import Knowledge
from dialogs.numbers import wrong_number_card
from dialogs.ports import UnitOfWork
from dialogs.texts import Texts
from dialogs.turn import Card, Line, Pressed, Style
from dialogs.use_cases.edit_partner import doubt


async def tell_doubt(uow: UnitOfWork, actor: Actor, pressed: Pressed, knowledge: Knowledge, now: datetime) -> Card:
    """Store what was filled in, or the form again with what cannot be taken."""
    texts, directory = knowledge.texts, knowledge.directory
    key, text = pressed.inputs.get("partner", ""), pressed.inputs.get("remark", "")
    known = key in directory
    if not known or find_bsn(text):
        fault = texts("rejected.bsn") if known else texts("numbers.wrong.which")
        partners = [directory[key]] if known else directory
        return wrong_number_card(partners, texts, in_group=False, remark=text, fault=fault)
    remark = PartnerRemark(f"{pressed.data.get('remark', '')}.{key}.{actor.id}", key, now, actor.id, text)
    await doubt(uow, actor, remark, knowledge.staff)
    return told_card(texts)


def told_card(texts: Texts) -> Card:
    """The administrator hears of it."""
    return menu.plain_card(texts("numbers.wrong.title"), Line(texts("numbers.wrong.told"), Style.GOOD))
