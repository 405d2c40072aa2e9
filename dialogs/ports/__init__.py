"""What the core asks of the world: stores behind one unit of work, and a reader of free text; a module a store."""

from dialogs.ports.audit import Audit, AuditEntry
from dialogs.ports.drafts import Drafts
from dialogs.ports.failures import PATIENCE, Busy, Conflict, DraftUnreadable
from dialogs.ports.journal import Journal
from dialogs.ports.leases import Lease, Leases
from dialogs.ports.outbox import Claimed, Delivery, DeliveryState, Outbox, Sent
from dialogs.ports.partners import Partners
from dialogs.ports.people import Cards, Desks, Nudges, People
from dialogs.ports.signals import Queue, Signals
from dialogs.ports.suggester import Suggester
from dialogs.ports.unit_of_work import UnitOfWork, UnitsOfWork

__all__ = [
    "PATIENCE",
    "Audit",
    "AuditEntry",
    "Busy",
    "Cards",
    "Claimed",
    "Conflict",
    "Delivery",
    "DeliveryState",
    "Desks",
    "DraftUnreadable",
    "Drafts",
    "Journal",
    "Lease",
    "Leases",
    "Nudges",
    "Outbox",
    "Partners",
    "People",
    "Queue",
    "Sent",
    "Signals",
    "Suggester",
    "UnitOfWork",
    "UnitsOfWork",
]
