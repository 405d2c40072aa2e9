"""A person in Teams: types, fills in and presses by what they read, and sees what the bot shows them.

Speaks the Bot Framework protocol to the bot over real HTTP, with activities as Teams sends them.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession
from yarl import URL

from bot.local.card_on_screen import CardOnScreen
from tests.fake_connector import BOT_ID, TENANT, Account, FakeConnector, Posted

Json = dict[str, Any]
#: The buttons of which the bot hears.
_TOLD = {"Action.Execute", "Action.Submit"}
_ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as this person sees it now."""

    id: str
    text: str
    card: CardOnScreen | None

    @property
    def words(self) -> str:
        """Everything there is to read."""
        return "\n".join(filter(None, (self.text, self.card.words if self.card else "")))


class Person:
    """Somebody with Teams open, and a chat with the bot."""

    def __init__(
        self,
        name: str,
        connector: FakeConnector,
        bot_url: str,
        session: ClientSession,
        *,
        headers: Mapping[str, str] | None = None,
        old_client: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`bot_url`: where the bot takes messages. `old_client`: one that knows Action.Submit only."""
        self.account: Account = connector.account(name)
        self.name = name
        #: The answer to the last thing this person did: its HTTP status, and its body if it was an invoke.
        self.status = 0
        self.answer: Json = {}
        self._connector = connector
        self.bot_url = bot_url
        self.session = session
        self._headers = dict(headers or {})
        self._old_client = old_client
        self._now = now
        self._last: Json = {}
        #: Cards that only this person sees, by message: the answer to a press, until the message is edited again.
        self._own: dict[str, tuple[int, Json]] = {}
        self._views: dict[str, CardOnScreen] = {}

    # What the person does.

    async def installs(self) -> None:
        """Add the app: Teams tells the bot twice, as it does."""
        self._connector.reopen(self.account.conversation_id)
        await self.sends(type="installationUpdate", action="add")
        await self.sends(type="conversationUpdate", membersAdded=[{"id": BOT_ID}])

    async def uninstalls(self) -> None:
        """Remove the app; from then on the bot cannot write here."""
        self._connector.close(self.account.conversation_id)
        await self.sends(type="installationUpdate", action="remove")

    async def says(self, text: str, *, group: str | None = None) -> None:
        """Type this and send it; in a group chat with the bot's name before it."""
        if group is None:
            await self.sends(type="message", text=text, textFormat="plain")
            return
        self._connector.group(group, self.account)
        mention = {"type": "mention", "text": "<at>Meldroute</at>", "mentioned": {"id": BOT_ID, "name": "Meldroute"}}
        await self.sends(
            type="message",
            text=f"<at>Meldroute</at> {text}",
            textFormat="plain",
            entities=[mention],
            conversation={"conversationType": "groupChat", "isGroup": True, "tenantId": TENANT, "id": group},
        )

    def fills(self, label: str, text: str) -> None:
        """Write in the field with this label, on the newest card that has one."""
        self._newest(lambda card: label in card.labels, f"field {label!r}").fill(label, text)

    def ticks(self, *titles: str) -> None:
        """Tick the options with these words."""
        for title in titles:
            self._newest(lambda card, title=title: card.has_option(title), f"option {title!r}").choose(title)

    async def presses(self, title: str, *, on: Shown | None = None) -> None:
        """Press the newest button with this title, or the one on this message (also as it once was)."""
        shown = on or self._shown_with(title)
        card = self._card_of(shown)
        if card.action(title)["type"] == "Action.ToggleVisibility":
            card.toggle(title)
            return
        activity = self.press(title, on=shown)
        await self.posts(activity)
        self._was_taken()
        if activity["type"] == "invoke":
            self.takes_answer(shown.id)

    def press(self, title: str, *, on: Shown | None = None, **fields: Any) -> Json:
        """The activity of that press, not sent yet; `fields` go into its data, over what was filled in."""
        shown = on or self._shown_with(title)
        card = self._card_of(shown)
        action: Json = dict(card.action(title))
        assert action["type"] in _TOLD, f"{title!r} does {action['type']}, which the bot does not hear of"
        if action["type"] == "Action.Execute" and self._old_client:
            action = action["fallback"]
        data = {**card.data_of(action), **fields}
        if action["type"] == "Action.Submit":
            return self.activity(replyToId=shown.id, value=data)
        pressed = {"type": action["type"], "title": action["title"], "verb": action.get("verb", ""), "data": data}
        return self.activity(
            type="invoke",
            name="adaptiveCard/action",
            id=f"f:{uuid4()}",
            replyToId=shown.id,
            value={"action": pressed, "trigger": "manual"},
        )

    async def repeats(self, *, new_id: bool = False) -> None:
        """Teams delivers the last thing once more: as it was, or (as it also does) under a new id."""
        assert self._last, f"{self.name} did nothing yet"
        await self.posts(self._last | ({"id": self._new_id()} if new_id else {}))

    async def does_it_again(self) -> None:
        """Do the last thing once more by hand: the same press on the same card, a moment later."""
        fresh = self.activity()
        await self.posts(self._last | {"id": fresh["id"], "timestamp": f"{fresh['timestamp'][:-1]}9Z"})

    async def sends(self, **fields: Any) -> None:
        """Send an activity with these fields over the usual ones, and find that the bot took it."""
        await self.posts(self.activity(**fields))
        self._was_taken()

    def _was_taken(self) -> None:
        """Fail if it was not; who goes on all the same has another one."""
        assert self.status < 300, f"the bot answered {self.status} to what {self.name} did"

    async def posts(self, activity: Json) -> int:
        """Post any activity, right or wrong; the HTTP status."""
        self._last = activity
        async with self.session.post(self.bot_url, json=activity, headers=self._headers) as answer:
            self.status = answer.status
            self.answer = await answer.json() if answer.content_type == "application/json" else {}
        return self.status

    async def posts_and_is_cut_off(self, activity: Json) -> None:
        """Post it and lose the network before the answer is there."""
        url = URL(self.bot_url)
        body = json.dumps(activity).encode()
        head = f"POST {url.path} HTTP/1.1\r\nHost: {url.authority}\r\nContent-Type: application/json\r\n"
        _, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.transport.abort()

    def activity(self, **fields: Any) -> Json:
        """An activity of this person as Teams sends it."""
        at = self._now().astimezone(UTC)
        return {
            "type": "message",
            "id": self._new_id(),
            "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "localTimezone": "Europe/Amsterdam",
            "serviceUrl": self._connector.service_url,
            "channelId": "msteams",
            "from": {"id": self.account.teams_id, "aadObjectId": self.account.person, "name": self.name},
            "recipient": {"id": BOT_ID, "name": "Meldroute"},
            "conversation": {
                "conversationType": "personal",
                "tenantId": TENANT,
                "id": self.account.conversation_id,
            },
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "nl-NL",
            "entities": [{"type": "clientInfo", "locale": "nl-NL", "country": "NL", "platform": "Web"}],
            **fields,
        }

    def _new_id(self) -> str:
        return self._connector.next_id(self.account.conversation_id)

    # What the person sees.

    @property
    def messages(self) -> list[Shown]:
        """The messages of the bot, oldest first, each as it is now."""
        return [self._show(posted) for posted in self._connector.messages(self.account.conversation_id)]

    @property
    def card(self) -> CardOnScreen:
        """The newest card."""
        return self._newest(lambda _: True, "card")

    @property
    def screen(self) -> str:
        """All there is to read in the chat."""
        return "\n---\n".join(shown.words for shown in self.messages)

    @property
    def notifications(self) -> list[str]:
        """What the lock screen showed for each message that is still there: its summary, else its first words."""
        posted = self._connector.messages(self.account.conversation_id)
        return [str(p.activity.get("summary") or self._show(p).words.split("\n")[0]) for p in posted]

    def sees(self, text: str) -> bool:
        """Whether this can be read in the chat now; fails with the whole screen if not."""
        assert text in self.screen, f"{self.name} does not see {text!r}, but:\n{self.screen}"
        return True

    def does_not_see(self, text: str) -> bool:
        """Whether this can not be read in the chat now."""
        assert text not in self.screen, f"{self.name} sees {text!r}:\n{self.screen}"
        return True

    async def hears(self, text: str, *, within: float = 5.0) -> None:
        """Wait until this can be read in the chat."""
        try:
            await self._connector.until(lambda: text in self.screen, within=within)
        except TimeoutError:
            self.sees(text)

    def _card_of(self, shown: Shown) -> CardOnScreen:
        assert shown.card is not None, f"{self.name} sees no card there, but: {shown.words}"
        return shown.card

    def takes_answer(self, message_id: str) -> None:
        """Show the answer to a press. An empty one Teams takes for a bot that cannot be reached (vercel/chat#731)."""
        assert self.answer.get("statusCode") == 200, f"the press was answered with {self.answer}"
        for posted in self._connector.messages(self.account.conversation_id):
            if posted.id == message_id and self.answer["type"] == _ADAPTIVE_CARD:
                self._own[message_id] = (posted.edits, self.answer["value"])

    def _show(self, posted: Posted) -> Shown:
        text = str(posted.activity.get("text", ""))
        attachments = posted.activity.get("attachments", [])
        card = next((a["content"] for a in attachments if a["contentType"] == _ADAPTIVE_CARD), None)
        edits, own = self._own.get(posted.id, (-1, None))
        if edits == posted.edits:
            card = own
        if card is None:
            return Shown(posted.id, text, None)
        view = self._views.get(posted.id)
        if view is None or view.card is not card:
            view = self._views[posted.id] = CardOnScreen(card)
        return Shown(posted.id, text, view)

    def _newest(self, fits: Callable[[CardOnScreen], bool], what: str) -> CardOnScreen:
        for shown in reversed(self.messages):
            if shown.card is not None and fits(shown.card):
                return shown.card
        raise AssertionError(f"{self.name} sees no {what}, but:\n{self.screen}")

    def _shown_with(self, button: str) -> Shown:
        for shown in reversed(self.messages):
            if shown.card is not None and button in shown.card.buttons:
                return shown
        raise AssertionError(f"{self.name} sees no button {button!r}, but:\n{self.screen}")
