import asyncio
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge import load_partner_file
from bot.partner_refresh import PartnerRefresh
from dialogs.domain.access import Staff
from dialogs.domain.notices import NoticeKind
from dialogs.domain.partners import Change, PartnerEdit, lay_over, read_file
from dialogs.knowledge import CurrentPartners
from tests.fakes.fake_time import FakeTime, settle
from tests.fakes.unit_of_work import Memory, MemoryUnitOfWork
from tests.knowledge import ADMINISTRATOR, MONDAY, STAFF

SHIPPED = load_partner_file("maashorst")


class Replica:
    """One of several bots on a database that can be taken away."""

    def __init__(self, memory: Memory, folder: Path, *, staff: Staff = STAFF) -> None:
        self.memory = memory
        self.away = False
        self.woken = 0
        self.partners = CurrentPartners(lay_over(SHIPPED))
        self.time = FakeTime(MONDAY)
        self.copy = folder / "last.yaml"
        self.refresh = PartnerRefresh(
            self._unit, self.partners, staff, self.time, last_known=self.copy, wake=self._wake, sleep=self.time.sleep
        )

    @property
    def number(self) -> str:
        return self.partners.now.directory["avim"].numbers[0].number

    def _wake(self) -> None:
        self.woken += 1

    def _unit(self) -> MemoryUnitOfWork:
        if self.away:
            raise ConnectionError("away")
        return self.memory.unit_of_work()


@asynccontextmanager
async def running(replica: Replica) -> AsyncGenerator[None]:
    task = asyncio.create_task(replica.refresh.run())
    try:
        await settle()
        yield
    finally:
        task.cancel()


async def somebody_saves(memory: Memory, number: str, version: int) -> None:
    entry = {**SHIPPED.entries["avim"], "numbers": [{"number": number, "hours": "24/7"}]}
    edit = PartnerEdit("avim", version, MONDAY, ADMINISTRATOR, Change.EDITED, entry, SHIPPED.entries["avim"])
    async with memory.unit_of_work() as uow:
        await uow.partners.add(edit)
        await uow.commit()


async def test_a_replica_follows_within_five_seconds_and_survives_a_database_that_goes_away(tmp_path: Path) -> None:
    memory = Memory()
    replica = Replica(memory, tmp_path)
    async with running(replica):
        await somebody_saves(memory, "088-9630321", 1)
        assert replica.number == "088-9630320"
        await replica.time.pass_by(5)
        assert (replica.number, replica.partners.away) == ("088-9630321", False)

        replica.away = True
        await somebody_saves(memory, "088-9630322", 2)
        await replica.time.pass_by(20)
        assert (replica.number, replica.partners.away) == ("088-9630321", True)

        replica.away = False
        await replica.time.pass_by(5)
        assert (replica.number, replica.partners.away) == ("088-9630322", False)


async def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    replica = Replica(Memory(), tmp_path)
    await replica.refresh.refresh()
    before = replica.partners.now
    await replica.refresh.refresh()
    assert replica.partners.now is before


async def test_a_replica_that_starts_without_a_database_answers_with_the_last_known_numbers(tmp_path: Path) -> None:
    memory = Memory()
    await somebody_saves(memory, "088-9630321", 1)
    await Replica(memory, tmp_path).refresh.refresh()

    late = Replica(memory, tmp_path)
    late.away = True
    late.refresh.start_from_copy()
    await late.refresh.refresh()

    assert (late.number, late.partners.away) == ("088-9630321", True)
    assert stat.S_IMODE(late.copy.stat().st_mode) == 0o600
    assert read_file(late.copy.read_text("utf-8")) == late.partners.now.file
    assert not list(tmp_path.glob(".*"))  # noqa: ASYNC240 - a folder of a test


@pytest.mark.parametrize("content", [None, b"", b"partners: [", b"\xff\xfe", b"municipality: x"])
async def test_a_copy_that_cannot_be_read_leaves_the_shipped_numbers(tmp_path: Path, content: bytes | None) -> None:
    replica = Replica(Memory(), tmp_path)
    if content is not None:
        replica.copy.write_bytes(content)
    replica.refresh.start_from_copy()
    assert replica.number == "088-9630320"


async def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    replica = Replica(Memory(), tmp_path / "nowhere")
    await replica.refresh.refresh()
    assert replica.partners.away is False


async def test_each_administrator_gets_the_digest_once_a_month_from_all_replicas_together(tmp_path: Path) -> None:
    memory = Memory()
    staff = replace(STAFF, administrators=(ADMINISTRATOR, "administrator-2"))
    one, other = Replica(memory, tmp_path, staff=staff), Replica(memory, tmp_path, staff=staff)
    for replica in (one, other, one):
        await replica.refresh.refresh()

    assert [(notice.kind, notice.recipient) for notice in memory.notices] == [
        (NoticeKind.PARTNERS_DUE, ADMINISTRATOR),
        (NoticeKind.PARTNERS_DUE, "administrator-2"),
    ]
    assert one.woken == 1


async def test_without_an_administrator_there_is_no_digest(tmp_path: Path) -> None:
    memory = Memory()
    await Replica(memory, tmp_path, staff=replace(STAFF, administrators=())).refresh.refresh()
    assert memory.notices == []
