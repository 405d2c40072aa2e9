"""The partners of one municipality, and who of them answers a question."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dialogs.domain.partners.answer import Contact, LookUp, contact_at, instead_of
from dialogs.domain.partners.names import Names
from dialogs.domain.partners.partner import Partner
from dialogs.domain.partners.words import mentions_danger, words_of

EMERGENCY_KEY = "112"
#: A partner at least this good, measured by the best, is a good match too.
_AS_GOOD = 0.8
_GOOD = 0.3
_MOST = 3


class Directory:
    """All partners of a municipality in the order of its file; 112 is always one of them."""

    def __init__(self, municipality: str, partners: Iterable[Partner]) -> None:
        self.municipality = municipality
        self._partners = {partner.key: partner for partner in partners}
        self.names = Names(self._partners.values())

    def __getitem__(self, key: str) -> Partner:
        """The partner with this key. Raises KeyError."""
        return self._partners[key]

    def __iter__(self) -> Iterator[Partner]:
        return iter(self._partners.values())

    def __len__(self) -> int:
        return len(self._partners)

    def __contains__(self, key: object) -> bool:
        return key in self._partners

    def find(self, query: str, at: datetime) -> LookUp:
        """Who is meant, the number that works at the aware moment `at` first; a key of the directory is that partner.

        With danger 112 comes first. With nobody found, or nothing asked, the most likely partners and then 112.
        """
        danger = mentions_danger(query)
        matches = self._matches(query)
        keys = [EMERGENCY_KEY, *matches] if danger else matches or [*self._likely(query), EMERGENCY_KEY]
        urgent = self._contacts(keys[:1], at) if danger else ()
        rest = self._contacts(keys[1:] if danger else keys, at)
        return LookUp(query, _once((*urgent, *rest)), exact=bool(matches) or danger or not query.strip(), danger=danger)

    def overview(self, at: datetime) -> tuple[Contact, ...]:
        """Everybody in the order of the file, each closed partner preceded by its stand-in."""
        return _once(contact for partner in self for contact in self._group(partner, at))

    def _matches(self, query: str) -> list[str]:
        if (key := query.strip().casefold()) in self._partners:
            return [key]
        scores = self.names.scores(words_of(query))
        best = max(scores.values(), default=0)
        if best < _GOOD:
            return []
        good = [key for key in self._partners if scores.get(key, 0) >= best * _AS_GOOD]
        return sorted(good, key=lambda key: -scores[key])[:_MOST]

    def _likely(self, query: str) -> list[str]:
        others = [key for key in self._partners if key != EMERGENCY_KEY]
        alike = [key for key in self.names.nearest(words_of(query)) if key != EMERGENCY_KEY]
        return list(dict.fromkeys((*alike, *others)))[:_MOST]

    def _contacts(self, keys: Iterable[str], at: datetime) -> tuple[Contact, ...]:
        groups = [self._group(self[key], at) for key in keys]
        groups.sort(key=lambda group: not group[0].open)
        return tuple(contact for group in groups for contact in group)

    def _group(self, partner: Partner, at: datetime) -> tuple[Contact, ...]:
        own = contact_at(partner, at)
        if own.open or own.number is None:
            return (own,)
        stand_in = self._stand_in(partner, at)
        return (own,) if stand_in is None else (stand_in, own)

    def _stand_in(self, partner: Partner, at: datetime) -> Contact | None:
        """Who answers for a closed partner: its stand-in, or while that is closed too the next one."""
        seen = {partner.key}
        following = partner
        while following.stand_in is not None and following.stand_in not in seen:
            following = self[following.stand_in]
            seen.add(following.key)
            contact = contact_at(following, at)
            if contact.open:
                instead = instead_of(partner)
                return replace(contact, reason=f"{instead} {contact.reason}", state=f"{instead} {contact.state}")
        return None


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    first: dict[str, Contact] = {}
    for contact in contacts:
        first.setdefault(contact.partner.key, contact)
    return tuple(first.values())
