"""One transaction over all stores."""

from types import TracebackType
from typing import Protocol, Self

from dialogs.ports.audit import Audit
from dialogs.ports.drafts import Drafts
from dialogs.ports.journal import Journal
from dialogs.ports.leases import Leases
from dialogs.ports.outbox import Outbox
from dialogs.ports.partners import Partners
from dialogs.ports.people import Cards, Desks, Nudges, People
from dialogs.ports.signals import Queue, Signals


class UnitOfWork(Protocol):
    """One transaction over all stores. Leaving it without commit() undoes everything."""

    @property
    def journal(self) -> Journal:
        """The activities that were taken in."""
        ...

    @property
    def drafts(self) -> Drafts:
        """The open drafts."""
        ...

    @property
    def signals(self) -> Signals:
        """The signals and their histories."""
        ...

    @property
    def queue(self) -> Queue:
        """The signals as lists."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What must reach somebody."""
        ...

    @property
    def leases(self) -> Leases:
        """What one worker at a time may do."""
        ...

    @property
    def people(self) -> People:
        """Who was seen, and where."""
        ...

    @property
    def nudges(self) -> Nudges:
        """How often people are nudged, and who wants none."""
        ...

    @property
    def cards(self) -> Cards:
        """The messages that show a signal."""
        ...

    @property
    def desks(self) -> Desks:
        """What officers set for themselves."""
        ...

    @property
    def partners(self) -> Partners:
        """What administrators changed in the directory."""
        ...

    @property
    def audit(self) -> Audit:
        """The audit log."""
        ...

    async def commit(self) -> None:
        """Make all changes of this unit last."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class UnitsOfWork(Protocol):
    """Makes units of work; each call a new transaction."""

    def __call__(self) -> UnitOfWork:
        """A new unit of work, to be entered once."""
        ...
