"""Who handles a signal, in the words that its reporter reads: the AF, or the vertrouwenspersoon where no AF may."""

from dialogs.domain.access import Reader
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts


def texts_about(signal: Signal, knowledge: Knowledge) -> Texts:
    """The texts with {handler}, and shorter {af}, filled in for this signal.

    Where nobody may handle it, no AF may: then it waits for a vertrouwenspersoon.
    """
    by_officer = knowledge.staff.reader(signal.excluded) is Reader.OFFICER
    who = "officer" if by_officer else "confidant"
    texts = knowledge.texts
    return texts.filled(handler=texts(f"handler.{who}"), af=texts(f"handler.{who}_short"))
