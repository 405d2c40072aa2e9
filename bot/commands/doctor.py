"""`meldroute doctor`: is everything set up? One line each, with the remedy."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TextIO

from bot.commands.knowledge import load_criteria, load_recogniser
from bot.knowledge import load_directory, load_learning, load_texts
from bot.settings import Settings, SettingsInvalid, read_settings
from dialogs.domain.criteria import CriteriaInvalid
from dialogs.domain.partners import DirectoryInvalid
from dialogs.learning import LearningInvalid
from dialogs.texts import TextsInvalid
from storage.engine import DatabaseRefused, open_database
from storage.key_file import KeyFileRefused, open_key_file
from storage.migrate import current, head


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    #: What to do about it; empty if it is in order.
    remedy: str = ""
    #: Meldroute works, but somebody should look at it.
    only_warning: bool = False

    def __str__(self) -> str:
        if not self.remedy:
            return f"goed     {self.what}"
        return f"{'let op' if self.only_warning else 'fout':<8} {self.what}: {self.remedy}"


async def doctor(out: TextIO) -> int:
    """Look at everything; exit status 1 if something is wrong, 0 if all is well or only needs a look."""
    wrong = False
    async for finding in _findings():
        out.write(f"{finding}\n")
        wrong = wrong or bool(finding.remedy and not finding.only_warning)
    return 1 if wrong else 0


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = read_settings()
    except SettingsInvalid as invalid:
        yield Finding("instellingen", str(invalid))
        return
    yield Finding("instellingen")
    for finding in _files(settings):
        yield finding
    async for finding in _database(settings):
        yield finding


def _files(settings: Settings) -> Iterator[Finding]:
    try:
        criteria = load_criteria()
        load_recogniser()
        load_texts(settings)
        load_learning()
    except (CriteriaInvalid, TextsInvalid, LearningInvalid, OSError) as invalid:
        yield Finding("criteria en teksten", f"{invalid} Herstel het bestand.")
    else:
        yield Finding(f"criteria en teksten (criteria versie {criteria.version})")
    yield Finding(
        "route arbeidsuitbuiting",
        "AVIM staat daar als overleg. Laat de gemeente de route vastleggen (bijlage 1 van het beleid).",
        only_warning=True,
    )
    try:
        directory = load_directory(settings.municipality)
    except (FileNotFoundError, DirectoryInvalid) as invalid:
        yield Finding(f"partners van {settings.municipality}", f"{invalid} Kies een gemeente die er is.")
        return
    for partner in directory:
        if partner.missing:
            yield Finding(f"nummer van {partner.name}", partner.missing, only_warning=True)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    url = settings.database_url.get_secret_value()
    try:
        version = await current(url)
        keys = open_key_file(settings.key_file)
        database = open_database(url, keys)
    except (DatabaseRefused, KeyFileRefused) as refused:
        yield Finding("database en sleutel", str(refused))
        return
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own, and all mean the same here
        yield Finding("database", f"niet bereikbaar ({type(error).__name__}). Controleer MELDROUTE_DATABASE_URL.")
        return
    if version != head():
        await database.close()
        yield Finding("tabellen", f"versie {version}, nodig is {head()}. Draai `meldroute migrate`.")
        return
    yield Finding("database, tabellen en sleutel")
    async with database.unit_of_work() as uow:
        known = await uow.people.addresses(tuple(settings.focal_officers))
    await database.close()
    for person, name in settings.focal_officers.items():
        reachable = person in known and known[person].reachable
        remedy = "nog niet gezien in Teams. Laat deze AF de app openen."
        yield Finding(f"AF {name}", "" if reachable else remedy, only_warning=True)
