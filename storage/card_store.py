"""The messages that show a signal."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from dialogs.domain.addresses import CardAddress, CardSubject
from storage.tables import cards
from storage.transaction import Transaction
from storage.upsert import insert

_insert = insert(cards)
_REMEMBER = _insert.on_conflict_do_update(
    index_elements=["signal_id", "subject", "person"], set_={"message_id": _insert.excluded.message_id}
)
_OF = (
    select(cards)
    .where(cards.c.signal_id == bindparam("of_signal"), cards.c.subject == bindparam("of_subject"))
    .order_by(cards.c.person)
)

_FORGET = delete(cards).where(
    cards.c.signal_id == bindparam("of_signal"),
    cards.c.subject == bindparam("of_subject"),
    cards.c.person == bindparam("of_person"),
    cards.c.message_id == bindparam("of_message"),
)


class CardStore:
    """A `dialogs.ports.Cards`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def remember(self, card: CardAddress) -> None:
        """Store the newest message that shows this signal to this person."""
        values = {
            "signal_id": card.signal_id,
            "subject": card.subject.value,
            "person": card.person,
            "message_id": card.message_id,
        }
        await self._transaction.execute(_REMEMBER, values)

    async def of(self, signal_id: str, subject: CardSubject) -> Sequence[CardAddress]:
        """All messages that show this signal so, by person."""
        rows = await self._transaction.execute(_OF, {"of_signal": signal_id, "of_subject": subject.value})
        return [CardAddress(row.person, CardSubject(row.subject), row.signal_id, row.message_id) for row in rows]

    async def forget(self, card: CardAddress) -> None:
        """This message shows it no longer; nothing happens if a newer one does."""
        values = {
            "of_signal": card.signal_id,
            "of_subject": card.subject.value,
            "of_person": card.person,
            "of_message": card.message_id,
        }
        await self._transaction.execute(_FORGET, values)
