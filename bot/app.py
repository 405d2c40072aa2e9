"""The composition root: the only file that knows every concrete class."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import ClientSession, web

from bot.admission import Admission
from bot.clock import Clock, utc_now
from bot.dispatcher import Dispatcher
from bot.draining import Draining
from bot.governor import Governor, Rates
from bot.health import Health, Limits
from bot.knowledge import load_knowledge
from bot.mailbox import GRAPH_SCOPE, NO_MAILBOX, GraphMailbox, Mailbox, SmtpMailbox
from bot.partner_refresh import PartnerRefresh
from bot.sender import NoticeSender, Strangers
from bot.settings import Settings, SettingsInvalid
from bot.teams.adapter import MeldrouteAdapter
from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.graph import GraphInstaller
from bot.teams.identity import AzureTokens, NoTokens, TokenSource, credential_for
from bot.teams.inbound import message_route
from bot.teams.openid_keys import OpenIdKeys
from bot.teams.teams_bot import Sentences
from bot.teams.token_check import TEAMS_HOSTS, Check, NoTokenCheck, TokenCheck
from bot.telemetry import OFF, Telemetry
from bot.turns import MOST_AT_ONCE, Turns
from bot.watchdog import Watchdog
from dialogs.use_cases.delivery import record_undelivered
from storage.engine import Database, open_database
from storage.key_file import open_key_file
from storage.migrate import fits

#: How long a stop waits for what is under way, in seconds; then the leases of the outbox run out by themselves.
_STOP_WITHIN = 20.0

#: How often what waits is measured for the telemetry, in seconds.
_MEASURE_EVERY = 30.0

DISPATCHER = web.AppKey("dispatcher", Dispatcher)
DATABASE = web.AppKey("database", Database)
REFRESH = web.AppKey("refresh", PartnerRefresh)
WATCHDOG = web.AppKey("watchdog", Watchdog)
ADMISSION = web.AppKey("admission", Admission)
HEALTH = web.AppKey("health", Health)


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

    Raises SettingsInvalid, KeyFileRefused, DatabaseRefused or FileInvalid: what is wrong in a file or a setting is
    wrong at start.
    """
    knowledge = load_knowledge(settings)
    database = await _open_database(settings)
    worker = _worker()
    telemetry, say_last_words = _telemetry(settings, worker)
    session = connector_session(use_proxy=not settings.local)
    identity = identify(session)
    governor = Governor(clock, rates)
    draining = Draining(clock)
    sender = NoticeSender(
        database.unit_of_work,
        ConnectorClient(session, identity.tokens, admit=draining.at_last(governor.notice)),
        knowledge,
        clock,
        _strangers(settings, session, identity),
        alarms=ConnectorClient(session, identity.tokens, admit=draining.at_last(governor.alarm)),
        mailbox=_mailbox(settings, session, identity),
    )
    dispatcher = Dispatcher(
        database.unit_of_work,
        sender,
        clock,
        worker=worker,
        draining=draining,
        recall=governor.recall,
        undelivered=partial(record_undelivered, staff=knowledge.staff),
        telemetry=telemetry,
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
    admission = Admission(MOST_AT_ONCE)
    turns = Turns(
        database.unit_of_work,
        knowledge,
        clock,
        wake=dispatcher.wake,
        refresh=refresh.refresh,
        admission=admission,
        telemetry=telemetry,
    )
    limits = Limits(
        timedelta(minutes=settings.longest_notice_minutes), timedelta(minutes=settings.longest_acute_minutes)
    )
    health = Health(partial(database.health, knowledge.staff.everybody), fits, clock, limits, telemetry)

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
    app[ADMISSION] = admission
    app[HEALTH] = health

    async def open_things(_app: web.Application) -> AsyncIterator[None]:
        yield
        await session.close()
        await database.close()
        await say_last_words()

    app.cleanup_ctx.append(open_things)
    app.cleanup_ctx.append(_background(refresh.run, first=refresh.refresh))
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
    app.cleanup_ctx.append(_background(dispatcher.run, stop=dispatcher.stop))
    app.cleanup_ctx.append(_background(watchdog.run))
    if telemetry is not OFF:
        app.cleanup_ctx.append(_background(partial(_measure, health)))
    health.add_routes(app)
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
        raise SettingsInvalid(f"MELDROUTE_IDENTITY is {settings.identity}, en dat lukt niet: {error}") from error
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


def _strangers(settings: Settings, session: ClientSession, identity: Identity) -> Strangers:
    """How people who never wrote are reached, with leave to install the app for them where the settings give it."""
    if not settings.install_app:
        return identity.strangers
    graph = GraphInstaller(session, identity.graph_tokens, app_id=settings.manifest_id or settings.app_id)
    return replace(identity.strangers, install=graph.install)


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
            f"het sleutelbestand {settings.key_file} is er niet, maar de database heeft inhoud die het nodig heeft. "
            "Zet het terug uit de back-up, of wijs het aan met MELDROUTE_KEY_FILE; zonder is niets te lezen."
        )
    return database


def _background(
    run: Callable[[], Coroutine[Any, Any, None]],
    *,
    first: Callable[[], Awaitable[None]] | None = None,
    stop: Callable[[], None] | None = None,
) -> Callable[[web.Application], AsyncIterator[None]]:
    """What runs beside the server: `first` before it serves, and at the end until `stop` works, or cut off."""

    async def context(_app: web.Application) -> AsyncIterator[None]:
        if first is not None:
            await first()
        running = asyncio.create_task(run())
        yield
        if stop is None:
            running.cancel()
        else:
            stop()
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(running, _STOP_WITHIN)

    return context


def _worker() -> str:
    """A name for this process among all that share the outbox, new at each start."""
    return f"{socket.gethostname()}-{secrets.token_hex(4)}"


def _telemetry(settings: Settings, worker: str) -> tuple[Telemetry, Callable[[], Awaitable[None]]]:
    """What counts and times, and how it ends."""
    if not settings.telemetry_endpoint:

        async def nothing() -> None: ...

        return OFF, nothing
    from bot.telemetry_export import Exported  # noqa: PLC0415 - a tenth of a second, for those who want it

    exported = Exported(settings.telemetry_endpoint, worker)
    return exported.telemetry, exported.close


async def _measure(health: Health) -> None:
    """Look how long things wait, so that it is told also where nobody asks."""
    while True:
        await health.report()
        await asyncio.sleep(_MEASURE_EVERY)
