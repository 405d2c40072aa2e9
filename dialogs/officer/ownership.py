"""Who has a signal, as a conversation: taking it up, offering it, accepting or declining, taking it over."""

from dialogs.domain.case_file import CaseFile
from dialogs.domain.free_text import TextRefused
from dialogs.officer.case_buttons import CaseButton, Place, to_colleagues, to_owner, while_unclaimed
from dialogs.officer.ownership_cards import offer_card, take_over_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card, Weight
from dialogs.use_cases.ownership import MOST_REASON, NoSuchColleague, Ownership


async def take_up(press: Press) -> Card:
    """Become the owner."""
    case = await Ownership(press.work).take_up(press.signal_id)
    return await press.case_card(case, press.texts("case.taken_up"))


async def offer_form(press: Press) -> Card:
    """To which colleague, and why."""
    return offer_card(
        (await press.work.own(press.signal_id, press.version)).signal, press.knowledge, press.pressed.inputs
    )


async def offer(press: Press) -> Card:
    """Offer it."""
    try:
        case = await Ownership(press.work).offer(
            press.signal_id, press.version, press.filled("to"), press.filled("reason")
        )
    except NoSuchColleague:
        return await _offer_again(press, press.texts("offer.to_missing"))
    except TextRefused as refused:
        return await _offer_again(press, _fault(press, refused))
    return await press.case_card(case, press.texts("offer.done"))


async def accept(press: Press) -> Card:
    """Become the owner of what was offered."""
    case = await Ownership(press.work).accept(press.signal_id)
    return await press.case_card(case, press.texts("offer.accepted"))


async def decline(press: Press) -> Card:
    """Leave it with its owner."""
    case = await Ownership(press.work).decline(press.signal_id)
    return await press.case_card(case, press.texts("offer.declined"))


async def take_over_form(press: Press) -> Card:
    """Why."""
    return take_over_card((await press.work.case(press.signal_id)).signal, press.knowledge, {})


async def take_over(press: Press) -> Card:
    """Become the owner in the place of a colleague."""
    try:
        case = await Ownership(press.work).take_over(press.signal_id, press.version, press.filled("reason"))
    except TextRefused as refused:
        signal = (await press.work.case(press.signal_id)).signal
        return take_over_card(signal, press.knowledge, press.pressed.inputs, _fault(press, refused))
    return await press.case_card(case, press.texts("take_over.done"))


async def _offer_again(press: Press, fault: str) -> Card:
    signal = (await press.work.own(press.signal_id, press.version)).signal
    return offer_card(signal, press.knowledge, press.pressed.inputs, fault)


def _fault(press: Press, refused: TextRefused) -> str:
    if refused.reason == "empty":
        return press.texts("offer.reason_missing")
    return press.texts(f"rejected.{refused.reason}", most=MOST_REASON)


def _offered_to(case: CaseFile, reader: str) -> bool:
    return case.offer is not None and case.offer.to == reader


def _offered_by(case: CaseFile, reader: str) -> bool:
    return case.offer is not None and case.offer.by == reader


def _may_offer(case: CaseFile, reader: str) -> bool:
    return to_owner(case, reader) and case.offer is None


def _may_take_over(case: CaseFile, reader: str) -> bool:
    return to_colleagues(case, reader) and not _offered_to(case, reader)


ACTS: Acts = {
    "take_up": take_up,
    "offer_form": offer_form,
    "offer": offer,
    "accept": accept,
    "decline": decline,
    "take_over_form": take_over_form,
    "take_over": take_over,
}
BUTTONS = (
    CaseButton("button.take_up", "signal.take_up", while_unclaimed, weight=Weight.MAIN),
    CaseButton("button.accept", "signal.accept", _offered_to, weight=Weight.MAIN),
    CaseButton("button.decline", "signal.decline", _offered_to),
    CaseButton("button.offer_form", "signal.offer_form", _may_offer, Place.MORE),
    CaseButton("button.take_back", "signal.decline", _offered_by, Place.MORE),
    CaseButton("button.take_over_form", "signal.take_over_form", _may_take_over),
)
