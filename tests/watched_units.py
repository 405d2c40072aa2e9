"""Units of work that tell of every call of a store, so that a test can hold it up at a moment or let it fail there."""

import inspect
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, cast

from dialogs.ports import UnitOfWork, UnitsOfWork

#: Told "signals.save" or "commit" just before the call, or just after it has answered.
Hook = Callable[[str], Awaitable[None]]


async def _nothing(_: str) -> None:
    pass


def watched(units: UnitsOfWork, *, before: Hook = _nothing, after: Hook = _nothing) -> UnitsOfWork:
    """The same units; an error that a hook raises comes out of the call."""

    def opened() -> UnitOfWork:
        return cast("UnitOfWork", _Watched(units(), before, after))

    return opened


class _Watched:
    """A unit of work, and each of its stores: whatever is asked of it is passed on."""

    def __init__(self, uow: UnitOfWork, before: Hook, after: Hook) -> None:
        self._uow, self._hooks = uow, (before, after)

    async def __aenter__(self) -> Self:
        await self._uow.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._uow.__aexit__(kind, error, trace)

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._uow, name)
        return _told(name, part, *self._hooks) if inspect.ismethod(part) else _Store(name, part, *self._hooks)


class _Store:
    def __init__(self, name: str, store: object, before: Hook, after: Hook) -> None:
        self._name, self._store, self._hooks = name, store, (before, after)

    def __getattr__(self, name: str) -> Any:
        return _told(f"{self._name}.{name}", getattr(self._store, name), *self._hooks)


def _told(name: str, call: Callable[..., Awaitable[Any]], before: Hook, after: Hook) -> Callable[..., Awaitable[Any]]:
    async def called(*values: Any, **named: Any) -> Any:
        await before(name)
        answer = await call(*values, **named)
        await after(name)
        return answer

    return called
