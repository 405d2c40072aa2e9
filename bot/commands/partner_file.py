"""`meldroute partners --export` and `--import`: the directory in force as a file, written as the shipped one is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.commands.stored import open_stored
from bot.knowledge import load_partner_file
from bot.settings import SettingsInvalid, read_settings
from dialogs.domain.partners import DirectoryFile, DirectoryInvalid, EntryInvalid, lay_over, read_file
from dialogs.ports import Conflict
from dialogs.use_cases.edit_partner import import_entries
from storage.engine import Database


async def run(export_to: Path | None, import_from: Path | None, stdout: TextIO, stderr: TextIO) -> int:
    """Write the directory in force to a file, or lay a file over it; the exit status: 1 if something is wrong.

    A file with a fault is not taken in at all. Raises SettingsInvalid.
    """
    settings = read_settings()
    try:
        file = None if import_from is None else _read(import_from)
        shipped = load_partner_file(settings.municipality)
        database = await open_stored(settings)
        try:
            if file is not None:
                _same_municipality(file, shipped)
                stdout.write(await _take_in(database, shipped, file))
            if export_to is not None:
                stdout.write(await _write(database, shipped, export_to))
        finally:
            await database.close()
    except (DirectoryInvalid, EntryInvalid) as invalid:
        stderr.write(f"meldroute partners: er is niets ingelezen. {invalid}\n")
    except UnicodeDecodeError:
        stderr.write(f"meldroute partners: er is niets ingelezen. {import_from} is geen tekst in UTF-8.\n")
    except Conflict:
        stderr.write("meldroute partners: iemand wijzigde intussen hetzelfde nummer. Probeer het nog een keer.\n")
    except OSError as error:
        raise SettingsInvalid(f"{error.filename}: dat bestand lukt niet ({error.strerror})") from error
    else:
        return 0
    return 1


def _same_municipality(file: DirectoryFile, shipped: DirectoryFile) -> None:
    """Raises DirectoryInvalid for the file of another municipality: its numbers would take the place of ours."""
    if file.municipality.casefold() != shipped.municipality.casefold():
        raise DirectoryInvalid((f"het bestand is van {file.municipality}, en dit is {shipped.municipality}",))


async def _take_in(database: Database, shipped: DirectoryFile, file: DirectoryFile) -> str:
    async with database.unit_of_work() as uow:
        changed = await import_entries(uow, shipped, file, datetime.now(UTC))
        await uow.commit()
    return f"Ingelezen: {', '.join(changed)}.\n" if changed else "Er was niets anders; niets ingelezen.\n"


async def _write(database: Database, shipped: DirectoryFile, target: Path) -> str:
    async with database.unit_of_work() as uow:
        now = lay_over(shipped, await uow.partners.newest())
    target.write_text(now.file.written(), "utf-8")  # noqa: ASYNC240 - a command serves nobody else meanwhile
    return f"Geschreven: {len(now.file.entries)} partners naar {target}.\n"


def _read(path: Path) -> DirectoryFile:
    return read_file(path.read_text("utf-8"))
