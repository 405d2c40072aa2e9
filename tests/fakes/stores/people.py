"""Who was seen and where, who is nudged, and which messages show a signal, in memory."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.nudges import Interval
from tests.fakes.stores.state import Store, dump, load, utc


class MemoryPeople(Store):
    """A `dialogs.ports.People`."""

    async def seen(self, address: Address) -> None:
        """Store or refresh where this person can be reached; they are reachable again."""
        self._state.people[address.person] = dump(replace(address, reachable=True))
        self._state.nudged.setdefault(address.person, utc(address.seen_at))

    async def address(self, person: str) -> Address | None:
        """Where this person can be reached."""
        return (await self.addresses([person])).get(person)

    async def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        """The known ones among these people."""
        known = self._state.people
        return {person: load(Address, known[person]) for person in people if person in known}

    async def unreachable(self, person: str) -> None:
        """Teams said that this person cannot be reached."""
        with suppress(KeyError):
            address = load(Address, self._state.people[person])
            self._state.people[person] = dump(replace(address, reachable=False))

    async def lacks_app(self, person: str, since: datetime) -> None:
        """Teams said that this person does not have the app."""
        self._state.without_app.setdefault(person, utc(since))

    async def without_app(self, people: Sequence[str]) -> dict[str, datetime]:
        """Those among these people who do not have the app and were not seen since."""
        seen = await self.addresses(people)
        known = self._state.without_app
        return {each: known[each] for each in people if each in known and not _seen_since(seen.get(each), known[each])}


def _seen_since(address: Address | None, moment: datetime) -> bool:
    return address is not None and address.seen_at >= moment


class MemoryNudges(Store):
    """A `dialogs.ports.Nudges`."""

    async def take(self, now: datetime, before: datetime, limit: int) -> Sequence[str]:
        """Reachable people who want them, whose last nudge was before that moment; it is now from here on."""
        waiting = sorted((at, person) for person, at in self._state.nudged.items() if at < before)
        known = {person: load(Address, self._state.people[person]) for _, person in waiting}
        refused = self._state.nudge_refusals
        people = [person for _, person in waiting if known[person].reachable and person not in refused][:limit]
        self._state.nudged.update(dict.fromkeys(people, utc(now)))
        return sorted(people)

    async def interval(self) -> Interval | None:
        """What was set last."""
        return load(Interval, self._state.nudge_intervals[-1]) if self._state.nudge_intervals else None

    async def set_interval(self, interval: Interval) -> None:
        """From now on this often."""
        self._state.nudge_intervals.append(dump(interval))

    async def refuse(self, person: str) -> None:
        """This person wants none."""
        self._state.nudge_refusals.add(person)

    async def allow(self, person: str) -> None:
        """This person wants them again."""
        self._state.nudge_refusals.discard(person)


class MemoryCards(Store):
    """A `dialogs.ports.Cards`."""

    async def remember(self, card: CardAddress) -> None:
        """Store the newest message that shows this signal to this person."""
        self._state.cards[card.signal_id, card.subject, card.person] = dump(card)

    async def of(self, signal_id: str, subject: CardSubject) -> Sequence[CardAddress]:
        """All messages that show this signal so, by person."""
        found = [card for key, card in sorted(self._state.cards.items()) if key[:2] == (signal_id, subject)]
        return [load(CardAddress, card) for card in found]

    async def forget(self, card: CardAddress) -> None:
        """This message shows it no longer; nothing happens if a newer one does."""
        key = (card.signal_id, card.subject, card.person)
        if self._state.cards.get(key) == dump(card):
            del self._state.cards[key]
