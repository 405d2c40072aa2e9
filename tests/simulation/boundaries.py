"""Stands between the bot and its stores: each call and each commit can be watched or meddled with.

By name and not by port, so that what is added to a store is watched from that day on.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from dialogs.ports import UnitOfWork, UnitsOfWork
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class StoreCall:
    """A call that is about to be made."""

    #: "outbox.claim"; of the unit itself "begin", "commit" and "end".
    place: str
    #: The store, or the unit.
    owner: Any
    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    async def made(self, **changed: Any) -> Any:
        """Make it, with these arguments changed."""
        return await getattr(self.owner, self.name)(*self.args, **{**self.kwargs, **changed})


#: Makes a call, does something else in its place, or raises.
Around = Callable[[StoreCall], Awaitable[Any]]


class WatchedDatabase:
    """A `storage.engine.Database` whose units of work are watched."""

    def __init__(self, database: Database, around: Around) -> None:
        self._database = database
        self._around = around

    def unit_of_work(self) -> UnitOfWork:
        """A new unit of work."""
        return watched(self._database.unit_of_work, self._around)()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def watched(units: UnitsOfWork, around: Around) -> UnitsOfWork:
    """The same units of work, with each call going through `around`."""
    return lambda: _Unit(units(), around)  # pyright: ignore[reportReturnType] - it has the stores, by name


class _Unit:
    def __init__(self, unit: UnitOfWork, around: Around) -> None:
        self._unit = unit
        self._around = around

    async def commit(self) -> None:
        await self._around(StoreCall("commit", self._unit, "commit"))

    async def __aenter__(self) -> Self:
        await self._around(StoreCall("begin", self._unit, "__aenter__"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._around(StoreCall("end", self._unit, "__aexit__", (kind, error, trace)))

    def __getattr__(self, name: str) -> Any:
        return _Store(name, getattr(self._unit, name), self._around)


class _Store:
    def __init__(self, name: str, store: Any, around: Around) -> None:
        self._name = name
        self._store = store
        self._around = around

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        return lambda *args, **kwargs: self._around(StoreCall(f"{self._name}.{name}", self._store, name, args, kwargs))
