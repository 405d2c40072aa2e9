"""Mail through a real SMTP server and a real HTTP server on loopback: what arrives, and what each refusal means."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientSession, web

from bot.mailbox import NO_MAILBOX, GraphMailbox, SmtpMailbox
from bot.teams.errors import Ambiguous, DeliveryFailed, NotAuthorised, Permanent, Retryable, Unreachable


class Token:
    """A token that never ends."""

    async def token(self, *, refused: str | None = None) -> str | None:
        return "a-token"


class SmtpServer:
    """As much of RFC 5321 as a mail needs; answers DATA with `verdict`, or hangs up for an empty one."""

    def __init__(self, verdict: str) -> None:
        self.verdict = verdict
        self.mails: list[str] = []
        self.talks: set[asyncio.Task[None]] = set()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A client calls; the talk ends when it has closed."""
        self.talks.add(asyncio.create_task(self.serve(reader, writer)))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            if line.upper() == "DATA":
                writer.write(b"354 go on\r\n")
                mail = ""
                while (part := (await reader.readline()).decode()) != ".\r\n":
                    mail += part
                if not self.verdict:
                    break
                self.mails.append(mail)
                writer.write(f"{self.verdict}\r\n".encode())
            else:
                writer.write(b"221 bye\r\n" if line.upper() == "QUIT" else b"250 fine\r\n")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def smtp(verdict: str) -> AsyncGenerator[tuple[SmtpServer, SmtpMailbox]]:
    server = SmtpServer(verdict)
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server, SmtpMailbox("127.0.0.1", port, "bot@gemeente.example", "meldpunt@gemeente.example")
        await asyncio.gather(*server.talks)


async def test_a_mail_arrives_with_an_id_that_stays_the_same() -> None:
    async with smtp("250 taken") as (server, mailbox):
        for _ in range(2):
            await mailbox.send("notice-1", "Signaal S-2026-0001 wacht", "Geef dit door.")

    first, second = server.mails
    assert "To: meldpunt@gemeente.example" in first
    assert "Subject: Signaal S-2026-0001 wacht" in first
    assert "Message-ID: <notice-1@meldroute>" in first
    assert "Message-ID: <notice-1@meldroute>" in second


@pytest.mark.parametrize(("verdict", "failure"), [("451 later", Retryable), ("554 never", Permanent), ("", Ambiguous)])
async def test_what_a_mail_server_says_decides_whether_it_is_sent_again(
    verdict: str, failure: type[DeliveryFailed]
) -> None:
    async with smtp(verdict) as (_, mailbox):
        with pytest.raises(failure):
            await mailbox.send("notice-1", "Onderwerp", "Tekst")


async def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(Retryable):
        await SmtpMailbox("127.0.0.1", 1, "a@b.example", "c@d.example").send("notice-1", "Onderwerp", "Tekst")


@asynccontextmanager
async def graph(status: int) -> AsyncGenerator[tuple[list[dict[str, object]], GraphMailbox]]:
    seen: list[dict[str, object]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append({"path": request.path, "token": request.headers["Authorization"], "mail": await request.json()})
        return web.Response(status=status, headers={"Retry-After": "7"} if status == 429 else {})

    app = web.Application()
    app.router.add_post("/v1.0/users/{sender}/sendMail", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield seen, GraphMailbox(session, Token(), "bot@gemeente.example", "meldpunt@gemeente.example", url)
    await runner.cleanup()


async def test_graph_is_asked_to_send_a_mail_as_microsoft_documents_it() -> None:
    async with graph(202) as (seen, mailbox):
        await mailbox.send("notice-1", "Signaal S-2026-0001 wacht", "Geef dit door.")

    (asked,) = seen
    assert asked["path"] == "/v1.0/users/bot@gemeente.example/sendMail"
    assert asked["token"] == "Bearer a-token"
    mail = asked["mail"]
    assert isinstance(mail, dict)
    assert mail["message"]["subject"] == "Signaal S-2026-0001 wacht"
    assert mail["message"]["toRecipients"] == [{"emailAddress": {"address": "meldpunt@gemeente.example"}}]
    assert mail["saveToSentItems"] is False


@pytest.mark.parametrize(
    ("status", "failure"), [(429, Retryable), (403, Permanent), (401, Permanent), (500, Ambiguous), (404, Permanent)]
)
async def test_what_graph_says_decides_whether_it_is_sent_again(status: int, failure: type[DeliveryFailed]) -> None:
    async with graph(status) as (_, mailbox):
        with pytest.raises(failure) as failed:
            await mailbox.send("notice-1", "Onderwerp", "Tekst")

    assert not isinstance(failed.value, Unreachable | NotAuthorised), "a mailbox is no person in Teams"


async def test_without_a_mailbox_a_mail_is_a_dead_letter_that_somebody_sees() -> None:
    with pytest.raises(Permanent, match="no_mailbox"):
        await NO_MAILBOX.send("notice-1", "Onderwerp", "Tekst")
