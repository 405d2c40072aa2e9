import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dialogs.ports import UnitsOfWork
from tests.storage.factories import a_draft


@pytest.fixture(params=["Europe/Amsterdam", "America/New_York"])
def machine_elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine whose own clock is not in UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_elsewhere")
async def test_a_time_comes_back_as_the_same_moment_in_utc_wherever_the_machine_is(units: UnitsOfWork) -> None:
    amsterdam = datetime.fromisoformat("2026-07-01T09:00:00.000001+02:00")
    async with units() as uow:
        await uow.drafts.save(a_draft(started_at=amsterdam))
        draft = await uow.drafts.of("reporter-1")

    assert draft is not None
    assert draft.started_at == datetime(2026, 7, 1, 7, 0, 0, 1, tzinfo=UTC)
    assert draft.started_at.tzinfo == UTC
