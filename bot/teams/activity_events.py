"""What an activity means: an event of ours, without the SDK.

A button is an Action.Execute whose `verb` says what it does; its Action.Submit fallback, for old clients, carries the
verb in `data.action`. Teams mixes what was filled in into the same `data`, so the id of every input begins with INPUT.
"""

import hashlib
import html
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import Field, TypeAdapter, ValidationError

from bot.teams.events import Event, Scope, Searched, Unreadable, What
from bot.teams.incoming import Incoming, Refused
from dialogs.domain.addresses import Address
from dialogs.turn import Pressed, Said

#: The prefix of an input's id.
INPUT = "in."
#: More than any card of ours holds, while a text that is too long still reaches whoever explains that it is.
_MOST_FIELDS = 200
_MOST_CHARACTERS = 200_000
_MOST_ACTION_CHARACTERS = 200
_LONGEST_NAME = 256
#: The name of the search field in the manifest, how much of what stands in it is read, and results as Teams asks for.
SEARCH_PARAMETER = "query"
_LONGEST_QUERY = 200
_MOST_RESULTS = 25

_FLAT = TypeAdapter(Annotated[dict[str, str | bool | int | float | None], Field(max_length=_MOST_FIELDS)])

#: Teams leaves HTML's hard spaces in the text; control and zero-width characters mean nothing to a reader. The joiner
#: of emoji (U+200D) stays.
_CLEAN = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0xFEFF) if code not in (0x09, 0x0A)}
_CLEAN[0xA0] = " "  # pyright: ignore[reportArgumentType] - str.translate takes both


def event_of(
    activity: Incoming,
    what: What,
    now: datetime,
    *,
    wants_answer: bool = False,
) -> Event:
    """The event. Raises Refused (403) if the activity does not say who did it: nobody acts without a name."""
    person = activity.sender.aad_object_id
    if person is None:
        raise Refused(403, "no Entra object id in `from`")
    address = Address(
        person=person.lower(),
        name=_printable(activity.sender.name or "")[:_LONGEST_NAME],
        conversation_id=activity.conversation.id,
        service_url=activity.service_url,
        tenant_id=next(iter(activity.tenants), ""),
        teams_id=activity.sender.id,
        bot_id=activity.recipient.id,
        seen_at=now,
    )
    return Event(activity.id, scope_of(activity), address, what, wants_answer, _twin(activity))


def _twin(activity: Incoming) -> bytes:
    """A digest of the activity without its id: Teams may deliver it again under a new one (botbuilder-dotnet#5005).

    The moment makes it one activity and no other, so it is asked for with its fraction of a second: two texts can be
    the same, and sent shortly after each other.
    """
    if not isinstance(activity.timestamp, str) or "." not in activity.timestamp:
        return b""
    same = (
        activity.conversation.id,
        activity.timestamp,
        activity.type,
        activity.name,
        activity.action,
        activity.text,
        activity.value,
        activity.reply_to_id,
        [member.id for member in activity.members_added or ()],
    )
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).digest()


def scope_of(activity: Incoming) -> Scope:
    """The kind of conversation. What is not surely one-to-one counts as a group, where no content is asked for."""
    conversation = activity.conversation
    match conversation.conversation_type:
        case Scope.PERSONAL | Scope.CHANNEL as known:
            return Scope(known)
        case None if not conversation.is_group and not conversation.id.startswith("19:"):
            return Scope.PERSONAL
        case _:
            return Scope.GROUP


def said_or_submitted(activity: Incoming) -> Said | Pressed | Unreadable:
    """What a message is: text, else a card submit, else something that cannot be read (a GIF, a file, nothing)."""
    text = _text(activity)
    if text:
        return Said(text, with_file=_has_file(activity))
    fields = _strings(activity.value)
    return _pressed(fields and fields.pop("action", None), fields, activity.reply_to_id)


def executed(activity: Incoming) -> Pressed | Unreadable:
    """What an `adaptiveCard/action` invoke is."""
    action = _object(_object(activity.value).get("action"))
    if action.get("type") != "Action.Execute":
        return Unreadable()
    data = action.get("data")
    return _pressed(action.get("verb"), {} if data is None else _strings(data), activity.reply_to_id)


def searched(activity: Incoming) -> Searched:
    """What a `composeExtension/query` invoke asks (Microsoft Learn, "Respond to search command").

    Teams sends each change of the text, and `initialRun` when the search opens; what is missing asks nothing.
    """
    value = _object(activity.value)
    given = value.get("parameters")
    parameters = [_object(each) for each in cast("list[object]", given)] if isinstance(given, list) else []
    texts = [each.get("value") for each in parameters if each.get("name") == SEARCH_PARAMETER]
    query = next((text for text in texts if isinstance(text, str)), "")
    count = _object(value.get("queryOptions")).get("count")
    limit = min(count, _MOST_RESULTS) if isinstance(count, int) and count > 0 else _MOST_RESULTS
    return Searched(_printable(query)[:_LONGEST_QUERY], limit)


def _pressed(action: object, fields: Mapping[str, str] | None, card_id: str | None) -> Pressed | Unreadable:
    if fields is None or not isinstance(action, str) or not 0 < len(action) <= _MOST_ACTION_CHARACTERS:
        return Unreadable()
    data = {key: text for key, text in fields.items() if not key.startswith(INPUT)}
    inputs = {key.removeprefix(INPUT): text for key, text in fields.items() if key.startswith(INPUT)}
    return Pressed(action, data, inputs, card_id)


def _strings(value: object) -> dict[str, str] | None:
    """A flat object with each value as text and nulls left out; None if it is no such object, or too large."""
    try:
        fields = _FLAT.validate_python(value, strict=True)
    except ValidationError:
        return None
    found = {key: _word(field) for key, field in fields.items() if field is not None}
    size = sum(len(key) + len(text) for key, text in found.items())
    return found if size <= _MOST_CHARACTERS else None


def _word(field: str | float | bool) -> str:
    return str(field).lower() if isinstance(field, bool) else str(field)


def _text(activity: Incoming) -> str:
    """The text without the mention of the bot; mentions of others become their names."""
    text = activity.text or ""
    for entity in activity.entities or ():
        if entity.type == "mention" and entity.mentioned and entity.text:
            to_bot = entity.mentioned.id == activity.recipient.id
            text = text.replace(entity.text, "" if to_bot else entity.mentioned.name or "")
    return _printable(html.unescape(text))


def _has_file(activity: Incoming) -> bool:
    """Whether a picture or file came along; Teams adds the text once more as HTML, which is none."""
    return any(attachment.content_type != "text/html" for attachment in activity.attachments or ())


def _printable(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_CLEAN).strip()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] - parsed from JSON
