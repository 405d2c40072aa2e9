"""`meldroute doctor`: is everything set up? One line each, with the remedy."""

from collections.abc import AsyncIterator, Iterator
from typing import TextIO

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.commands.doctor_database import database_findings
from bot.commands.finding import Finding
from bot.commands.knowledge import load_criteria, load_recogniser
from bot.commands.whose import settings_of
from bot.knowledge import load_directory, load_learning, load_texts
from bot.settings import Settings, SettingsInvalid
from dialogs.domain.partners import DirectoryInvalid
from dialogs.domain.yaml_lines import FileInvalid
from dialogs.texts import TextsInvalid

#: Seconds that the bot of this machine may take to say how it is.
_PATIENCE = ClientTimeout(total=5)


async def doctor(out: TextIO, local: bool = False) -> int:
    """Look at everything; the exit status.

    2 if the settings are wrong, 1 if something else is, 0 if all is well or only needs a look.
    """
    try:
        settings = settings_of(local=local)
        load_texts(settings)
    except (SettingsInvalid, TextsInvalid) as invalid:
        out.write(f"{Finding('instellingen', str(invalid))}\n")
        return 2
    wrong = False
    async for finding in _findings(settings):
        out.write(f"{finding}\n")
        wrong = wrong or bool(finding.remedy and not finding.only_warning)
    return 1 if wrong else 0


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield Finding("instellingen")
    for finding in _files(settings):
        yield finding
    for finding in _switched(settings):
        yield finding
    async for finding in database_findings(settings):
        yield finding
    yield await _running(settings)


def _files(settings: Settings) -> Iterator[Finding]:
    try:
        criteria = load_criteria()
        load_recogniser()
        load_learning()
    except FileInvalid as invalid:
        yield Finding("criteria en teksten", f"{_on_one_line(invalid)}. Herstel het bestand.")
    else:
        yield Finding(f"criteria en teksten (criteria versie {criteria.version})")
    yield Finding(
        "route arbeidsuitbuiting",
        "AVIM staat daar als overleg. Laat de gemeente de route vastleggen (bijlage 1 van het beleid).",
        only_warning=True,
    )
    try:
        directory = load_directory(settings.municipality)
    except DirectoryInvalid as invalid:
        yield Finding(f"partners van {settings.municipality}", f"{_on_one_line(invalid)}. Herstel het bestand.")
        return
    for partner in directory:
        if partner.missing:
            yield Finding(f"nummer van {partner.name}", partner.missing, only_warning=True)


def _on_one_line(fault: Exception) -> str:
    return " ".join(str(fault).split())


async def _running(settings: Settings) -> Finding:
    """Whether the bot of this machine runs and is well."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - is compared, not bound
    what = f"de bot op {host}:{settings.port}"
    try:
        async with (
            ClientSession(timeout=_PATIENCE) as session,
            session.get(f"http://{host}:{settings.port}/readyz") as answer,
        ):
            found: object = await answer.json()
    except (ClientError, TimeoutError, ValueError):
        return Finding(what, "antwoordt niet. Start hem met `meldroute run`, of kijk in zijn log.", only_warning=True)
    reasons = found.get("reasons", []) if isinstance(found, dict) else []  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - any JSON
    words = ", ".join(str(reason) for reason in reasons)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - as above
    return Finding(what, f"is niet in orde: {words}. Zie deployment/watching.md." if words else "")


def _switched(settings: Settings) -> Iterator[Finding]:
    """What is on and what is off: both are in order."""
    yield Finding(f"app installeren via Graph: {'aan' if settings.install_app else 'uit'}")
    yield Finding(f"telemetrie: {settings.telemetry_endpoint or 'uit'}")
