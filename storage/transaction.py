"""What the stores work with: one transaction, on whichever database. SQLAlchemy's AsyncConnection is one as it is."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import CursorResult, Dialect, Engine, Executable

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Transaction(Protocol):
    """A transaction that begins with its first statement."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database; its `name` is "sqlite" or "postgresql"."""
        ...

    async def start(self) -> Any:
        """Take a connection, waiting for one if need be."""
        ...

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Execute a statement, for each of the parameters if there are several."""
        ...

    async def commit(self) -> None:
        """Make the changes last."""
        ...

    async def close(self) -> None:
        """Undo what was not committed and give the connection back."""
        ...


class Transactions(Protocol):
    """An engine: makes transactions."""

    @property
    def sync_engine(self) -> Engine:
        """SQLAlchemy's synchronous engine below it, which has the events."""
        ...

    def connect(self) -> Transaction:
        """A transaction, to be started."""
        ...

    async def dispose(self) -> None:
        """Close all connections."""
        ...
