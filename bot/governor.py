"""Keeps what is sent to Teams under Teams' limits, so that it is never refused for coming too fast.

The limits are for the bot, not for a replica. Notices are sent by one replica at a time (the draining lease, see
`bot.dispatcher`), so its account of them is complete; who takes the lease over recalls from the outbox what was sent
before. Answers within a turn are sent by the replica that took the turn, and each replica knows its own only: no
replica fills more than half of what a conversation takes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.rate_windows import Limit, Windows
from bot.teams.errors import HeldBack
from dialogs.ports import Sent

_SECOND = timedelta(seconds=1)

#: Microsoft Learn, "Optimize your bot with rate limiting in Teams": for each bot in each thread (sending and creating
#: conversations alike), and for each app in each tenant.
TEAMS_CONVERSATION = (
    Limit(7, _SECOND),
    Limit(8, 2 * _SECOND),
    Limit(60, 30 * _SECOND),
    Limit(1800, 3600 * _SECOND),
)
TEAMS_TENANT = (Limit(50, _SECOND),)

#: How far back a limit looks.
LONGEST = max(limit.within for limit in TEAMS_CONVERSATION)
#: How many conversations are known before those in which nothing counts any more are forgotten.
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits, and which part of them each kind of message may fill."""

    conversation: tuple[Limit, ...] = TEAMS_CONVERSATION
    tenant: tuple[Limit, ...] = TEAMS_TENANT
    #: Notices leave room for answers, and for alarms.
    notices: float = 0.3
    notices_of_tenant: float = 0.8
    #: With answers and alarms too a replica fills no more than half: somebody who presses twice may be answered by
    #: another one at the same moment.
    others: float = 0.5
    others_of_tenant: float = 0.95
    #: How long an answer waits for its turn; then it is not sent.
    patience: timedelta = timedelta(seconds=3)


#: For a connector that has no limits, in tests and benchmarks.
NO_LIMITS = Rates(conversation=(), tenant=())


class Governor:
    """Lets messages through one by one. `conversation` is an id of Teams, or a person whose conversation is opened."""

    def __init__(
        self, clock: Clock, rates: Rates | None = None, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._rates = rates or Rates()
        self._sleep = sleep
        self._tenant = Windows(self._rates.tenant)
        self._conversations: dict[str, Windows] = {}
        self._forget_at = _MANY

    async def notice(self, conversation: str) -> None:
        """Let a notice through. Raises HeldBack when its conversation has had enough for now."""
        await self._pass(conversation, self._rates.notices, self._rates.notices_of_tenant)

    async def alarm(self, conversation: str) -> None:
        """Let an alarm through, before notices. Raises HeldBack as `notice`."""
        await self._pass(conversation, self._rates.others, self._rates.others_of_tenant)

    async def answer(self, conversation: str) -> None:
        """Let an answer of a turn through, in its turn. Raises HeldBack when that takes too long."""
        until = self._clock() + self._rates.patience
        while True:
            try:
                return await self._pass(conversation, self._rates.others, self._rates.others_of_tenant)
            except HeldBack as held:
                if self._clock() + timedelta(seconds=held.seconds) > until:
                    raise
                await self._sleep(held.seconds)

    def recall(self, sent: Iterable[Sent]) -> None:
        """Count what another replica sent."""
        by_conversation: dict[str, list[datetime]] = {}
        for each in sent:
            by_conversation.setdefault(each.conversation_id, []).append(each.at)
        for conversation, ats in by_conversation.items():
            self._windows(conversation).recall(ats)
        self._tenant.recall(at for ats in by_conversation.values() for at in ats)

    async def _pass(self, conversation: str, share: float, share_of_tenant: float) -> None:
        """Wait for the tenant, which is a matter of a second and holds up everybody alike; not for the conversation."""
        while True:
            now = self._clock()
            windows = self._windows(conversation)
            if wait := windows.wait(now, share):
                raise HeldBack(wait.total_seconds())
            if not (wait := self._tenant.wait(now, share_of_tenant)):
                windows.add(now)
                self._tenant.add(now)
                return
            await self._sleep(wait.total_seconds())

    def _windows(self, conversation: str) -> Windows:
        windows = self._conversations.get(conversation)
        if windows is None:
            if len(self._conversations) >= self._forget_at:
                self._forget_idle()
            windows = self._conversations[conversation] = Windows(self._rates.conversation)
        return windows

    def _forget_idle(self) -> None:
        now = self._clock()
        idle = [conversation for conversation, windows in self._conversations.items() if windows.is_idle(now)]
        for conversation in idle:
            del self._conversations[conversation]
        self._forget_at = max(_MANY, 2 * len(self._conversations))
