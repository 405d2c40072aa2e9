"""Who may do what: one table, asked by every use case."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is in this municipality. Everybody is an employee; settings name the rest by Entra object id."""

    EMPLOYEE = "employee"
    FOCAL_OFFICER = "focal_officer"
    #: Stands in for a focal officer who is away: may do the same, hears of signals only then.
    DEPUTY = "deputy"
    #: The vertrouwenspersoon: gets a signal only when no focal officer is left who may see it.
    CONFIDANT = "confidant"
    #: The beheerder: keeps the directory right. Sees no signal.
    ADMINISTRATOR = "administrator"


class Reader(StrEnum):
    """Whom a reporter may expect to read a signal."""

    OFFICER = "officer"
    CONFIDANT = "confidant"
    #: It waits until somebody is named who may.
    NOBODY = "nobody"


class Right(StrEnum):
    """An act that somebody may or may not do."""

    REPORT = "report"
    SEE_OWN_SIGNALS = "see_own_signals"
    #: Add to an own signal, or wish to withdraw it.
    FOLLOW_UP_OWN_SIGNALS = "follow_up_own_signals"
    #: Report on behalf of somebody who phoned, mailed or came by.
    REPORT_FOR_OTHERS = "report_for_others"
    LOOK_UP_NUMBER = "look_up_number"
    SEE_QUEUE = "see_queue"
    SEE_CONTENT = "see_content"
    HANDLE_SIGNAL = "handle_signal"
    EDIT_DIRECTORY = "edit_directory"
    #: Policy action 2.3 gives it to the AF.
    SET_NUDGES = "set_nudges"


_EVERYBODY = frozenset(
    {
        Right.REPORT,
        Right.SEE_OWN_SIGNALS,
        Right.FOLLOW_UP_OWN_SIGNALS,
        Right.REPORT_FOR_OTHERS,
        Right.LOOK_UP_NUMBER,
    }
)
_HANDLER = frozenset({Right.SEE_QUEUE, Right.SEE_CONTENT, Right.HANDLE_SIGNAL})

#: The policy table: policy annex 3 gives signals to the AF alone (domain note 5, row 7).
RIGHTS = MappingProxyType(
    {
        Role.EMPLOYEE: _EVERYBODY,
        Role.FOCAL_OFFICER: _EVERYBODY | _HANDLER | {Right.SET_NUDGES},
        Role.DEPUTY: _EVERYBODY | _HANDLER,
        Role.CONFIDANT: _EVERYBODY | _HANDLER,
        Role.ADMINISTRATOR: _EVERYBODY | {Right.EDIT_DIRECTORY},
    }
)


class NotAllowed(Exception):
    """Somebody asked for an act that their role does not give, or for a signal that is kept from them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an Entra object id and the roles that the settings give it."""

    id: str
    roles: frozenset[Role] = frozenset({Role.EMPLOYEE})

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives this right."""
        return any(right in RIGHTS[role] for role in self.roles)

    def demand(self, right: Right) -> None:
        """Raise NotAllowed unless one of the roles gives this right."""
        if not self.may(right):
            raise NotAllowed(right)


@dataclass(frozen=True, slots=True)
class Staff:
    """The people whom the settings name, by Entra object id, in the order of the settings."""

    focal_officers: tuple[str, ...]
    confidants: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()

    def actor(self, person: str) -> Actor:
        """The actor behind an Entra object id."""
        roles = {Role.EMPLOYEE}
        if person in self.focal_officers:
            roles.add(Role.FOCAL_OFFICER)
        if person in self.deputies:
            roles.add(Role.DEPUTY)
        if person in self.confidants:
            roles.add(Role.CONFIDANT)
        if person in self.administrators:
            roles.add(Role.ADMINISTRATOR)
        return Actor(person, frozenset(roles))

    def handlers(self, excluded: frozenset[str]) -> tuple[str, ...]:
        """Who may handle a signal: every officer and deputy it is not about, else the confidants it is not about."""
        officers = tuple(person for person in self.officers if person not in excluded)
        return officers or tuple(person for person in self.confidants if person not in excluded)

    def reader(self, excluded: frozenset[str]) -> Reader:
        """Who reads a signal that these people may not see."""
        handlers = self.handlers(excluded)
        if not handlers:
            return Reader.NOBODY
        return Reader.OFFICER if handlers[0] in self.officers else Reader.CONFIDANT

    def on_duty(self, excluded: frozenset[str], absent: Collection[str] = ()) -> tuple[str, ...]:
        """Who hears of a signal: the focal officers at work, and the deputies once one of the officers is missing.

        Where nobody is at work, everybody who may handle it: a message that waits is better than none.
        """
        handlers = self.handlers(excluded)
        officers = tuple(person for person in handlers if person in self.focal_officers and person not in absent)
        if len(officers) == len(self.focal_officers):
            return officers
        present = tuple(person for person in handlers if person not in absent)
        return present or handlers

    def wardens(self, excluded: frozenset[str]) -> tuple[str, ...]:
        """Who hears that nobody may handle a signal, and can name somebody: the administrators it is not about."""
        return tuple(person for person in self.administrators if person not in excluded)

    @property
    def officers(self) -> tuple[str, ...]:
        """The focal officers and their deputies, each once."""
        return tuple(dict.fromkeys((*self.focal_officers, *self.deputies)))

    @property
    def everybody(self) -> tuple[str, ...]:
        """Who may ever handle a signal: the officers and the confidants, each once."""
        return tuple(dict.fromkeys((*self.officers, *self.confidants)))

    @property
    def keepers(self) -> tuple[str, ...]:
        """Who hears that a number is wrong: the administrators, and where none is named the focal officers."""
        return self.administrators or self.focal_officers
