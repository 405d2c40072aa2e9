"""Somebody says that a number is not right: it goes to whoever keeps the numbers."""

import re
from datetime import datetime

from dialogs import menu
from dialogs.domain.access import Actor
from dialogs.domain.bsn import find_bsn
from dialogs.domain.partners import Directory, PartnerRemark
from dialogs.domain.partners.words import words_of
from dialogs.knowledge import Knowledge
from dialogs.numbers import wrong_number_card
from dialogs.ports import UnitOfWork
from dialogs.texts import Texts
from dialogs.turn import Card, Line, Pressed, Style
from dialogs.use_cases.edit_partner import doubt

#: "klopt niet", "het nummer van avim klopt niet meer, er neemt niemand op"; a longer text tells of something else.
_DOUBT = re.compile(
    r"^\s*(?:klopt niet\b|(?:(?:het|dit|dat) )?(?:telefoon)?nummers?\b.*\bklop(?:t|pen) niet\b)", re.IGNORECASE
)
_LONGEST_DOUBT = 18


def doubted(text: str, directory: Directory) -> tuple[str, ...] | None:
    """The partners of whom a typed text says that their number is not right; nobody named: none.

    None for a text that says anything else.
    """
    if len(text.split()) > _LONGEST_DOUBT or not _DOUBT.search(text):
        return None
    named = (hit.key for hit in directory.names.hits(words_of(text.casefold())) if hit.by_name)
    return tuple(dict.fromkeys(named))


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
