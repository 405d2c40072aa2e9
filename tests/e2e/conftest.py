"""A browser as somebody's own, and Meldroute as `make run` starts it."""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.bot.local.serving import Served, free_port, served
from tests.e2e.window_page import WindowPage

CHECKOUT = Path(__file__).resolve().parents[2]
SCREENSHOTS = CHECKOUT / "build" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
#: No sandbox, as tests may run as root in a container; and none of Chromium's own calls to the outside.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS_TO_START = 90


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncGenerator[Page]:
    context = await browser.new_context(viewport=WIDE, locale="nl-NL", color_scheme="light")  # pyright: ignore[reportArgumentType] - a TypedDict
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def echo(tmp_path: Path) -> AsyncGenerator[Served]:
    async with served(tmp_path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def window(page: Page, echo: Served) -> WindowPage:
    window = WindowPage(page)
    await window.open(echo.url)
    return window


@pytest.fixture
def meldroute(tmp_path: Path) -> Generator[str]:
    """The address of a Meldroute of its own, with empty data."""
    with meldroute_process(tmp_path) as url:
        yield url


@contextmanager
def meldroute_process(data: Path) -> Generator[str]:
    """Meldroute as `make run` starts it, on the data in this folder; its address."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "run", "--local", "--port", str(port), "--data", str(data)]
    with (data / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/try-out/", process, data / "log")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until something answers, one look after the other."""
    for _ in range(SECONDS_TO_START * 4):
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - http, made above
                return
        except (URLError, ConnectionError):
            try:
                process.wait(timeout=0.25)
            except subprocess.TimeoutExpired:
                continue
            break
    raise AssertionError(f"Meldroute did not start:\n{log.read_text()}")
