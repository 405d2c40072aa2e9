"""The story in the terminal."""

import io
from pathlib import Path

from rich.console import Console

from bot.commands.run import local_bot
from bot.local.demo import demo
from bot.local.story import FOR_REPORTER
from tests.bot.local.serving import Served, free_port


def transcript() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=100), out


async def test_story_ends_with_the_feedback_that_the_reporter_opened(tmp_path: Path):
    port, (console, out) = free_port(), transcript()
    async with local_bot(port, tmp_path):
        assert await demo(f"http://127.0.0.1:{port}", console) == 0

    told = out.getvalue()
    assert told.index("Nieuw signaal") < told.index("Status: opgepakt") < told.index("Status: overgedragen")
    assert FOR_REPORTER in told[told.rindex("Lees terugkoppeling") :]


async def test_story_that_gets_stuck_says_where_and_fails(echo: Served):
    console, out = transcript()

    assert await demo(echo.url, console, patience=0.2) == 1
    assert "Het verhaal stokt" in out.getvalue()


async def test_story_without_a_bot_says_how_to_start_one():
    console, out = transcript()

    assert await demo(f"http://127.0.0.1:{free_port()}", console) == 1
    assert "make run" in out.getvalue()
