"""What officers set for themselves: being away, the hour of the digest; and their lines for the talk with partners."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dialogs.domain.access import Actor, Right, Staff
from dialogs.domain.desk import Desk, TalkNote
from dialogs.domain.free_text import accepted
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.ports import AuditEntry, UnitOfWork

#: Nobody is away for longer in one go: who stays away longer is taken out of the settings.
LONGEST_ABSENCE = timedelta(days=366)
MOST_TALK_NOTE = 1000


class NotThatLong(Exception):
    """The moment of coming back is past, or further away than an absence lasts."""


@dataclass(frozen=True, slots=True)
class Desks:
    """An officer at the own desk, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    staff: Staff
    now: datetime

    async def mine(self) -> Desk:
        """The desk. Raises NotAllowed."""
        self.actor.demand(Right.HANDLE_SIGNAL)
        return await self.uow.desks.of(self.actor.id)

    async def go_away(self, until: datetime) -> Sequence[str]:
        """Be away until then: colleagues and deputies hear it, and who is at work in one's place is the answer.

        Said again while it is so already, it is told to nobody again.

        Raises NotAllowed, NotThatLong.
        """
        desk = await self.mine()
        if not self.now < until <= self.now + LONGEST_ABSENCE:
            raise NotThatLong(until)
        await self.uow.desks.save(replace(desk, absent_until=until))
        await self._audit("officer_away")
        absent = await self.uow.desks.absent(self.now)
        present = [person for person in self.staff.on_duty(frozenset(), absent) if person not in absent]
        if desk.absent_until == until:
            return present
        for person in present:
            # With the moment: who came back in between and goes away again until then is told of again.
            notice_id = ".".join((NoticeKind.DIGEST, person, self.actor.id, until.isoformat(), self.now.isoformat()))
            detail = {"away": self.actor.id}
            await self.uow.outbox.put(Notice(notice_id, NoticeKind.DIGEST, person, "", self.now, detail))
        return present

    async def come_back(self) -> None:
        """Be at work again. Raises NotAllowed."""
        await self.uow.desks.save(replace(await self.mine(), absent_until=None))
        await self._audit("officer_back")

    async def digest_at(self, minute: int) -> None:
        """Get the digest at this minute of the day, from the next one on. Raises NotAllowed, ValueError."""
        if not 0 <= minute < 24 * 60:
            raise ValueError("a day has 1440 minutes")
        await self.uow.desks.save(replace(await self.mine(), digest_minute=minute, digest_due_at=None))

    async def note_for_talk(self, note_id: str, raw: str) -> None:
        """Keep a line for the talk, once for each id, which the form gives. Raises NotAllowed, TextRefused."""
        self.actor.demand(Right.HANDLE_SIGNAL)
        text = accepted(raw, most=MOST_TALK_NOTE, required=True)
        if await self.uow.desks.add_note(TalkNote(f"{self.actor.id}.{note_id}", self.now, self.actor.id, text)):
            await self._audit("talk_note_added")

    async def _audit(self, done: str) -> None:
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, done, self.actor.id))
