"""A stock botbuilder echo with ConversationState, on the same storage engine as ours. README.md says what it is."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportIncompatibleMethodOverride=false
# - botbuilder ships no types

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, ConversationState, MessageFactory, Storage, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthenticationFactory
from sqlalchemy import Column, MetaData, Table, Text, select
from sqlalchemy.schema import CreateTable

from storage.engine import make_engine
from storage.transaction import Transaction, Transactions
from storage.upsert import insert
from tests.benchmarks.bots.serving import serve, stand_on_their_core

_STATE = Table("bot_state", MetaData(), Column("key", Text, primary_key=True), Column("data", Text, nullable=False))


class SqlStorage(Storage):
    """One row a key, JSON: one read and one write a turn. The last writer wins, as in the SDK's own samples."""

    def __init__(self, engine: Transactions) -> None:
        self._engine = engine

    async def read(self, keys: list[str]) -> dict[str, Any]:
        """The items that exist."""
        async with self._transaction() as transaction:
            rows = await transaction.execute(select(_STATE).where(_STATE.c.key.in_(keys)))
            return {row.key: json.loads(row.data) for row in rows}

    async def write(self, changes: dict[str, Any]) -> None:
        """Store these items."""
        async with self._transaction() as transaction:
            for key, item in changes.items():
                written = insert(_STATE).values(key=key, data=json.dumps(item))
                kept = written.on_conflict_do_update(index_elements=["key"], set_={"data": written.excluded.data})
                await transaction.execute(kept)
            await transaction.commit()

    async def delete(self, keys: list[str]) -> None:
        """Remove these items."""
        async with self._transaction() as transaction:
            await transaction.execute(_STATE.delete().where(_STATE.c.key.in_(keys)))
            await transaction.commit()

    async def create(self) -> None:
        """Make the table."""
        async with self._transaction() as transaction:
            await transaction.execute(CreateTable(_STATE))
            await transaction.commit()

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[Transaction]:
        transaction = self._engine.connect()
        await transaction.start()
        try:
            yield transaction
        finally:
            await transaction.close()


class Echo(ActivityHandler):
    """Says what was said and which turn of this conversation it was; keeps twelve answers, as a draft of ours does."""

    def __init__(self, state: ConversationState) -> None:
        self._state = state
        self._form = state.create_property("form")

    async def on_turn(self, turn_context: TurnContext) -> None:
        """One turn, then the state is saved."""
        await super().on_turn(turn_context)
        await self._state.save_changes(turn_context)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Keep the answer and say it."""
        form: Any = await self._form.get(turn_context, lambda: {"turn": 0})
        form["turn"] += 1
        text: Any = turn_context.activity.text
        form[f"answer_{form['turn'] % 12}"] = text
        await turn_context.send_activity(MessageFactory.text(f"Je zei: {text} (beurt {form['turn']})"))


async def main(database: str) -> None:
    """Serve on this SQLite file."""
    engine = make_engine(f"sqlite:///{database}")
    storage = SqlStorage(engine)
    await storage.create()
    adapter: Any = CloudAdapterBase(BotFrameworkAuthenticationFactory.create())  # pyright: ignore[reportAbstractUsage] - abstract in name only
    bot = Echo(ConversationState(storage))

    async def messages(request: web.Request) -> web.Response:
        # What botbuilder-integration-aiohttp's CloudAdapter.process does with a POST.
        activity = Activity().deserialize(await request.json())
        await adapter.process_activity(request.headers.get("Authorization", ""), activity, bot.on_turn)
        return web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    await serve(app)
    await engine.dispose()


if __name__ == "__main__":
    stand_on_their_core()
    asyncio.run(main(sys.argv[1]))
