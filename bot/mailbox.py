"""Mail to the municipality's functional mailbox, for what officers leave lying (policy annex 3: existing structures).

Through Microsoft Graph with the bot's own identity, or through an SMTP server. A mail carries a reference and no
content. That mail was accepted does not say that somebody read it: the alarm in Teams goes on all the same.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

import aiosmtplib
from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from bot.teams.errors import Ambiguous, Operation, Permanent, Retryable, classify, seconds_to_wait
from bot.teams.identity import TokenSource

GRAPH = "https://graph.microsoft.com"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
_SECONDS = 20.0
#: An SMTP server refuses for good with 5xx, for now with 4xx (RFC 5321, 4.2.1).
_REFUSED_FOR_GOOD = 500


class Mailbox(Protocol):
    """Where mail goes."""

    async def send(self, mail_id: str, subject: str, text: str) -> None:
        """Send it; `mail_id` is the same when it is sent again. Raises DeliveryFailed."""
        ...


class NoMailbox:
    """The municipality named none."""

    async def send(self, mail_id: str, subject: str, text: str) -> None:
        """Raises Permanent: the notice becomes a dead letter that is seen."""
        raise Permanent(code="no_mailbox")


NO_MAILBOX = NoMailbox()


@dataclass(frozen=True, slots=True)
class GraphMailbox:
    """Mail through Microsoft Graph; the identity needs the application permission Mail.Send for `sender`.

    Microsoft Learn, "user: sendMail": 202 when it was accepted. Graph has no key by which a second sending is known.
    """

    session: ClientSession
    tokens: TokenSource
    sender: str
    recipient: str
    graph: str = GRAPH

    async def send(self, mail_id: str, subject: str, text: str) -> None:
        """Send it. Raises DeliveryFailed."""
        mail = {
            "message": {
                "subject": subject,
                "body": {"contentType": "Text", "content": text},
                "toRecipients": [{"emailAddress": {"address": self.recipient}}],
                "internetMessageHeaders": [{"name": "X-Meldroute-Notice", "value": mail_id}],
            },
            "saveToSentItems": False,
        }
        headers = {"Authorization": f"Bearer {await self.tokens.token()}"}
        url = f"{self.graph}/v1.0/users/{self.sender}/sendMail"
        try:
            async with self.session.post(url, json=mail, headers=headers, timeout=ClientTimeout(_SECONDS)) as answer:
                if answer.ok:
                    return
                wait = seconds_to_wait(answer.headers.get("Retry-After"), answer.headers.get("Date"))
                failure = classify(Operation.SEND, answer.status, wait, "graph")
                # A refusal is about the mailbox, never about a person in Teams.
                raise Permanent(status=answer.status, code="graph") if isinstance(failure, Permanent) else failure
        except ClientConnectorError as error:
            raise Retryable(code=type(error).__name__) from error
        except (ClientError, TimeoutError) as error:
            raise Ambiguous(code=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class SmtpMailbox:
    """Mail through an SMTP server, with STARTTLS wherever the server offers it."""

    host: str
    port: int
    sender: str
    recipient: str
    user: str = ""
    password: str = ""

    async def send(self, mail_id: str, subject: str, text: str) -> None:
        """Send it. Raises DeliveryFailed."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.recipient, subject
        # The same for each sending, so that a mail server can leave out the second.
        mail["Message-ID"] = f"<{mail_id}@meldroute>"
        mail.set_content(text)
        try:
            await aiosmtplib.send(
                mail,
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                timeout=_SECONDS,
            )
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError) as error:
            raise Retryable(code=type(error).__name__) from error
        except aiosmtplib.SMTPResponseException as error:
            for_good = error.code >= _REFUSED_FOR_GOOD
            raise (Permanent if for_good else Retryable)(status=error.code, code="smtp") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise Permanent(code="recipient_refused") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Ambiguous(code=type(error).__name__) from error
