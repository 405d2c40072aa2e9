"""Linking signals into one case, as a conversation."""

from dialogs.domain.case_file import CaseFile
from dialogs.officer.case_buttons import CaseButton, Place, to_owner
from dialogs.officer.linking_cards import link_card, links_card
from dialogs.officer.press import Acts, Press
from dialogs.requests import reference_in
from dialogs.turn import Card
from dialogs.use_cases.case_work import OutOfDate
from dialogs.use_cases.linking import CannotLink, Linking


async def link_form(press: Press) -> Card:
    """Which signal, and which of the two leads."""
    case = await press.work.own(press.signal_id, press.version)
    return link_card(await press.work.view(case), press.knowledge, {})


async def link(press: Press) -> Card:
    """Link them; the card of the one that leads."""
    written = press.filled("reference") or press.filled("related")
    try:
        case = await Linking(press.work).link(
            press.signal_id,
            press.version,
            reference_in(written) or written,
            other_leads=press.filled("leads") == "other",
        )
    except CannotLink as refused:
        why = press.texts(f"link.refused.{refused.why}" if refused.why else "link.refused.unknown")
        return await _again(press, refused.case, why)
    except OutOfDate as outdated:
        form = await _again(press, outdated.case, press.what_changed(outdated.case))
        return press.with_what_was_typed(form, outdated.case)
    return await press.case_card(case, press.texts("link.done"))


async def links(press: Press) -> Card:
    """The signals that follow, each with the way to it."""
    case = await press.work.seen(press.signal_id)
    return links_card(await press.work.view(case), press.knowledge)


async def unlink(press: Press) -> Card:
    """Let it go by itself again."""
    case = await Linking(press.work).unlink(press.signal_id, press.version)
    return await press.case_card(case, press.texts("link.undone"))


async def _again(press: Press, case: CaseFile, fault: str) -> Card:
    return link_card(await press.work.view(case), press.knowledge, press.pressed.inputs, fault)


def _while_following(case: CaseFile, _reader: str) -> bool:
    return case.signal.lead is not None


def _lead_of(case: CaseFile) -> dict[str, str]:
    return {"signal": case.signal.lead or "", "version": ""}


ACTS: Acts = {"link_form": link_form, "link": link, "links": links, "unlink": unlink}
BUTTONS = (
    CaseButton("button.open_lead", "signal.open", _while_following, Place.TOP, on_follower=True, data=_lead_of),
    CaseButton("button.unlink", "signal.unlink", _while_following, Place.TOP, on_follower=True),
    CaseButton("button.link_form", "signal.link_form", to_owner, Place.MORE),
)
