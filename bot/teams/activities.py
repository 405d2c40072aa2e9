"""What is sent, as the plain JSON data of a Bot Framework activity (Microsoft Learn, "Bot Connector API reference")."""

from bot.teams.events import Message

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"


def to_activity(message: Message) -> dict[str, object]:
    """The message as Teams wants it.

    `summary` is what a lock screen shows; without it Teams shows the first text of the card.
    """
    activity: dict[str, object] = {"type": "message", "locale": "nl-NL"}
    if message.text:
        # Our own sentences, which may hold links; what people wrote goes into cards.
        activity |= {"text": message.text, "textFormat": "markdown"}
    if message.summary:
        activity["summary"] = message.summary
    if message.card is not None:
        activity["attachments"] = [{"contentType": ADAPTIVE_CARD, "content": message.card}]
    return activity
