"""A report from beginning to end, and what came of it: where transcripts of other things begin."""

from dialogs.conversation import Person
from dialogs.domain.notices import NoticeKind
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, knowledge
from tests.transcript import Talk, play

STORY = "Vier mannen aan de balie. Een vrouw van het uitzendbureau had alle paspoorten in haar tas."


def talk(memory: Memory, person: Person) -> Talk:
    return Talk(memory.unit_of_work, knowledge(), person, MONDAY)


async def report(robin: Talk, *, outcome_line: str = "Verstuurd: S-2026-0001") -> Talk:
    return await play(
        robin,
        f"""
        > melden
        < Is er nu direct gevaar?
        > [Nee]
        < Wat heb je gezien of gehoord?
        > Wat heb je gezien = {STORY}
        > [Volgende]
        < Dit las ik in je tekst
        > [x] Iemand anders (baas
        > [Volgende]
        < Is de persoon jonger dan 18 jaar?
        > [Nee]
        < Herken je dit ook?
        > [Volgende]
        < Waar was het?
        > Waar = balie Uden
        > [Volgende]
        < Klopt dit zo?
        > [Versturen naar de AF]
        < {outcome_line}
        """,
    )


async def notices(memory: Memory) -> list[tuple[NoticeKind, str]]:
    async with memory.unit_of_work() as uow:
        taken = await uow.outbox.claim(worker="test", now=MONDAY, lease_until=MONDAY, limit=50)
        return [(claimed.notice.kind, claimed.notice.recipient) for claimed in taken]
