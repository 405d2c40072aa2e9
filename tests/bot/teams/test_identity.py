import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.errors import Retryable
from bot.teams.identity import SCOPE, AzureTokens, CredentialKind, NoTokens, credential_for
from tests.fake_connector import FakeConnector

APP = "99999999-aaaa-4bbb-8ccc-dddddddddddd"
TENANT = "11111111-2222-4333-8444-555555555555"


class Entra:
    """Entra ID behind credentials: each request a new token that lasts an hour, and like the real ones each credential
    keeps its last token."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.requests: list[str] = []
        self.threads: set[str] = set()
        self.down = False
        self.held = threading.Event()
        self.held.set()

    def credential(self) -> "Credential":
        return Credential(self)

    def tokens(self) -> AzureTokens:
        return AzureTokens(self.credential, seconds=lambda: self.now)


class Credential:
    def __init__(self, entra: Entra) -> None:
        self._entra = entra
        self._kept: AccessToken | None = None

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **kwargs: Any,
    ) -> AccessToken:
        entra = self._entra
        entra.threads.add(threading.current_thread().name)
        if self._kept is None or self._kept.expires_on - entra.now <= 300:
            assert entra.held.wait(5), "nothing else could run"
            if entra.down:
                raise ClientAuthenticationError("secret words of Entra ID")
            entra.requests += scopes
            self._kept = AccessToken(f"token {len(entra.requests)}", int(entra.now) + 3600)
        return self._kept


@pytest.fixture
def entra() -> Entra:
    return Entra()


async def test_one_token_serves_until_five_minutes_before_its_end(entra: Entra) -> None:
    tokens = entra.tokens()

    assert await tokens.token() == "token 1"
    entra.now += 3600 - 301
    assert await tokens.token() == "token 1"
    entra.now += 1
    assert await tokens.token() == "token 2"
    assert entra.requests == [SCOPE] * 2


async def test_all_who_ask_at_the_same_time_share_one_request(entra: Entra) -> None:
    tokens = entra.tokens()

    assert set(await asyncio.gather(*(tokens.token() for _ in range(20)))) == {"token 1"}
    assert set(await asyncio.gather(*(tokens.token(refused="token 1") for _ in range(20)))) == {"token 2"}
    assert await tokens.token(refused="token 1") == "token 2"
    assert len(entra.requests) == 2


async def test_the_event_loop_goes_on_while_a_token_is_fetched(entra: Entra) -> None:
    entra.held.clear()

    async def answer() -> None:
        entra.held.set()

    token, _ = await asyncio.gather(entra.tokens().token(), answer())

    assert token == "token 1"
    assert threading.current_thread().name not in entra.threads


async def test_a_failing_entra_id_lets_a_valid_token_serve_on(entra: Entra) -> None:
    tokens = entra.tokens()
    await tokens.token()
    entra.down = True

    entra.now += 3600 - 60
    assert await tokens.token() == "token 1"
    entra.now += 60
    with pytest.raises(Retryable):
        await tokens.token()
    entra.down = False
    assert await tokens.token() == "token 2"


async def test_a_refused_token_is_never_given_again(entra: Entra) -> None:
    tokens = entra.tokens()
    await tokens.token()
    entra.down = True

    with capture_logs() as logs, pytest.raises(Retryable) as failure:
        await tokens.token(refused="token 1")

    assert failure.value.reason == "no_token"
    assert "secret words" not in f"{logs}"


async def test_a_thousand_messages_take_one_token_request(entra: Entra) -> None:
    async with FakeConnector() as connector, connector_session(use_proxy=False) as session:
        client = ConnectorClient(session, entra.tokens())
        anna = connector.account("Anna").conversation_id
        for _ in range(20):
            await asyncio.gather(*(client.send(connector.service_url, anna, {"type": "typing"}) for _ in range(50)))

        assert len(entra.requests) == 1
        assert len(connector.calls) == 1000
        assert {call.token for call in connector.calls} == {"Bearer token 1"}
        assert connector.connections <= 50


async def test_local_mode_has_no_token() -> None:
    assert await NoTokens().token() is None
    assert await NoTokens().token(refused="x") is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("managed_identity", "ManagedIdentityCredential"),
        ("workload_identity", "WorkloadIdentityCredential"),
        ("certificate", "CertificateCredential"),
        ("secret", "ClientSecretCredential"),
    ],
)
def test_each_kind_of_identity_has_its_credential(
    kind: CredentialKind, name: str, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))

    credential = credential_for(kind, app_id=APP, tenant_id=TENANT, secret="s", certificate_path=certificate)

    assert type(credential).__name__ == name


@pytest.mark.parametrize("kind", ["certificate", "secret", "workload_identity"])
def test_an_identity_with_something_missing_is_refused(kind: CredentialKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_FEDERATED_TOKEN_FILE", raising=False)

    with pytest.raises(ValueError, match=r"certificate|secret|token_file_path"):
        credential_for(kind, app_id=APP, tenant_id=TENANT)


def test_a_certificate_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "bot.pem"
    wrong.write_text("no certificate")

    with pytest.raises(ValueError, match="PEM"):
        credential_for("certificate", app_id=APP, tenant_id=TENANT, certificate_path=wrong)
    with pytest.raises(OSError, match=r"none\.pem"):
        credential_for("certificate", app_id=APP, tenant_id=TENANT, certificate_path=tmp_path / "none.pem")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "meldroute")])
    start = datetime(2026, 11, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=365))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "bot.pem"
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path
