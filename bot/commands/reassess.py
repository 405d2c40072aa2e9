"""`meldroute reassess`: which stored signals this version of the criteria would weigh otherwise. Changes nothing."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.commands.knowledge import load_criteria
from bot.commands.stored import open_stored
from bot.commands.whose import settings_of
from bot.settings import SettingsInvalid
from dialogs.domain.criteria import Criteria, CriteriaInvalid
from dialogs.domain.signals import Signal
from dialogs.ports import AuditEntry
from dialogs.use_cases.reassess import Change, Weighed, changes
from dialogs.use_cases.watch import SYSTEM
from storage.codec import ContentUnreadable
from storage.engine import Database

#: How many signals are read in one transaction; SQLite keeps the bot waiting for no longer than that.
_PAGE = 500


async def run(municipality: str | None, as_json: bool, stdout: TextIO, stderr: TextIO, local: bool = False) -> int:
    """Write what would change, oldest signal first, without content; the exit status: 1 if something is wrong.

    With `municipality` only if the settings are those of that one. Raises SettingsInvalid.
    """
    settings = settings_of(local=local)
    if municipality is not None and municipality.strip().casefold() != settings.municipality.casefold():
        raise SettingsInvalid(f"--municipality {municipality}: deze instellingen zijn van {settings.municipality}")
    try:
        criteria = load_criteria()
        database = await open_stored(settings)
        try:
            looked_at, found = await _look(database, criteria, as_json, stdout, stderr)
            await _write_down(database, criteria, looked_at, found)
        finally:
            await database.close()
    except CriteriaInvalid as error:
        stderr.write(f"meldroute reassess: {error}\n")
        return 1
    except ContentUnreadable as error:
        raise SettingsInvalid(
            f"het sleutelbestand {settings.key_file} past niet bij de database. Zet het terug uit de back-up"
        ) from error
    stderr.write(f"Bekeken: {looked_at}. Anders met criteria {criteria.version}: {found}. Er is niets veranderd.\n")
    return 0


async def _look(
    database: Database, criteria: Criteria, as_json: bool, stdout: TextIO, stderr: TextIO
) -> tuple[int, int]:
    looked_at = found = 0
    columns = (TextColumn("signalen"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stderr), transient=True, disable=not stderr.isatty()) as progress:
        async with database.unit_of_work() as uow:
            task = progress.add_task("", total=await uow.signals.count())
        async with aclosing(_pages(database)) as pages:
            async for page in pages:
                changed = changes(page, criteria)
                stdout.writelines(_line(change) if as_json else _sentence(change) for change in changed)
                looked_at, found = looked_at + len(page), found + len(changed)
                progress.update(task, completed=looked_at)
    return looked_at, found


async def _pages(database: Database) -> AsyncGenerator[Sequence[Signal]]:
    """All signals in order of arrival; each page is a transaction of its own."""
    behind: Signal | None = None
    while True:
        async with database.unit_of_work() as uow:
            page = await uow.signals.page(behind, _PAGE)
        if page:
            yield page
        if len(page) < _PAGE:
            return
        behind = page[-1]


async def _write_down(database: Database, criteria: Criteria, looked_at: int, found: int) -> None:
    """Content was opened to be weighed: a line in the audit log."""
    async with database.unit_of_work() as uow:
        line = AuditEntry(
            datetime.now(UTC), SYSTEM, "signals_weighed_again", criteria.version, f"{found} of {looked_at}"
        )
        await uow.audit.append(line)
        await uow.commit()


def _line(change: Change) -> str:
    fields = {"reference": change.reference, "before": _fields(change.before), "after": _fields(change.after)}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _fields(weighed: Weighed) -> dict[str, str | list[str]]:
    return {
        "outcome": weighed.outcome,
        "forms": list(weighed.forms),
        "route": list(weighed.route),
        "criteria_version": weighed.criteria_version,
    }


def _sentence(change: Change) -> str:
    return f"{change.reference}  {_words(change.before)}  ->  {_words(change.after)}\n"


def _words(weighed: Weighed) -> str:
    forms = ",".join(weighed.forms) or "-"
    return f"{weighed.outcome} {forms} [{' '.join(weighed.route)}] (criteria {weighed.criteria_version})"
