"""The office on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import postgres
from tests.scenarios.office import Office, office


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/meldroute.db"
        return
    async with postgres.server().new_database() as url:
        yield url


@pytest.fixture
async def an_office(tmp_path: Path, database_url: str) -> AsyncIterator[Office]:
    async with office(tmp_path, database_url) as running:
        yield running
