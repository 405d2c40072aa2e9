from bot.teams.activities import to_activity
from bot.teams.events import Message


def test_a_card_travels_as_an_attachment_with_the_line_for_the_lock_screen() -> None:
    card = {"type": "AdaptiveCard", "version": "1.5"}

    assert to_activity(Message(card=card, summary="Nieuws over S-2026-0001")) == {
        "type": "message",
        "locale": "nl-NL",
        "summary": "Nieuws over S-2026-0001",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def test_a_text_travels_without_attachments() -> None:
    assert to_activity(Message(text="Bel [112](tel:112).")) == {
        "type": "message",
        "locale": "nl-NL",
        "text": "Bel [112](tel:112).",
        "textFormat": "markdown",
    }
