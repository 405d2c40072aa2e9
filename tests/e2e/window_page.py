"""The try-out window as somebody uses it: fields and buttons by their labels, in one person's chat."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.async_api import Locator, Page, expect

from bot.local.people import DEFAULT_PEOPLE
from bot.local.story import Fills, Presses, Says, Sees, Step, Ticks

NAMES = {person.key: person.name for person in DEFAULT_PEOPLE}


#: One of several in sight, any number, or one in a list that opens.
_CHOICES: tuple[Literal["radiogroup", "group", "combobox"], ...] = ("radiogroup", "group", "combobox")


def beginning(words: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(words)}")


@dataclass
class ChatOnPage:
    """One person's chat; `card` is the message that was looked at last."""

    region: Locator
    page: Page
    card: Locator = field(init=False)

    def __post_init__(self) -> None:
        self.card = self.region

    async def says(self, text: str) -> None:
        await self.region.get_by_role("textbox", name=beginning("Bericht van")).fill(text)
        await self.page.keyboard.press("Enter")

    async def sees(self, words: str) -> Locator:
        """Wait for the newest message of the bot with these words."""
        # A written field's text is no text of the page: what was filled in is looked for too.
        self.card = self.region.get_by_role("article", name=beginning("Meldroute")).filter(has_text=words).last
        await expect(self.card).to_be_visible()
        return self.card

    async def fills(self, label: str, text: str) -> None:
        await self.card.get_by_label(beginning(label)).fill(text)

    async def ticks(self, label: str, *titles: str) -> None:
        """Choose under a label; without titles everything there."""
        one, many, folded = (self.card.get_by_role(role, name=beginning(label)) for role in _CHOICES)
        await expect(one.or_(many).or_(folded)).to_be_visible()
        if await folded.count():
            option = folded.locator("option").filter(has_text=beginning(titles[0]))
            await folded.select_option(value=await option.first.get_attribute("value"))
            return
        choices = one.or_(many).locator("label")
        for choice in [choices.filter(has_text=beginning(title)) for title in titles] or await choices.all():
            await choice.click()

    async def presses(self, title: str) -> None:
        await self.card.get_by_role("button", name=beginning(title)).first.click()


class WindowPage:
    """The window in one browser tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._at: ChatOnPage | None = None
        self._pictures = 0

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await expect(self.page.get_by_role("log").first).to_contain_text("Meldroute")

    def chat(self, person: str) -> ChatOnPage:
        return ChatOnPage(self.page.get_by_role("region", name=f"Gesprek van {NAMES[person]}"), self.page)

    async def play(self, step: Step, pictures: Path) -> None:
        """One step of the story, with a picture of each scene."""
        match step:
            case Says(person=person, text=text):
                self._at = self.chat(person)
                await self._at.says(text)
            case Sees(person=person, words=words, scene=scene):
                self._at = self.chat(person)
                await self._at.sees(words)
                if scene:
                    await self.picture(pictures, scene)
            case Fills(label=label, text=text):
                await self._chat.fills(label, text)
            case Ticks(label=label, titles=titles):
                await self._chat.ticks(label, *titles)
            case Presses(title=title):
                await self._chat.presses(title)

    async def picture(self, folder: Path, name: str) -> None:
        self._pictures += 1
        await self.page.mouse.move(0, 0)
        await self.page.screenshot(path=folder / f"{self._pictures:02}-{name}.png")

    @property
    def _chat(self) -> ChatOnPage:
        assert self._at is not None, "nobody is at a screen yet"
        return self._at
