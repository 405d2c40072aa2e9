"""The window with an echo behind it, and a way to speak to it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest

from bot.local.people import DEFAULT_PEOPLE
from bot.local.window_client import WindowClient, open_window
from tests.bot.local.serving import Served, served

ROBIN, ANNA, BAS, KIM = DEFAULT_PEOPLE


@pytest.fixture
async def echo(tmp_path: Path) -> AsyncGenerator[Served]:
    async with served(tmp_path) as running:
        yield running


@pytest.fixture
async def http(echo: Served) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(echo.url) as session:
        yield session


@pytest.fixture
async def window(echo: Served) -> AsyncGenerator[WindowClient]:
    async with open_window(echo.url) as client:
        yield client
