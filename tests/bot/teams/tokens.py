"""A test authority: signs tokens as the Bot Connector does and publishes its keys on loopback."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt import PyJWS
from jwt.algorithms import RSAAlgorithm

from tests.fake_connector import APP_ID

ISSUER = "https://api.botframework.com"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"


@dataclass(slots=True)
class Key:
    """A signing key and what is published about it."""

    kid: str
    endorsements: list[str] | None = field(default_factory=lambda: ["msteams", "webchat"])
    private: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))

    def published(self) -> dict[str, Any]:
        """The key as it stands in the key set."""
        public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        endorsed = {} if self.endorsements is None else {"endorsements": self.endorsements}
        return {**public, "kid": self.kid, "use": "sig", "x5t": self.kid, **endorsed}

    def token(self, *, algorithm: str = "RS256", without: tuple[str, ...] = (), **claims: object) -> str:
        """A token that Teams could have sent, with these claims over the usual ones."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 5, "exp": now + 3600, "serviceurl": SERVICE_URL}
        chosen = {name: value for name, value in {**usual, **claims}.items() if name not in without}
        # Signed as bytes: PyJWT's own encode() refuses some of what an attacker would not.
        return PyJWS().encode(json.dumps(chosen).encode(), self.private, algorithm, headers={"kid": self.kid})


class Authority:
    """`async with Authority(key) as authority:` publishes keys; what it answers can be changed and spoilt."""

    def __init__(self, *keys: Key) -> None:
        self.keys = list(keys)
        #: Requests for the metadata, and for the keys.
        self.asked: list[str] = []
        #: What is answered instead, by path.
        self.instead: dict[str, Callable[[], web.Response]] = {}
        #: Answers wait for this.
        self.hangs: asyncio.Event | None = None
        self._server: TestServer | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/metadata", self._metadata)
        app.router.add_get("/keys", self._keys)
        self._server = TestServer(app)
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stops()

    async def stops(self) -> None:
        """From now on nobody is there."""
        if self._server is not None:
            await self._server.close()

    @property
    def metadata_url(self) -> str:
        """Where the metadata is."""
        assert self._server is not None
        return str(self._server.make_url("/metadata"))

    async def _metadata(self, request: web.Request) -> web.Response:
        return await self._answer(request, {"issuer": ISSUER, "jwks_uri": str(request.url.with_path("/keys"))})

    async def _keys(self, request: web.Request) -> web.Response:
        return await self._answer(request, {"keys": [key.published() for key in self.keys]})

    async def _answer(self, request: web.Request, usual: object) -> web.Response:
        self.asked.append(request.path)
        if self.hangs is not None:
            await self.hangs.wait()
        instead = self.instead.get(request.path)
        return instead() if instead else web.json_response(usual)
