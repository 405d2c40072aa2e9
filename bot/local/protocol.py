"""What a bot sends to a Bot Framework connector, and how the connector says no.

The Connector REST API v3 (Microsoft Learn, "Bot Framework REST API - Bot Connector"), with Teams' own error codes
("Send and receive messages with a bot", status codes).
"""

from typing import Self

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from bot.local.chats import CardJson, Content

#: Teams counts a message in UTF-16 and takes about this many bytes (Microsoft Learn, "Format your bot messages").
MOST_BYTES = 100_000
_CARD = "application/vnd.microsoft.card.adaptive"


class Refused(Exception):
    """The connector does not do it: HTTP status and error code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code

    def answer(self) -> web.Response:
        """As Teams would say it."""
        return web.json_response({"error": {"code": self.code, "message": self.code}}, status=self.status)


class _Body(BaseModel):
    @classmethod
    async def of(cls, request: web.Request) -> Self:
        """The body of this request. Raises Refused."""
        body = await request.read()
        try:
            if len(body.decode().encode("utf-16-le")) > MOST_BYTES:
                raise Refused(413, "MessageSizeTooBig")
            return cls.model_validate_json(body)
        except (UnicodeDecodeError, ValidationError):
            raise Refused(400, "Bad Argument") from None


class _Attachment(BaseModel):
    content_type: str = Field(alias="contentType")
    content: CardJson = Field(default_factory=CardJson)


class SentActivity(_Body):
    """A message, a change of one or "is typing", as far as people see it."""

    type: str
    text: str | None = None
    text_format: str | None = Field(default=None, alias="textFormat")
    summary: str | None = None
    attachments: list[_Attachment] | None = None

    def content(self) -> Content:
        """What the person sees of it; attachments other than Adaptive Cards are left out."""
        return Content(
            text=self.text or "",
            text_format=self.text_format or "markdown",
            cards=tuple(a.content for a in self.attachments or () if a.content_type == _CARD),
            summary=self.summary or "",
        )


class _Member(BaseModel):
    id: str


class NewConversation(_Body):
    """Whom the bot wants to speak to: by Entra object id or by Teams id."""

    members: list[_Member] = Field(min_length=1)
    activity: SentActivity | None = None
