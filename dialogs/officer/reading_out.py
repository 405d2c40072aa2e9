"""A card to read out on the phone: only what was chosen for it, and written down."""

from dialogs.domain.case_file import CaseFile
from dialogs.knowledge import Knowledge
from dialogs.officer.case_buttons import CaseButton, Place, while_open
from dialogs.officer.case_sections import back_button
from dialogs.officer.pages import paged
from dialogs.officer.parts import note_line, signal_button
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card, ChoiceField, Facts, Line, Option, Style, Weight
from dialogs.use_cases.referrals import Referrals
from dialogs.use_cases.sharing import Piece, pieces_of


async def read_out_form(press: Press) -> Card:
    """What to read out."""
    return choose_card(await press.work.case(press.signal_id), press.knowledge)


async def read_out(press: Press) -> Card:
    """The card to read out; which pieces are on it is written down before it is shown."""
    case = await press.work.case(press.signal_id)
    chosen = press.chosen("pieces", "personal") or tuple(press.pressed.data.get("pieces", "").split(","))
    pieces = tuple(piece for piece in pieces_of(case, press.knowledge) if piece.key in chosen)
    if not pieces:
        return choose_card(case, press.knowledge, press.texts("read_out.missing"))
    case = await Referrals(press.work).read_out(press.signal_id, [piece.key for piece in pieces])
    return read_out_card(case, pieces, press.knowledge, press.page)


def choose_card(case: CaseFile, knowledge: Knowledge, fault: str = "") -> Card:
    """Which pieces; those about the reporter apart, and never ticked beforehand."""
    texts, pieces = knowledge.texts, pieces_of(case, knowledge)
    return Card(
        title=texts("read_out.choose", reference=case.signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("read_out.text")),
            ChoiceField("pieces", texts("read_out.pieces"), options_of(pieces, personal=False), many=True),
            ChoiceField("personal", texts("read_out.personal"), options_of(pieces, personal=True), many=True),
        ),
        buttons=(
            signal_button(case.signal, texts("button.read_out"), "signal.read_out", Weight.MAIN),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )


def read_out_card(case: CaseFile, pieces: tuple[Piece, ...], knowledge: Knowledge, page: int) -> Card:
    """Reference and the chosen pieces, nothing else."""
    texts = knowledge.texts
    pages = paged((piece.name, piece.words) for piece in pieces)
    shown = page if 0 < page <= len(pages) else 1
    keys = ",".join(piece.key for piece in pieces)
    turns = tuple(
        signal_button(case.signal, texts(key), "signal.read_out", unchecked=True, page=str(to), pieces=keys)
        for to, key in ((shown - 1, "button.page_before"), (shown + 1, "button.page_after"))
        if 0 < to <= len(pages)
    )
    return Card(
        title=texts("read_out.title", reference=case.signal.reference),
        elements=(Line(texts("read_out.care"), Style.NOTE), Facts(pages[shown - 1])),
        buttons=(*turns, back_button(case, knowledge)),
        summary=texts("case.title", reference=case.signal.reference),
    )


def options_of(pieces: tuple[Piece, ...], *, personal: bool) -> tuple[Option, ...]:
    """The pieces that can be ticked."""
    return tuple(Option(piece.key, piece.name) for piece in pieces if piece.is_personal is personal)


ACTS: Acts = {"read_out_form": read_out_form, "read_out": read_out}
BUTTONS = (CaseButton("button.read_out_form", "signal.read_out_form", while_open, Place.MORE),)
