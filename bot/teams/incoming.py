"""An activity as it arrives, with the fields that matter here: checked for shape, not yet believed.

Names as in the Bot Framework activity schema (microsoft/botframework-sdk, specs/botframework-activity), plus what Teams
adds in `channelData`.
"""

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

#: Ids end up in logs, addresses and a database: no control characters, and short.
Id = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]

#: An escaped backslash or both halves of a character beyond U+FFFF, which stay; or one half, which is no character
#: (RFC 8259, section 8.2). A phone that cuts a text between the halves of an emoji sends one.
_HALVES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_REPLACEMENT = rb"\ufffd"


class Refused(Exception):
    """The request is not taken: an HTTP status of 400, 401 or 403, and why. The reason holds nothing of the request."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class _Json(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Account(_Json):
    """A person or the bot, in this channel."""

    id: Id
    name: str | None = None
    #: Entra object id; the bot has none.
    aad_object_id: Id | None = None


class ConversationAccount(_Json):
    """The conversation, and the tenant it belongs to."""

    id: Id
    conversation_type: str | None = None
    is_group: bool | None = None
    tenant_id: Id | None = None


class Mentioned(_Json):
    """Who is mentioned."""

    id: str = ""
    name: str | None = None


class Entity(_Json):
    """Something in the text; only mentions matter."""

    type: str = ""
    text: str | None = None
    mentioned: Mentioned | None = None


class Tenant(_Json):
    """The Entra tenant from which Teams sends."""

    id: Id | None = None


class ChannelData(_Json):
    """What Teams adds."""

    tenant: Tenant | None = None


class Attachment(_Json):
    """Something that came along; only its kind is looked at."""

    content_type: str = ""


class Incoming(_Json):
    """An activity. Who sends it, where and under which id is always there; the rest depends on its type."""

    type: str
    id: Id
    sender: Account = Field(alias="from")
    recipient: Account
    conversation: ConversationAccount
    service_url: str = ""
    channel_id: str = ""
    delivery_mode: str | None = None
    #: When it was sent, as Teams writes it; nothing depends on its form.
    timestamp: Any = None
    text: str | None = None
    entities: tuple[Entity, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    #: The name of an invoke, and what an installation update does.
    name: str | None = None
    action: str | None = None
    value: Any = None
    reply_to_id: Id | None = None
    members_added: tuple[Account, ...] | None = None
    channel_data: ChannelData | None = None

    @property
    def tenants(self) -> frozenset[str]:
        """The tenants it names, in lower case: one, unless something is wrong."""
        in_channel_data = self.channel_data and self.channel_data.tenant and self.channel_data.tenant.id
        return frozenset(tenant.lower() for tenant in (in_channel_data, self.conversation.tenant_id) if tenant)


def read_activity(body: bytes) -> Incoming:
    """The activity in the body of a request, with U+FFFD in the place of half a character.

    Raises Refused (400) with the place of the fault, never its content.
    """
    whole = _HALVES.sub(lambda found: found[1] or _REPLACEMENT, body)
    try:
        return Incoming.model_validate_json(whole)
    except ValidationError as error:
        if not _is_utf_8(body):
            raise Refused(400, "body not UTF-8") from None
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        places = sorted({_place(fault["loc"]) for fault in faults})
        raise Refused(400, f"not an activity: {', '.join(places[:5])}") from None


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "body"
