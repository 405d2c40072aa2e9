"""The keys with which the Bot Connector signs its tokens, fetched without blocking and kept through an outage.

Replaces the SDK's own store, which blocks the event loop without a time-out, forgets its keys when a daily refresh
fails and never fetches for a key it does not know (botframework-connector 4.17.1, `jwt_token_extractor.py`).
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError
from pydantic import BaseModel, Field, ValidationError

log = structlog.get_logger(__name__)

#: Microsoft Learn, "Authenticate requests from the Bot Connector service to your bot", step 2.
OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"

#: Seconds. The documentation asks for a refresh every 24 hours.
FRESH = 24 * 3600.0
#: How long keys that could not be refreshed are still believed.
KEPT = 7 * 24 * 3600.0
#: Between two fetches, whoever asks for unknown keys; shorter while there is no key at all.
PAUSE = 300.0
PAUSE_WITHOUT_KEYS = 10.0


class KeyUnknown(Exception):
    """No key with this id can be believed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key and the channels for which it may speak; in the form that the SDK's validation reads."""

    public_key: RSAPublicKey
    endorsements: tuple[str, ...]


class _Metadata(BaseModel):
    jwks_uri: str


class _KeySet(BaseModel):
    keys: list[dict[str, object]]


class _Endorsed(BaseModel):
    """What a key must have to be of use: without an endorsement it speaks for no channel."""

    kid: str = Field(min_length=1)
    endorsements: tuple[str, ...] = Field(min_length=1)


class OpenIdKeys:
    """The keys by id."""

    def __init__(
        self,
        session: ClientSession,
        metadata_url: str = OPENID_METADATA,
        *,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = 5.0,
    ) -> None:
        """`clock` counts seconds and never goes back; `timeout`: seconds for each of the two requests of a fetch."""
        self._session = session
        self._timeout = ClientTimeout(total=timeout)
        self._metadata_url = metadata_url
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, key_id: str | None) -> SigningKey:
        """The key with this id. Raises KeyUnknown.

        Waits for a fetch only when it does not know the key; keys older than a day are fetched anew in passing.
        """
        if self._age() > KEPT:
            self._keys = {}
        key = self._keys.get(key_id or "")
        if key is None:
            if key_id and (fetching := self._fetch()):
                # Several wait for one fetch: that one of them gives up must not end it for the others.
                await asyncio.shield(fetching)
                key = self._keys.get(key_id)
            if key is None:
                raise KeyUnknown
        elif self._age() > FRESH:
            self._fetch()
        return key

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _fetch(self) -> asyncio.Task[None] | None:
        """The fetch that is under way, or a new one; None when the last one was too short ago."""
        if self._fetching is None:
            pause = PAUSE if self._keys else PAUSE_WITHOUT_KEYS
            if self._clock() - self._tried_at < pause:
                return None
            self._tried_at = self._clock()
            self._fetching = asyncio.create_task(self._refresh())
        return self._fetching

    async def _refresh(self) -> None:
        try:
            keys = await self._download()
        except (ClientError, TimeoutError, ValidationError, _Unusable) as error:
            log.warning("openid_keys_kept", keys=len(self._keys), reason=type(error).__name__)
        else:
            self._keys, self._fetched_at = keys, self._clock()
            log.info("openid_keys_fetched", keys=len(keys))
        finally:
            self._fetching = None

    async def _download(self) -> Mapping[str, SigningKey]:
        metadata = _Metadata.model_validate_json(await self._read(self._metadata_url))
        key_set = _KeySet.model_validate_json(await self._read(metadata.jwks_uri))
        keys = dict(_endorsed(key_set.keys))
        if not keys:
            raise _Unusable
        return keys

    async def _read(self, url: str) -> bytes:
        async with self._session.get(url, timeout=self._timeout, raise_for_status=True) as answer:
            return await answer.read()


class _Unusable(Exception):
    """What was fetched holds no key that can be used."""


def _endorsed(keys: list[dict[str, object]]) -> Iterator[tuple[str, SigningKey]]:
    """The RSA keys with endorsements; another kind of key in the set is no fault."""
    for json in keys:
        try:
            about = _Endorsed.model_validate(json)
            public_key = PyJWK.from_dict(json, algorithm="RS256").key
        except (ValidationError, PyJWTError):
            continue
        if isinstance(public_key, RSAPublicKey):
            yield about.kid, SigningKey(public_key, about.endorsements)
