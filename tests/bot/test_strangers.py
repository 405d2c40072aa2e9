"""Somebody who must hear something and never opened the app."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientSession

from bot.sender import NoticeSender, Strangers
from bot.teams.connector import ConnectorClient
from bot.teams.errors import DeliveryFailed, Permanent, Retryable, Unreachable
from bot.teams.identity import NoTokens
from dialogs.domain.access import Staff
from dialogs.domain.addresses import Address
from dialogs.domain.notices import Notice, NoticeKind
from tests.fake_connector import BOT_ID, TENANT, Account, FakeConnector
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, knowledge
from tests.storage.factories import a_signal

Install = Callable[[str], Awaitable[None]]


@dataclass
class Desk:
    """A sender, and Anna who does not have the app."""

    memory: Memory
    connector: FakeConnector
    anna: Account
    sender: NoticeSender
    installed: list[str] = field(default_factory=list[str])

    async def tells_anna(self) -> None:
        await self.sender.send(
            Notice("notice-1", NoticeKind.SIGNAL_FOR_OFFICER, self.anna.person, "signal-1", MONDAY, {})
        )

    async def without_app(self) -> bool:
        async with self.memory.unit_of_work() as uow:
            return self.anna.person in await uow.people.without_app([self.anna.person])

    @property
    def messages(self) -> int:
        return len(self.connector.messages(self.anna.conversation_id))


@asynccontextmanager
async def a_desk(install: Install | None = None) -> AsyncGenerator[Desk]:
    memory = Memory()
    async with memory.unit_of_work() as uow:
        await uow.signals.add(a_signal())
        await uow.commit()
    async with FakeConnector() as connector, ClientSession() as session:
        anna = connector.account("Anna")
        connector.close(anna.conversation_id)
        strangers = Strangers(connector.service_url, TENANT, BOT_ID, install)
        client = ConnectorClient(session, NoTokens())
        known = replace(knowledge(), staff=Staff((anna.person,)))
        yield Desk(
            memory,
            connector,
            anna,
            NoticeSender(memory.unit_of_work, client, known, lambda: MONDAY, strangers),
        )


async def test_who_lacks_the_app_is_remembered_as_such() -> None:
    async with a_desk() as desk:
        with pytest.raises(Unreachable, match="403 ForbiddenOperationException"):
            await desk.tells_anna()

        assert await desk.without_app()


async def test_where_it_is_allowed_the_app_is_installed_and_the_notice_sent_after_that() -> None:
    installed: list[str] = []

    async def install(person: str) -> None:
        installed.append(person)
        desk.connector.reopen(desk.anna.conversation_id)

    async with a_desk(install) as desk:
        with pytest.raises(Retryable, match="just_installed"):
            await desk.tells_anna()
        assert desk.messages == 0

        await desk.tells_anna()

        assert installed == [desk.anna.person]
        assert desk.messages == 1
        assert not await desk.without_app()


@pytest.mark.parametrize(
    ("failure", "kind"), [(Permanent(status=403, code="Forbidden"), Unreachable), (Retryable(60), Retryable)], ids=str
)
async def test_an_installation_that_fails_ends_or_is_tried_again(
    failure: DeliveryFailed, kind: type[DeliveryFailed]
) -> None:
    async def install(_person: str) -> None:
        raise failure

    async with a_desk(install) as desk:
        with pytest.raises(kind):
            await desk.tells_anna()

        assert await desk.without_app()


async def test_who_removed_the_app_does_not_get_it_back() -> None:
    async def install(_person: str) -> None:
        raise AssertionError("nobody asked for it")

    async with a_desk(install) as desk:
        async with desk.memory.unit_of_work() as uow:
            account, url = desk.anna, desk.connector.service_url
            await uow.people.seen(
                Address(account.person, "Anna", account.conversation_id, url, TENANT, "29:1", BOT_ID, MONDAY)
            )
            await uow.people.unreachable(account.person)
            await uow.commit()

        with pytest.raises(Unreachable):
            await desk.tells_anna()
        assert not await desk.without_app()
