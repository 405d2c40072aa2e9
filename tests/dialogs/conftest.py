"""The stores in memory, and the chats of who reports and who handles signals."""

import pytest

from tests.dialogs.reporting import talk
from tests.fakes.unit_of_work import Memory
from tests.knowledge import OFFICER_ANNA, ROBIN
from tests.transcript import Talk


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def robin(memory: Memory) -> Talk:
    return talk(memory, ROBIN)


@pytest.fixture
def anna(memory: Memory) -> Talk:
    return talk(memory, OFFICER_ANNA)
