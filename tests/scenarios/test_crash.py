"""A real kill -9: what was told is there after a restart, once."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from storage.engine import open_database
from storage.key_file import open_key_file
from tests.fake_connector import FakeConnector, answers
from tests.scenarios.office import BotProcess, Office


async def number_of_signals(data: Path, url: str, reporter: str) -> int:
    database = open_database(url, open_key_file(data / "content.key"))
    try:
        async with database.unit_of_work() as uow:
            assert await uow.audit.broken_at() is None
            return len(await uow.signals.of_reporter(reporter, 10))
    finally:
        await database.close()


@pytest.mark.parametrize("same_press_again", [False, True], ids=["left alone", "pressed again"])
async def test_a_bot_killed_right_after_sending_keeps_one_signal_and_tells_everybody_once(
    tmp_path: Path, database_url: str, same_press_again: bool
) -> None:
    async with FakeConnector() as connector, ClientSession() as session:
        bot = BotProcess(tmp_path, database_url, connector)
        try:
            office = Office(connector, await bot.start(), session)
            robin, anna = office.person("Robin"), office.person("Anna")
            await anna.installs()
            await robin.says("melden")
            await robin.presses("Nee")
            robin.fills("Wat heb je gezien of gehoord?", "De baas heeft alle paspoorten van de mannen in zijn tas.")
            await robin.presses("Volgende")
            connector.fails(answers(503), times=None)
            await robin.presses("Nu versturen zoals het is")
            await bot.kill()
            connector.heals()
            assert "Je melding is ontvangen" not in robin.screen

            after = Office(connector, await bot.start(), session)
            robin.bot_url = after.bot_url
            if same_press_again:
                await robin.repeats(new_id=True)
                assert "Verstuurd: S-2026-0001" in str(robin.answer)
            await robin.hears("Je melding is ontvangen: S-2026-0001", within=60)
            await anna.hears("Nieuw signaal S-2026-0001", within=60)
        finally:
            await bot.kill()

        assert robin.screen.count("Je melding is ontvangen") == 1
        assert anna.screen.count("Nieuw signaal") == 1
        assert await number_of_signals(tmp_path, database_url, robin.account.person) == 1


async def test_a_draft_outlives_a_kill(tmp_path: Path, database_url: str) -> None:
    async with FakeConnector() as connector, ClientSession() as session:
        bot = BotProcess(tmp_path, database_url, connector)
        try:
            robin = Office(connector, await bot.start(), session).person("Robin")
            await robin.says("melden")
            await robin.presses("Nee")
            robin.fills("Wat heb je gezien of gehoord?", "Een verhaal dat niet weg mag zijn.")
            await robin.presses("Volgende")
            await bot.kill()

            robin.bot_url = await bot.start()
            await robin.says("verder")
            await robin.presses("Terug")
        finally:
            await bot.kill()

        assert robin.card.value("Wat heb je gezien of gehoord?") == "Een verhaal dat niet weg mag zijn."
