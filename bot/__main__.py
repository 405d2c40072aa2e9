"""`meldroute`, also `python -m bot`: every command in one place, each a few lines to the code that does it."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import SettingsInvalid
from dialogs.domain.yaml_lines import FileInvalid

#: For the commands that look at what is stored.
OfTheTryOut = Annotated[bool, typer.Option("--local", help="Op de gegevens van het oefenvenster, in var/.")]

app = typer.Typer(
    name="meldroute",
    help="Meldroute: een signaal van mogelijke mensenhandel melden, behandelen en terugkoppelen in Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    local: Annotated[bool, typer.Option("--local", help="Zonder Azure en Teams, met het oefenvenster.")] = False,
    port: Annotated[int | None, typer.Option(help="Poort; standaard 3978.")] = None,
    data: Annotated[str, typer.Option(help="Map voor de gegevens van --local.")] = "var",
) -> None:
    """Start de bot."""
    from bot.commands.run import run as start  # noqa: PLC0415 - the look-up commands start without web server or SDK

    raise typer.Exit(start(local=local, port=port, data=data))


@app.command()
def demo() -> None:
    """Het hele verhaal in de terminal: van melding tot terugkoppeling."""
    from bot.commands.run import demo as play  # noqa: PLC0415 - as above

    raise typer.Exit(asyncio.run(play()))


@app.command()
def migrate() -> None:
    """Breng de tabellen van de database op de laatste versie (als eigenaar)."""
    from bot.commands.run import migrate as bring_up_to_date  # noqa: PLC0415 - as above

    raise typer.Exit(asyncio.run(bring_up_to_date()))


@app.command()
def doctor(local: OfTheTryOut = False) -> None:
    """Is alles ingesteld? Een regel per punt, met wat je eraan doet."""
    from bot.commands.doctor import doctor as examine  # noqa: PLC0415 - as above

    raise typer.Exit(asyncio.run(examine(sys.stdout, local)))


@app.command()
def recognise() -> None:
    """Lees JSON-regels {"id","text"}; schrijf welke criteria in elke tekst staan."""
    from bot.commands import recognise as command  # noqa: PLC0415 - loads the word lists

    raise typer.Exit(command.run(sys.stdin, sys.stdout, sys.stderr))


@app.command()
def assess() -> None:
    """Lees JSON-regels {"id","criteria","minor","acute"}; schrijf de weging."""
    from bot.commands import assess as command  # noqa: PLC0415 - loads the criteria

    raise typer.Exit(command.run(sys.stdin, sys.stdout, sys.stderr))


@app.command()
def reassess(
    municipality: Annotated[str | None, typer.Option(help="Alleen als de instellingen van deze gemeente zijn.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON-regels.")] = False,
    local: OfTheTryOut = False,
) -> None:
    """Welke signalen wegen anders met de criteria van deze versie? Er verandert niets en er staat geen inhoud in."""
    from bot.commands import reassess as command  # noqa: PLC0415 - needs settings and database

    raise typer.Exit(asyncio.run(command.run(municipality, as_json, sys.stdout, sys.stderr, local)))


@app.command()
def partners(
    query: Annotated[str | None, typer.Argument(help="Wie zoek je? Leeg: iedereen.")] = None,
    at: Annotated[str | None, typer.Option(help="Moment (ISO 8601); standaard nu.")] = None,
    municipality: Annotated[str, typer.Option(help="Gemeente.")] = "maashorst",
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON.")] = False,
    export_to: Annotated[Path | None, typer.Option("--export", help="Schrijf wat nu geldt naar dit bestand.")] = None,
    import_from: Annotated[Path | None, typer.Option("--import", help="Lees dit bestand in.")] = None,
) -> None:
    """Wie bel je, en op welk nummer werkt het op dat moment. Met --export en --import: de nummers als bestand."""
    if export_to or import_from:
        from bot.commands import partner_file  # noqa: PLC0415 - needs settings and database, which a look-up does not

        raise typer.Exit(asyncio.run(partner_file.run(export_to, import_from, sys.stdout, sys.stderr)))
    from bot.commands import partners as command  # noqa: PLC0415 - loads the directory

    raise typer.Exit(command.run(query, at, municipality, as_json, sys.stdout, sys.stderr))


outbox = typer.Typer(help="Wat nog niet is bezorgd; met resend verstuur je het opnieuw.", no_args_is_help=False)
app.add_typer(outbox, name="outbox")


@outbox.callback(invoke_without_command=True)
def list_outbox(context: typer.Context, local: OfTheTryOut = False) -> None:
    """Wat mislukte en wat nog wacht: soort, leeftijd, reden en id; nooit wat er in staat."""
    if context.invoked_subcommand is None:
        from bot.commands import outbox as command  # noqa: PLC0415 - needs settings and database

        raise typer.Exit(asyncio.run(command.show(sys.stdout, local)))


@outbox.command()
def resend(
    notice_id: Annotated[str | None, typer.Argument(metavar="ID", help="Het id uit de lijst.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alles wat mislukte.")] = False,
    local: OfTheTryOut = False,
) -> None:
    """Verstuur opnieuw wat mislukte."""
    from bot.commands import outbox as command  # noqa: PLC0415 - as above

    if (notice_id is None) is not everything:
        sys.stderr.write("meldroute outbox resend: geef een id, of --all.\n")
        raise typer.Exit(2)
    raise typer.Exit(asyncio.run(command.resend(notice_id, sys.stdout, sys.stderr, local)))


def main() -> None:
    """Run the command line; a wrong setting or file is one line with the remedy and exit status 2."""
    try:
        app()
    except (SettingsInvalid, FileInvalid) as invalid:
        sys.stderr.write(f"meldroute: {' '.join(str(invalid).split())}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
