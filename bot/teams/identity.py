"""How the bot proves to Teams who it is: tokens of Entra ID, fetched off the event loop and kept while they are valid.

azure-identity is imported only when a credential is made: the commands that send nothing start without it.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, assert_never

import structlog

from bot.teams.errors import Retryable

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

log = structlog.get_logger(__name__)

#: What a bot asks a token for (Microsoft Learn, "Authenticate requests with the Bot Connector API").
SCOPE = "https://api.botframework.com/.default"
#: A token is replaced this many seconds before it ends.
_MARGIN = 300
#: azure-identity waits 300 seconds by default for a connection and for an answer; a turn cannot.
_TIMEOUTS: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10}

CredentialKind = Literal["managed_identity", "workload_identity", "certificate", "secret"]


class TokenSource(Protocol):
    """Where the connector client gets its tokens."""

    async def token(self, *, refused: str | None = None) -> str | None:
        """A token, or None where none is needed; another one than the one that Teams refused.

        Raises Retryable when no token can be had now.
        """
        ...


class NoTokens:
    """For --local, where nobody asks for one."""

    async def token(self, *, refused: str | None = None) -> str | None:
        """None, always."""
        return None


class AzureTokens:
    """Tokens of one credential: one request while a token is valid, however many ask at the same time."""

    def __init__(
        self,
        make_credential: Callable[[], "TokenCredential"],
        scope: str = SCOPE,
        *,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        """`make_credential` is called again after a refusal, as a credential keeps a cache that cannot be emptied."""
        self._make_credential = make_credential
        self._scope = scope
        self._seconds = seconds
        self._credential: TokenCredential | None = None
        self._token: AccessToken | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self, *, refused: str | None = None) -> str | None:
        """A token that is valid for another five minutes if Entra ID gives one, else the last one while it is valid."""
        if (token := self._kept(refused)) is None:
            async with self._one_at_a_time:
                if (token := self._kept(refused)) is None:
                    token = await self._fetch(refused)
        return token

    def _kept(self, refused: str | None, margin: float = _MARGIN) -> str | None:
        kept = self._token
        if kept is None or kept.token == refused or kept.expires_on - self._seconds() <= margin:
            return None
        return kept.token

    async def _fetch(self, refused: str | None) -> str:
        if refused is not None:
            self._credential = None
        try:
            self._token = await asyncio.to_thread(self._get_token)
        except Exception as error:
            # azure-identity passes on errors of azure-core, msal, requests and of the files that it reads.
            log.warning("token_not_fetched", kind=type(error).__name__)
            if (old := self._kept(refused, margin=0)) is None:
                raise Retryable(code="no_token") from error
            return old
        return self._token.token

    def _get_token(self) -> "AccessToken":
        if self._credential is None:
            self._credential = self._make_credential()
        return self._credential.get_token(self._scope)


def credential_for(
    kind: CredentialKind, *, app_id: str, tenant_id: str, secret: str = "", certificate_path: Path | None = None
) -> "TokenCredential":
    """The credential of this app registration or user-assigned managed identity.

    Workload identity reads the path of its token file from AZURE_FEDERATED_TOKEN_FILE, as Kubernetes sets it. Raises
    ValueError when something it needs is missing or wrong, OSError when the certificate's file cannot be read. None
    asks the network yet.
    """
    from azure import identity  # noqa: PLC0415 - takes 0.2 s, and --local needs none of it

    match kind:
        case "managed_identity":
            return identity.ManagedIdentityCredential(client_id=app_id, **_TIMEOUTS)
        case "workload_identity":
            return identity.WorkloadIdentityCredential(tenant_id=tenant_id, client_id=app_id, **_TIMEOUTS)
        case "certificate":
            if certificate_path is None:
                raise ValueError("a certificate needs its path")
            return identity.CertificateCredential(tenant_id, app_id, str(certificate_path), **_TIMEOUTS)
        case "secret":
            return identity.ClientSecretCredential(tenant_id, app_id, secret, **_TIMEOUTS)
        case _:
            assert_never(kind)
