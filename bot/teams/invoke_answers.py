"""The body of the answer to an invoke: never empty, as Teams then tells the person that something went wrong.

Microsoft Learn, "Universal Action Model", response format; Teams takes no other type with status 200 than these two
(MicrosoftDocs/AdaptiveCards#388).
"""

import orjson

from bot.teams.activities import ADAPTIVE_CARD
from bot.teams.events import Message, Results


def card_or_sentence(message: Message | None, otherwise: str) -> bytes:
    """The card that takes the place of the pressed one; else the text, or this sentence, shown under it."""
    if message is not None and message.card is not None:
        return _body(200, ADAPTIVE_CARD, message.card)
    return sentence(message.text if message and message.text else otherwise)


def sentence(text: str) -> bytes:
    """A sentence under the card, which stays as it is."""
    return _body(200, "application/vnd.microsoft.activity.message", text)


def search_results(results: Results) -> bytes:
    """The answer to a search of the message extension: a list with, behind each line, the card to insert.

    Microsoft Learn, "Respond to search command": an Adaptive Card needs a preview of another kind.
    """
    attachments = [
        {
            "contentType": ADAPTIVE_CARD,
            "content": result.card,
            "preview": {
                "contentType": "application/vnd.microsoft.card.thumbnail",
                "content": {"title": result.title, "text": result.text},
            },
        }
        for result in results
    ]
    return _compose_extension({"type": "result", "attachmentLayout": "list", "attachments": attachments})


def search_message(text: str) -> bytes:
    """A sentence in the place of the results."""
    return _compose_extension({"type": "message", "text": text})


def _compose_extension(answer: dict[str, object]) -> bytes:
    return orjson.dumps({"composeExtension": answer})


def not_supported() -> bytes:
    """An invoke that no card of ours sends."""
    return _body(501, "application/vnd.microsoft.error", {"code": "NotSupported", "message": "Not supported."})


def _body(status: int, kind: str, value: object) -> bytes:
    return orjson.dumps({"statusCode": status, "type": kind, "value": value})
