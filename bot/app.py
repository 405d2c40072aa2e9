"""The composition root: the only file that knows every concrete class."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp import ClientSession, web

from bot.clock import Clock, utc_now
from bot.dispatcher import Dispatcher
from bot.governor import Governor, Rates
from bot.knowledge import load_knowledge
from bot.mailbox import GRAPH_SCOPE, NO_MAILBOX, GraphMailbox, Mailbox, SmtpMailbox
from bot.partner_refresh import PartnerRefresh
from bot.sender import NoticeSender, Strangers
from bot.settings import Settings, SettingsInvalid
from bot.teams.adapter import MeldrouteAdapter
from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.identity import AzureTokens, NoTokens, TokenSource, credential_for
from bot.teams.inbound import message_route
from bot.teams.openid_keys import OpenIdKeys
from bot.teams.teams_bot import Sentences
from bot.teams.token_check import TEAMS_HOSTS, Check, NoTokenCheck, TokenCheck
from bot.turns import Turns
from bot.watchdog import Watchdog
from dialogs.use_cases.delivery import record_undelivered
from storage.engine import Database, open_database
from storage.key_file import open_key_file

#: How long a stop waits for what is under way, in seconds; then the leases of the outbox run out by themselves.
_STOP_WITHIN = 20.0

DISPATCHER = web.AppKey("dispatcher", Dispatcher)
DATABASE = web.AppKey("database", Database)
REFRESH = web.AppKey("refresh", PartnerRefresh)
WATCHDOG = web.AppKey("watchdog", Watchdog)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is to Teams, and how it knows that Teams is calling."""

    check: Check
    tokens: TokenSource
    strangers: Strangers
    #: For Microsoft Graph; used only where mail goes through it.
    graph_tokens: TokenSource


#: Makes the identity on the session that is used for all calls to Teams.
Identify = Callable[[ClientSession], Identity]


async def build_app(
    settings: Settings, identify: Identify, *, clock: Clock = utc_now, rates: Rates | None = None
) -> web.Application:
    """The web application with everything in it, to be run in the loop of this call. `rates`: other than Teams'.

    Raises SettingsInvalid, KeyFileRefused, DatabaseRefused, CriteriaInvalid, DirectoryInvalid, TextsInvalid or
    LearningInvalid: what is wrong in a file or a setting is wrong at start.
    """
    knowledge = load_knowledge(settings)
    database = await _open_database(settings)
    session = connector_session(use_proxy=not settings.local)
    identity = identify(session)
    governor = Governor(clock, rates)
    sender = NoticeSender(
        database.unit_of_work,
        ConnectorClient(session, identity.tokens, admit=governor.notice),
        knowledge,
        clock,
        identity.strangers,
        alarms=ConnectorClient(session, identity.tokens, admit=governor.alarm),
        mailbox=_mailbox(settings, session, identity),
    )
    dispatcher = Dispatcher(
        database.unit_of_work,
        sender,
        clock,
        worker=_worker(),
        recall=governor.recall,
        undelivered=partial(record_undelivered, staff=knowledge.staff),
    )
    refresh = PartnerRefresh(
        database.unit_of_work,
        knowledge.partners,
        knowledge.staff,
        clock,
        last_known=settings.key_file.with_name("partners-last-known.yaml"),
        wake=dispatcher.wake,
    )
    refresh.start_from_copy()
    knowledge.directory.overview(clock())  # loads the holidays, so that nobody waits for them
    turns = Turns(database.unit_of_work, knowledge, clock, wake=dispatcher.wake, refresh=refresh.refresh)

    watchdog = Watchdog(
        database.unit_of_work,
        clock,
        knowledge,
        wake_dispatcher=dispatcher.wake,
        keep_sent=timedelta(days=settings.keep_sent_days),
    )

    app = web.Application()
    app[DISPATCHER] = dispatcher
    app[WATCHDOG] = watchdog
    app[DATABASE] = database
    app[REFRESH] = refresh

    async def open_things(_app: web.Application) -> AsyncIterator[None]:
        yield
        await session.close()
        await database.close()

    async def deliver(_app: web.Application) -> AsyncIterator[None]:
        running = asyncio.create_task(dispatcher.run())
        yield
        dispatcher.stop()
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(running, _STOP_WITHIN)

    async def watch(_app: web.Application) -> AsyncIterator[None]:
        running = asyncio.create_task(watchdog.run())
        yield
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    async def keep_numbers(_app: web.Application) -> AsyncIterator[None]:
        await refresh.refresh()
        running = asyncio.create_task(refresh.run())
        yield
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    app.cleanup_ctx.append(open_things)
    app.cleanup_ctx.append(keep_numbers)
    message_route(
        app,
        check=identity.check,
        adapter=MeldrouteAdapter(ConnectorClient(session, identity.tokens, admit=governor.answer)),
        handler=turns,
        sentences=Sentences(
            failed=knowledge.texts("failure.text"),
            done=knowledge.texts("failure.done"),
            late=knowledge.texts("failure.late"),
        ),
        clock=clock,
    )
    app.cleanup_ctx.append(deliver)
    app.cleanup_ctx.append(watch)
    app.router.add_get("/healthz", _alive)
    return app


def teams_identity(settings: Settings) -> Identify:
    """The identity of a bot in Azure. Raises SettingsInvalid when something that the identity needs is missing."""
    credential = partial(
        credential_for,
        settings.identity,
        app_id=settings.app_id,
        tenant_id=settings.tenant_id,
        secret=settings.app_secret.get_secret_value(),
        certificate_path=settings.certificate_path,
    )
    try:
        credential()
    except (ValueError, OSError) as error:
        raise SettingsInvalid(f"MELDROUTE_IDENTITY is {settings.identity}, which cannot be used: {error}") from error
    hosts = (*TEAMS_HOSTS, *settings.service_hosts)
    return lambda session: Identity(
        TokenCheck(OpenIdKeys(session), app_id=settings.app_id, tenant_id=settings.tenant_id, service_hosts=hosts),
        AzureTokens(credential),
        Strangers(settings.service_url, settings.tenant_id, f"28:{settings.app_id}"),
        AzureTokens(credential, GRAPH_SCOPE),
    )


def local_identity(settings: Settings) -> Identify:
    """No proof and no tokens: only on a loopback address. Raises ValueError on any other."""
    strangers = Strangers(settings.service_url, settings.tenant_id, f"28:{settings.app_id}")
    identity = Identity(NoTokenCheck(settings.host), NoTokens(), strangers, NoTokens())
    return lambda _session: identity


def _mailbox(settings: Settings, session: ClientSession, identity: Identity) -> Mailbox:
    """Where mail goes: an SMTP server where one is named, else Microsoft Graph."""
    if not settings.fallback_mail:
        return NO_MAILBOX
    if settings.smtp_host:
        return SmtpMailbox(
            settings.smtp_host,
            settings.smtp_port,
            settings.mail_from,
            settings.fallback_mail,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
        )
    return GraphMailbox(session, identity.graph_tokens, settings.mail_from, settings.fallback_mail)


async def _open_database(settings: Settings) -> Database:
    """The database with its keys. A new key is made only where nothing was stored with another one."""
    key_is_new = not settings.key_file.exists()
    database = open_database(settings.database_url.get_secret_value(), open_key_file(settings.key_file))
    if key_is_new and await database.holds_content():
        settings.key_file.unlink()
        await database.close()
        raise SettingsInvalid(
            f"the key file {settings.key_file} is not there, but the database holds content that was stored with it. "
            "Put it back from the backup, or point MELDROUTE_KEY_FILE to it; without it nothing can be read."
        )
    return database


def _worker() -> str:
    """A name for this process among all that share the outbox, new at each start."""
    return f"{socket.gethostname()}-{secrets.token_hex(4)}"


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})
