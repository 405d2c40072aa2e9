"""Who handles a signal, in the words that its reporter reads: the AF, the vertrouwenspersoon, or who will be named."""

from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts


def texts_about(signal: Signal, knowledge: Knowledge) -> Texts:
    """The texts with {handler}, and shorter {af}, filled in for this signal."""
    texts, reader = knowledge.texts, knowledge.staff.reader(signal.excluded)
    return texts.filled(handler=texts(f"handler.{reader}"), af=texts(f"handler.{reader}_short"))
