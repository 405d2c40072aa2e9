"""The database of these settings, for a command that works on what is stored: makes nothing, not even a key."""

from pathlib import Path

from bot.settings import Settings, SettingsInvalid
from storage.engine import Database, DatabaseRefused, open_database
from storage.key_file import KeyFileRefused, open_key_file
from storage.migrate import current, fits, head

NEVER_RUN = "het oefenvenster heeft in deze map nog niet gedraaid. Start het eerst met `meldroute run --local`"


async def is_never_run(settings: Settings) -> bool:
    """Whether these are the settings of a try-out that has stored nothing yet; a look would make an empty file."""
    url = settings.database_url.get_secret_value()
    return settings.local and (not _file(url).exists() or await current(url) is None)


def _file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def open_stored(settings: Settings) -> Database:
    """The database, if it is there with its tables and its key. Raises SettingsInvalid, with the remedy."""
    url = settings.database_url.get_secret_value()
    try:
        if await is_never_run(settings):
            raise SettingsInvalid(NEVER_RUN)
        demand_tables(await current(url))
        if not settings.key_file.exists():
            # Opening it would make a new one.
            raise SettingsInvalid(
                f"het sleutelbestand {settings.key_file} is er niet, en zonder is niets te lezen. "
                "Zet MELDROUTE_KEY_FILE; de bot maakt het bij de eerste start"
            )
        return open_database(url, open_key_file(settings.key_file))
    except (DatabaseRefused, KeyFileRefused) as refused:
        raise SettingsInvalid(str(refused)) from refused


def demand_tables(revision: str | None) -> None:
    """Raises SettingsInvalid for tables that this version of Meldroute cannot work with."""
    if not fits(revision):
        found = f"de tabellen zijn op versie {revision}, niet op {head()}" if revision else "er zijn nog geen tabellen"
        raise SettingsInvalid(f"{found}: draai eerst `meldroute migrate`")
