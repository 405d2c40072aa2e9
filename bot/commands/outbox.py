"""`meldroute outbox`: what was not delivered, without a word of what it says, and sending it again."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TextIO

from rich.console import Console
from rich.table import Table

from bot.commands.stored import open_stored
from bot.commands.whose import settings_of
from dialogs.ports import Delivery, DeliveryState, UnitOfWork
from dialogs.use_cases.delivery import put_back

_MOST = 500
_WIDTH = 200
_STATES = {DeliveryState.FAILED: "mislukt", DeliveryState.PENDING: "wacht"}


async def show(stdout: TextIO, local: bool = False) -> int:
    """List the dead letters and what still has to be sent; the exit status. Raises SettingsInvalid."""

    async def read(uow: UnitOfWork) -> int:
        dead, waiting = await uow.outbox.dead_letters(_MOST), await uow.outbox.waiting(_MOST)
        if not dead and not waiting:
            stdout.write("Alles is bezorgd.\n")
            return 0
        Console(file=stdout, width=_WIDTH).print(_table((*dead, *waiting), datetime.now(UTC)))
        if dead:
            stdout.write("Verhelp eerst de oorzaak. Verstuur daarna opnieuw: meldroute outbox resend ID, of --all.\n")
        return 0

    return await _with_outbox(read, local)


async def resend(notice_id: str | None, stdout: TextIO, stderr: TextIO, local: bool = False) -> int:
    """Put a dead letter back, or all of them; 1 if there is none. The bot sends it within seconds.

    Raises SettingsInvalid.
    """

    async def act(uow: UnitOfWork) -> int:
        count = await put_back(uow, datetime.now(UTC), notice_id)
        await uow.commit()
        if not count and notice_id is not None:
            stderr.write(f"meldroute outbox: er is geen mislukt bericht {notice_id}. `meldroute outbox` noemt ze.\n")
            return 1
        stdout.write(f"Wordt opnieuw verstuurd: {count}.\n")
        return 0

    return await _with_outbox(act, local)


async def _with_outbox(act: Callable[[UnitOfWork], Awaitable[int]], local: bool) -> int:
    database = await open_stored(settings_of(local=local))
    try:
        async with database.unit_of_work() as uow:
            return await act(uow)
    finally:
        await database.close()


def _table(deliveries: Iterable[Delivery], now: datetime) -> Table:
    table = Table("staat", "soort", "oud", "pogingen", "reden", "id", box=None, pad_edge=False)
    for each in deliveries:
        age = _in_words(now - each.notice.created_at)
        table.add_row(_STATES[each.state], each.notice.kind.value, age, str(each.tries), each.reason, each.notice.id)
    return table


def _in_words(age: timedelta) -> str:
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min"
    return f"{age // timedelta(hours=1)} uur" if age < timedelta(days=2) else f"{age.days} dagen"
