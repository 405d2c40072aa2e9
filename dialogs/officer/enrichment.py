"""Writing down what was looked up, and notes, as a conversation. The buddy may too."""

from dialogs.domain.case_file import CaseFile, Field
from dialogs.domain.free_text import TextRefused
from dialogs.domain.places import address_forms
from dialogs.officer.case_buttons import CaseButton, Place, anybody, while_open
from dialogs.officer.enrichment_cards import look_up_card, note_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card
from dialogs.use_cases.enrichment import MOST_NOTED, MOST_VALUE, Enrichment, ReasonMissing


async def look_up_form(press: Press) -> Card:
    """What was looked up, and why."""
    return look_up_card(await press.work.case(press.signal_id), press.knowledge, press.pressed.inputs)


async def look_up(press: Press) -> Card:
    """Write it down; earlier signals at the same place show at once."""
    field = press.filled("field")
    if field not in set(Field):
        return await _look_up_again(press, press.texts("enrich.field_missing"))
    try:
        case = await Enrichment(press.work).look_up(
            press.signal_id, Field(field), press.filled("value"), press.filled("reason")
        )
    except ReasonMissing:
        return await _look_up_again(press, press.texts("enrich.reason_missing"))
    except TextRefused as refused:
        return await _look_up_again(press, press.why_refused(refused, MOST_VALUE, "enrich.reason_missing"))
    return await press.case_card(case, press.texts(_what_it_gives(case, Field(field))))


async def take_away(press: Press) -> Card:
    """Take a field away again."""
    field = press.pressed.data.get("field", "")
    if field not in set(Field):
        return await look_up_form(press)
    case = await Enrichment(press.work).take_away(press.signal_id, Field(field))
    return await press.case_card(case, press.texts("enrich.taken_away"))


async def note_form(press: Press) -> Card:
    """A note to write."""
    return note_card(await press.work.case(press.signal_id), press.knowledge, {})


async def note(press: Press) -> Card:
    """Write the note down."""
    try:
        case = await Enrichment(press.work).note(press.signal_id, press.filled("note"))
    except TextRefused as refused:
        case = await press.work.case(press.signal_id)
        fault = press.why_refused(refused, MOST_NOTED, "note.missing")
        return note_card(case, press.knowledge, press.pressed.inputs, fault)
    return await press.case_card(case, press.texts("note.done"))


async def _look_up_again(press: Press, fault: str) -> Card:
    case = await press.work.case(press.signal_id)
    return look_up_card(case, press.knowledge, press.pressed.inputs, fault)


def _what_it_gives(case: CaseFile, field: Field) -> str:
    """An address without a number, or without postcode and town, is kept, but finds nothing."""
    address = case.enrichment.get(Field.ADDRESS)
    if field is Field.ADDRESS and address and address.content["value"] and not address_forms(address.content["value"]):
        return "enrich.no_postcode"
    return "enrich.done"


ACTS: Acts = {
    "look_up_form": look_up_form,
    "look_up": look_up,
    "take_away": take_away,
    "note_form": note_form,
    "note": note,
}
BUTTONS = (
    CaseButton("button.look_up_form", "signal.look_up_form", while_open, Place.MORE),
    CaseButton("button.note_form", "signal.note_form", anybody, Place.MORE),
)
