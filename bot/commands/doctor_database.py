"""What `meldroute doctor` finds in the database: schema, key, what waits in it, and whom the bot can reach."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

from bot.commands.finding import Finding
from bot.commands.stored import NEVER_RUN, is_never_run
from bot.settings import Settings
from dialogs.domain.addresses import Address
from storage.engine import Database, DatabaseRefused, holds_content, open_database
from storage.health import StoredHealth
from storage.key_file import KeyFileRefused, open_key_file
from storage.migrate import current, fits, head


async def database_findings(settings: Settings) -> AsyncIterator[Finding]:
    """The findings, as far as one leads to the next. Makes nothing: not a file, and not a key."""
    url = settings.database_url.get_secret_value()
    try:
        if await is_never_run(settings):
            yield Finding("database", f"{NEVER_RUN}.")
            return
        version = await current(url)
    except DatabaseRefused as refused:
        yield Finding("database", f"{refused}. Controleer MELDROUTE_DATABASE_URL.")
        return
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own, and all mean the same here
        yield Finding("database", f"niet bereikbaar ({type(error).__name__}). Controleer MELDROUTE_DATABASE_URL.")
        return
    yield Finding("database")
    if not fits(version):
        yield Finding("tabellen", f"versie {version}, nodig is {head()}. Draai `meldroute migrate`.")
        return
    newer = f"versie {version} is nieuwer dan deze Meldroute ({head()}). Installeer ook hier de nieuwe versie."
    yield Finding(f"tabellen (versie {version})", "" if version == head() else newer, only_warning=True)
    if not settings.key_file.exists():
        yield await _no_key(settings, url)
        return
    try:
        database = open_database(url, open_key_file(settings.key_file))
    except KeyFileRefused as refused:
        yield Finding("sleutelbestand", str(refused))
        return
    yield Finding("sleutelbestand")
    try:
        async for finding in _contents(settings, database):
            yield finding
    finally:
        await database.close()


async def _no_key(settings: Settings, url: str) -> Finding:
    what = f"sleutelbestand {settings.key_file}"
    if await holds_content(url):
        return Finding(what, "is er niet, en zonder is niets te lezen. Zet het terug uit de back-up.")
    return Finding(
        what, "is er nog niet. De bot maakt het bij de eerste start: zet het dan in de back-up.", only_warning=True
    )


async def _contents(settings: Settings, database: Database) -> AsyncIterator[Finding]:
    handlers = {**settings.focal_officers, **settings.deputies, **settings.confidants}
    for finding in _waiting(settings, await database.health(tuple(handlers)), datetime.now(UTC)):
        yield finding
    people = {**handlers, **settings.administrators}
    async with database.unit_of_work() as uow:
        known = await uow.people.addresses(tuple(people))
        without_app = await uow.people.without_app(tuple(people))
    roles = (
        ("AF", settings.focal_officers),
        ("vervanger", settings.deputies),
        ("vertrouwenspersoon", settings.confidants),
        ("beheerder", settings.administrators),
    )
    for role, named in roles:
        for person, name in named.items():
            yield Finding(
                f"{role} {name}", _reach(known.get(person), person in without_app, settings), only_warning=True
            )
    if not settings.confidants:
        unread = "niemand genoemd, dus niemand mag een melding lezen die over elke AF kan gaan."
        yield Finding("vertrouwenspersonen", f"{unread} Zet MELDROUTE_CONFIDANTS.", only_warning=True)
    if not settings.administrators:
        nobody = "niemand genoemd, dus niemand houdt de nummers bij. Zet MELDROUTE_ADMINISTRATORS."
        yield Finding("beheerders", nobody, only_warning=True)


def _waiting(settings: Settings, health: StoredHealth, now: datetime) -> Iterator[Finding]:
    """What waits too long, with the same limits as /readyz."""
    refuses = "hij staat op alleen-lezen. Is de schijf van de server vol, of is dit een kopie?"
    yield Finding("wijzigingen in de database", refuses if health.read_only else "")
    notices, acute = _age(health.oldest_unsent, now), _age(health.oldest_acute, now)
    late = f"het oudste wacht {_minutes(notices)} minuten. Kijk met `meldroute outbox` waarom."
    yield Finding("berichten die wachten", late if _is_over(notices, settings.longest_notice_minutes) else "")
    calls = f"het oudste wacht {_minutes(acute)} minuten. Bel nu een AF."
    yield Finding("acute signalen die wachten", calls if _is_over(acute, settings.longest_acute_minutes) else "")
    dead = f"{health.dead_letters}. Kijk met `meldroute outbox` en verstuur ze opnieuw."
    yield Finding("berichten die niet aankwamen", dead if health.dead_letters else "", only_warning=True)
    nobody = f"{health.unhandled}. Zet iemand die het mag in MELDROUTE_CONFIDANTS, en start de bot opnieuw."
    yield Finding("signalen die niemand mag behandelen", nobody if health.unhandled else "")
    aside = (
        f"{health.drafts_aside}. Zet een ontbrekende sleutel terug in het sleutelbestand: dan komen ze vanzelf terug."
    )
    yield Finding("meldingen die niet opengaan", aside if health.drafts_aside else "", only_warning=True)


def _reach(address: Address | None, lacks_app: bool, settings: Settings) -> str:
    if lacks_app:
        installs = "Meldroute installeert hem zelf; lukt dat niet, zie" if settings.install_app else "Zie"
        return f"de app is niet geïnstalleerd. {installs} deployment/guide/melden.md, Wie de app nog niet heeft."
    if address is None:
        return "nog niet gezien in Teams. Laat deze persoon de app openen."
    return "" if address.reachable else "niet meer bereikbaar in Teams. Laat deze persoon de app weer openen."


def _age(since: datetime | None, now: datetime) -> timedelta:
    return timedelta(0) if since is None else now - since


def _is_over(age: timedelta, minutes: int) -> bool:
    return bool(minutes) and age > timedelta(minutes=minutes)


def _minutes(age: timedelta) -> int:
    return age // timedelta(minutes=1)
