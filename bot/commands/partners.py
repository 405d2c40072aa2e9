"""`meldroute partners`: the directory of a municipality as it would answer at a moment."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console
from rich.table import Table

from bot.municipalities import partners_as_shipped
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Contact, Directory, DirectoryInvalid, parse_directory
from dialogs.lookup import look_up

#: The exit status of a command that was asked something it cannot do.
_USAGE = 2


def run(query: str | None, at: str | None, municipality: str, as_json: bool, stdout: TextIO, stderr: TextIO) -> int:
    """Write who answers `query` at `at` (ISO 8601, without offset Amsterdam time; None is now), best first.

    Without a query everybody is listed. Return the exit status: 2 for a moment or a municipality that does not exist.
    """
    try:
        moment = _moment(at)
        directory = shipped_directory(municipality)
    except (ValueError, OverflowError) as error:
        stderr.write(f"meldroute partners: {error}\n")
        return 1 if isinstance(error, DirectoryInvalid) else _USAGE
    asked = (query or "").strip()
    if not asked:
        contacts = directory.overview(moment)
    else:
        answer = look_up(directory, asked, moment)
        contacts = answer.contacts
        if not answer.exact:
            stderr.write(f"Niemand gevonden voor: {asked}. Dit zijn de meest waarschijnlijke partners en 112.\n")
    if as_json:
        json.dump([_line(contact) for contact in contacts], stdout, ensure_ascii=False, indent=2)
        stdout.write("\n")
    else:
        _print(contacts, moment, stdout)
    return 0


def shipped_directory(municipality: str) -> Directory:
    """Read the file as shipped, by its name in any case. Raises ValueError for an unknown one, DirectoryInvalid."""
    try:
        return parse_directory(partners_as_shipped(municipality))
    except DirectoryInvalid:
        raise
    except ValueError as unknown:
        raise ValueError(f"--municipality {unknown}") from unknown


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"--at {at}: schrijf een tijd als 2026-12-24T17:30 of 2026-12-24T17:30+01:00") from error


def _line(contact: Contact) -> dict[str, str | bool | None]:
    partner = contact.partner
    return {
        "partner": partner.key,
        "name": partner.name,
        "number": contact.number,
        "open": contact.open,
        "until": contact.until.isoformat() if contact.until else None,
        "reason": contact.reason,
        "source": partner.source,
        "checked_on": partner.checked_on.isoformat() if partner.checked_on else None,
    }


def _print(contacts: Iterable[Contact], moment: datetime, stdout: TextIO) -> None:
    table = Table(title=f"Wie bel je op {moment.astimezone(AMSTERDAM):%d-%m-%Y om %H.%M} uur", title_justify="left")
    table.add_column("Wie", overflow="fold")
    table.add_column("Nummer", no_wrap=True)
    table.add_column("Nu", no_wrap=True)
    table.add_column("Uitleg", overflow="fold")
    for contact in contacts:
        partner = contact.partner
        checked = (
            f"Gecontroleerd op {partner.checked_on:%d-%m-%Y}." if partner.checked_on else "Nog niet gecontroleerd."
        )
        table.add_row(
            f"{partner.name}\n({partner.key})",
            contact.number or "geen",
            "open" if contact.open else "dicht",
            f"{contact.reason}\n{partner.role}\nBron: {partner.source}. {checked}",
        )
    Console(file=stdout, highlight=False, markup=False).print(table)
