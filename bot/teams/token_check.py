"""Whether a request comes from Teams and from our own tenant.

The signature, times, issuer and endorsement of a token are checked by the SDK's own validation for channels. It leaves
out what is checked here besides: that the token ends, the channel, the service url, the tenant (found by running
botframework-connector 4.17.1 with signed tokens). What the SDK would let in from its emulator or from another bot is
refused: this is a bot for Teams only.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# - botframework ships no types

from collections.abc import Mapping
from copy import copy
from ipaddress import ip_address
from typing import Any, Protocol

import structlog
from botframework.connector.auth import ChannelValidation
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor
from yarl import URL

from bot.teams.incoming import Incoming, Refused
from bot.teams.openid_keys import OPENID_METADATA, OpenIdKeys

log = structlog.get_logger(__name__)

CHANNEL = "msteams"
#: Microsoft Learn, "Authenticate requests from the Bot Connector service to your bot", step 4.
ISSUER = "https://api.botframework.com"
#: "*." stands for one or more labels. Microsoft Learn, "Send proactive messages": service urls of Teams and of its
#: government clouds.
TEAMS_HOSTS = ("smba.trafficmanager.net", "*.teams.microsoft.com", "*.teams.microsoft.us")

Headers = Mapping[str, str]
Claims = Mapping[str, object]


class Check(Protocol):
    """Decides about a request: first, before its body is read, who calls; then whether the activity is theirs."""

    async def caller(self, headers: Headers) -> Claims:
        """What the caller proves about itself. Raises Refused."""
        ...

    def activity(self, claims: Claims, activity: Incoming) -> None:
        """Whether this caller may send this activity. Raises Refused."""
        ...


class TokenCheck:
    """The check of a bot that can be reached from outside."""

    def __init__(
        self, keys: OpenIdKeys, *, app_id: str, tenant_id: str, service_hosts: tuple[str, ...] = TEAMS_HOSTS
    ) -> None:
        if not app_id or not tenant_id:
            raise ValueError("without an app id and a tenant anybody could speak as anybody")
        self._tenants = frozenset({tenant_id.lower()})
        self._service_hosts = service_hosts
        self._app_id = app_id
        # A copy: the extractor writes the algorithms into it, and the original is shared by the whole process.
        parameters = copy(ChannelValidation.TO_BOT_FROM_CHANNEL_TOKEN_VALIDATION_PARAMETERS)
        self._extractor = JwtTokenExtractor(parameters, OPENID_METADATA, ["RS256"])
        self._extractor.open_id_metadata = keys

    async def caller(self, headers: Headers) -> Claims:
        """The claims of a valid token that the Bot Connector made for this bot. Raises Refused (401)."""
        try:
            identity: Any = await self._extractor.get_identity_from_auth_header(
                headers.get("Authorization", ""), CHANNEL
            )
        except Exception as error:
            # The SDK raises bare exceptions as well as those of PyJWT.
            raise Refused(401, f"token not valid: {type(error).__name__}") from error
        if identity is None:
            raise Refused(401, "token missing or not of the Bot Connector")
        claims: dict[str, Any] = identity.claims
        if claims.get("iss") != ISSUER or claims.get("aud") != self._app_id:
            raise Refused(401, "token not of the Bot Connector for this bot")
        if "exp" not in claims:
            raise Refused(401, "token without an end")
        return claims

    def activity(self, claims: Claims, activity: Incoming) -> None:
        """Whether the activity comes from Teams, from our tenant and names the token's service url. Raises Refused."""
        if activity.channel_id != CHANNEL:
            raise Refused(403, "not from the channel of Teams")
        if not activity.service_url or activity.service_url != claims.get("serviceurl"):
            raise Refused(403, "service url missing or not that of the token")
        if not _may_be_called(activity.service_url, self._service_hosts):
            raise Refused(403, "service url not on the list of hosts")
        if activity.tenants != self._tenants:
            raise Refused(403, "not from our tenant")
        if (activity.delivery_mode or "").lower() == "expectreplies":
            raise Refused(403, "replies are not delivered in the answer")


class NoTokenCheck:
    """The check of local mode: no token, so only this machine may call, and only this machine is called."""

    def __init__(self, bind: str) -> None:
        """`bind` is the address on which the bot listens. Raises ValueError if others can reach it."""
        if not _is_this_machine(bind):
            raise ValueError(f"without a token check the bot listens on this machine only, not on {bind}")

    async def caller(self, headers: Headers) -> Claims:
        """Nothing is proven. Refuses what a web page elsewhere can make a browser send. Raises Refused (403)."""
        if not _is_this_machine(_host(f"//{headers.get('Host', '')}")):
            raise Refused(403, "the Host header names another machine")
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(403, "not sent as application/json")
        return {}

    def activity(self, claims: Claims, activity: Incoming) -> None:
        """Whether the answer stays on this machine. Raises Refused (403)."""
        if not activity.service_url.startswith(("http://", "https://")) or not _is_this_machine(
            _host(activity.service_url)
        ):
            raise Refused(403, "service url on another machine")


def _may_be_called(service_url: str, hosts: tuple[str, ...]) -> bool:
    """Whether it is https to one of these hosts and nothing more than a path; read as the connector client reads it."""
    try:
        url = URL(service_url)
        plain = url == URL.build(scheme="https", host=url.host or "", path=url.path)
    except ValueError:
        return False
    host = url.host or ""
    return plain and any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in hosts)


def _host(url: str) -> str:
    try:
        return URL(url).host or ""
    except ValueError:
        return ""


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
