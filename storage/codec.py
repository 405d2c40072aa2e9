"""The one way in which content is written to and read from the database: sealed, and bound to its place.

AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. Key id, table, column and row id are the associated
data: a sealed value that is copied to another row, column or table does not open there.

A sealed value is: format (1 byte, 1) · length of the key id (1 byte) · key id · nonce (12) · ciphertext and tag (16).
"""

import hmac
import os
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_SHORTEST = 2 + 1 + _NONCE_BYTES + 16


class ContentUnreadable(Exception):
    """Stored content does not open: its key is not here, it was altered, or it stands in another place."""


class KeyRing(Protocol):
    """The keys for content: one to write with, and older ones to read with."""

    @property
    def current(self) -> str:
        """The id of the key that new content is sealed with."""
        ...

    def secret(self, key_id: str) -> bytes:
        """The 32 bytes of this key. Raises KeyError if it is not on the ring."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A column in a table: where a sealed value belongs."""

    table: str
    column: str


class ContentCodec:
    """Seals JSON values and opens them again."""

    __slots__ = ("_ciphers", "_digest_key", "_header", "_key_id", "_keys")

    def __init__(self, keys: KeyRing) -> None:
        """Raises KeyError if the current key is not on the ring."""
        self._keys = keys
        self._ciphers: dict[str, AESGCM] = {}
        self._key_id = keys.current
        self._digest_key: bytes | None = None
        name = self._key_id.encode()
        self._header = _FORMAT + bytes((len(name),)) + name
        self._cipher(self._key_id)

    def seal(self, place: Place, row: str, content: object) -> bytes:
        """The content (anything orjson writes) sealed for this row. Raises TypeError for anything else."""
        nonce = os.urandom(_NONCE_BYTES)
        plain = orjson.dumps(content)
        bound = _associated(self._key_id, place, row)
        return self._header + nonce + self._cipher(self._key_id).encrypt(nonce, plain, bound)

    def open(self, place: Place, row: str, sealed: bytes) -> Any:
        """The content as JSON gives it back. Raises ContentUnreadable."""
        where = f"{place.table}.{place.column} of row {row}"
        if sealed[:1] != _FORMAT or len(sealed) < _SHORTEST:
            raise ContentUnreadable(f"{where} is not sealed content")
        start = 2 + sealed[1]
        key_id = sealed[2:start].decode(errors="replace")
        nonce, ciphertext = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        try:
            plain = self._cipher(key_id).decrypt(nonce, ciphertext, _associated(key_id, place, row))
        except KeyError:
            raise ContentUnreadable(f"{where} was sealed with key {key_id!r}, which is not in the key file") from None
        except (InvalidTag, ValueError):
            raise ContentUnreadable(f"{where} was altered, or belongs to another place") from None
        return orjson.loads(plain)

    def digest(self, content: bytes) -> str:
        """A digest of this content with which it is recognised, and which tells nothing of it without the key.

        HMAC-SHA256 (RFC 2104) with a key of its own, derived from the current one by HKDF (RFC 5869).
        """
        if self._digest_key is None:
            derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"meldroute digest")
            self._digest_key = derive.derive(self._keys.secret(self._key_id))
        return hmac.digest(self._digest_key, content, "sha256").hex()

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            cipher = self._ciphers[key_id] = AESGCM(self._keys.secret(key_id))
        return cipher


def _associated(key_id: str, place: Place, row: str) -> bytes:
    return orjson.dumps((key_id, place.table, place.column, row))
