"""Meldroute from its composition root, in local identity mode, without the try-out window.

`--count` fetches tokens from a source that counts, and counts statements and transactions: for counting, not timing.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from azure.core.credentials import AccessToken
from sqlalchemy import event

from bot.app import DATABASE, Identify, Identity, build_app, local_identity
from bot.governor import NO_LIMITS
from bot.log_setup import set_up_logs
from bot.settings import Settings, read_settings
from bot.teams.identity import AzureTokens
from storage.engine import Database
from storage.migrate import migrate
from tests.benchmarks.bots.serving import serve, stand_on_their_core
from tests.fake_connector import APP_ID, TENANT


class Counts:
    """What a run asked of Entra ID and of the database."""

    def __init__(self) -> None:
        self.tokens = 0
        self.statements: Counter[str] = Counter()
        self.transactions = 0

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        """A credential of azure-identity, as far as it is used."""
        self.tokens += 1
        return AccessToken("a-token", int(time.time()) + 3600)

    def identify(self, settings: Settings) -> Identify:
        """Local identity, but with tokens."""

        def of(session: ClientSession) -> Identity:
            local = local_identity(settings)(session)
            return replace(local, tokens=AzureTokens(lambda: self))  # pyright: ignore[reportArgumentType] - the part of a credential that is used

        return of

    def watch(self, database: Database) -> None:
        """Count from now on."""
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "begin", self._begin)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements[_kind(statement)] += 1

    def _begin(self, _connection: Any) -> None:
        self.transactions += 1

    def __call__(self) -> Mapping[str, object]:
        """As JSON data."""
        return {"tokens": self.tokens, "statements": dict(self.statements), "transactions": self.transactions}


def _kind(statement: str) -> str:
    """ "INSERT activities": the verb and the table."""
    words = statement.split()
    verb = words[0].upper()
    after = {"INSERT": "INTO", "DELETE": "FROM", "SELECT": "FROM"}.get(verb)
    upper = [word.upper() for word in words]
    place = upper.index(after) + 1 if after in upper else 1
    return f"{verb} {words[place].strip('(,;')}" if place < len(words) else verb


async def build(data: Path, url: str, service_url: str, counts: Counts | None) -> web.Application:
    """The bot, its tables up to date."""
    settings = read_settings(
        local=True,
        app_id=APP_ID,
        tenant_id=TENANT,
        service_url=service_url,
        database_url=url,
        key_file=data / "content.key",
        focal_officers={"00000000-0000-4000-8000-000000000001": "Anna"},
    )
    await migrate(url)
    identify = counts.identify(settings) if counts else local_identity(settings)
    app = await build_app(settings, identify, rates=NO_LIMITS)
    if counts:
        counts.watch(app[DATABASE])
    return app


async def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("url")
    parser.add_argument("service_url")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args()
    set_up_logs("INFO")
    counts = Counts() if options.count else None
    app = await build(options.data, options.url, options.service_url, counts)
    await serve(app, counts or dict)


if __name__ == "__main__":
    stand_on_their_core()
    asyncio.run(main())
