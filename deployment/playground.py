# ruff: noqa: INP001 - a script, not part of a package
"""Microsoft's Agents Playground as a second, outside client of the running bot: one for the reporter, one for the AF.

Run by `make playground` and by nothing else, with `make run` in another terminal. Its licence allows evaluation only
and it opens ports to the network, so it says so and asks first. It is fetched into a folder that is thrown away.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fetch_renderer import CannotFetch, npm

from bot.local.people import APP_ID, BOT_NAME, DEFAULT_PEOPLE, TENANT_ID, LocalPerson

PACKAGE = "@microsoft/m365agentsplayground"
VERSION = "0.2.28"
FIRST_PORT = 56150
#: It may be used by others at once, each with a screen of their own: a process is one person.
PEOPLE = DEFAULT_PEOPLE[:2]
#: The playground wants exactly five other users.
OTHERS = 5
QUIET = {
    "TEAMSAPPTESTER_BROWSER": "none",
    "APPLICATION_INSIGHTS_NO_STATSBEAT": "1",
}
NOTICE = f"""\
De Agents Playground is een programma van Microsoft (npm {PACKAGE} {VERSION}).

Licentie:   voorlopige software. Je mag het gebruiken om het te beoordelen en Microsoft feedback te geven.
            Je mag het niet delen, doorgeven of aan anderen aanbieden. De tekst staat in LICENSE in het pakket.
Open poort: het luistert op alle netwerkadressen van deze computer (poorten {{ports}}), zonder wachtwoord.
            Gebruik het alleen op een netwerk dat je vertrouwt, en met verzonnen gevallen.
Telemetrie: staat uit.
"""


class CannotPlay(Exception):
    """The playground cannot start; the message says what to do."""


@dataclass(frozen=True)
class Screen:
    """One person's playground."""

    person: LocalPerson
    port: int

    @property
    def url(self) -> str:
        """Where a browser opens it."""
        return f"http://127.0.0.1:{self.port}"

    def config(self) -> str:
        """Its `.m365agentsplayground.yml`; JSON is YAML too."""
        key = self.person.key
        return json.dumps(
            {
                "version": "0.1.1",
                "tenantId": TENANT_ID,
                "bot": {"id": APP_ID, "name": BOT_NAME},
                "currentUser": _user(key, self.person.name, self.person.object_id),
                "users": [
                    _user(f"{key}-{n}", f"Collega {n}", f"c01e0000-0000-4000-8000-00000000000{n}")
                    for n in range(OTHERS)
                ],
                "personalChat": {"id": f"playground-{key}"},
                "groupChat": {"id": f"playground-{key}-group", "name": "Groep"},
                "team": {
                    "id": f"playground-{key}-team",
                    "name": "Team",
                    "aadGroupId": "7ea50000-0000-4000-8000-000000000003",
                    "channels": [{"id": f"playground-{key}-channel", "name": "Kanaal"}],
                },
            },
            indent=2,
        )


def main() -> int:
    """Tell, ask, fetch, start; stop everything on Ctrl-C."""
    parser = argparse.ArgumentParser(description="Praat met Meldroute via de Agents Playground van Microsoft.")
    parser.add_argument("--yes", action="store_true", help="niet vragen of je door wilt gaan")
    parser.add_argument("--bot", default="http://127.0.0.1:3978", help="waar de bot draait (standaard: %(default)s)")
    asked = parser.parse_args()
    screens = [Screen(person, FIRST_PORT + number) for number, person in enumerate(PEOPLE)]
    _say(NOTICE.format(ports=" en ".join(str(screen.port) for screen in screens)))
    if not asked.yes and input("Doorgaan? [j/N] ").strip().casefold() not in {"j", "ja"}:
        return 0
    # A stop by another program ends like Ctrl-C: with everything that was started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _bot_is_there(asked.bot)
        _play(screens, asked.bot)
    except (CannotPlay, CannotFetch) as error:
        sys.stderr.write(f"De playground start niet: {error}\n")
        return 1
    except KeyboardInterrupt:
        _say("Gestopt.")
    return 0


def _play(screens: list[Screen], bot: str) -> None:
    for screen in screens:
        if _answers(screen.url):
            raise CannotPlay(f"poort {screen.port} is al in gebruik. Stop dat programma eerst.")
    with tempfile.TemporaryDirectory(prefix="meldroute-playground-") as name, contextlib.ExitStack() as running:
        folder = Path(name)
        _fetch(folder)
        processes = [running.enter_context(_started(screen, folder, bot)) for screen in screens]
        for screen in screens:
            _wait_for(screen, processes)
            _say(f"{screen.person.name}: open {screen.url}")
        _say("Ctrl-C stopt alles.")
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    raise CannotPlay("een van de twee programma's is gestopt.")


@contextlib.contextmanager
def _started(screen: Screen, folder: Path, bot: str) -> Generator[subprocess.Popen[bytes]]:
    """One playground, with everything it starts, until the end of the block."""
    home = folder / screen.person.key
    home.mkdir()
    (home / ".m365agentsplayground.yml").write_text(screen.config())
    start = ["start", "-e", f"{bot}/api/messages", "-c", "msteams", "-p", str(screen.port), "--disable-telemetry"]
    command = [*npm(), "exec", "--prefix", str(folder), "--offline", "--", "agentsplayground", *start]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - npm with arguments of our own
            command, cwd=home, env={**os.environ, **QUIET}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _fetch(folder: Path) -> None:
    _say(f"{PACKAGE} {VERSION} ophalen…")
    (folder / "package.json").write_text('{"private": true}')
    command = [*npm(), "install", "--ignore-scripts", "--no-audit", "--no-fund", f"{PACKAGE}@{VERSION}"]
    fetched = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - npm, as above
    if fetched.returncode:
        raise CannotPlay("npm kan het pakket niet ophalen. Kijk of er netwerk is en of npm goed is ingesteld.")


def _wait_for(screen: Screen, processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(120):
        if any(process.poll() is not None for process in processes):
            break
        if _answers(screen.url):
            return
        time.sleep(0.5)
    raise CannotPlay(f"het programma op poort {screen.port} geeft geen antwoord.")


def _bot_is_there(bot: str) -> None:
    if urlsplit(bot).hostname not in {"127.0.0.1", "localhost"}:
        raise CannotPlay("alleen met een bot op deze computer, die met --local draait.")
    if not _answers(bot):
        raise CannotPlay(f"Meldroute draait niet op {bot}. Start eerst in een ander venster: make run")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - an http address of this machine
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _user(user_id: str, name: str, object_id: str) -> dict[str, str]:
    first, _, rest = name.partition(" ")
    mail = f"{user_id}@example.org"
    return {
        "id": f"29:playground-{user_id}",
        "name": name,
        "userPrincipleName": mail,
        "aadObjectId": object_id,
        "givenName": first,
        "surname": rest or first,
        "email": mail,
    }


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
