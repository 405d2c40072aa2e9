"""A key ring in a file on this machine: made at first run, readable by its owner only.

The file is JSON: `{"current": id, "keys": {id: 32 bytes in base64, ...}}`. Older keys stay in it as long as content
was sealed with them. Whoever loses the file loses the content: it belongs in the backup, apart from the database.
"""

import base64
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

_KEY_BYTES = 32
_MAX_KEY_ID = 64


class KeyFileRefused(Exception):
    """The key file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FileKeyRing:
    """The keys of a file. The secrets are not in its repr."""

    current: str
    secrets: Mapping[str, bytes] = field(repr=False)

    def secret(self, key_id: str) -> bytes:
        """The 32 bytes of this key. Raises KeyError."""
        return self.secrets[key_id]


class _KeyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    current: str
    keys: dict[str, str]


def open_key_file(path: Path) -> FileKeyRing:
    """The keys in this file, which is made with one new key if it is not there. Raises KeyFileRefused.

    Two processes that start at once end up with the same key: the file appears whole, and only once.
    """
    try:
        if not path.exists():
            _make(path)
        _check_mode(path)
        text = path.read_bytes()
    except OSError as error:
        raise KeyFileRefused(
            f"het sleutelbestand {path} kan niet worden gemaakt of gelezen: {error.strerror}"
        ) from error
    return _parse(path, text)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_id = secrets.token_hex(4)
    secret = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    text = orjson.dumps({"current": key_id, "keys": {key_id: secret}}, option=orjson.OPT_INDENT_2)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600 from the start
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return  # another process was first: its key counts
        _sync_folder(path.parent)
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a new name in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_mode(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyFileRefused(
            f"anderen kunnen bij het sleutelbestand {path} (rechten {mode:04o}): draai chmod 600 {path}"
        )


def _parse(path: Path, text: bytes) -> FileKeyRing:
    try:
        file = _KeyFile.model_validate_json(text)
        keys = {key_id: base64.b64decode(secret, validate=True) for key_id, secret in file.keys.items()}
    except (ValidationError, ValueError):
        raise KeyFileRefused(
            f"het sleutelbestand {path} is niet zoals Meldroute het schreef: zet de back-up terug"
        ) from None
    if file.current not in keys:
        raise KeyFileRefused(
            f"het sleutelbestand {path} noemt {file.current!r} als sleutel van nu, maar die staat er niet in"
        )
    for key_id, secret in keys.items():
        if len(secret) != _KEY_BYTES or not 1 <= len(key_id.encode()) <= _MAX_KEY_ID:
            raise KeyFileRefused(
                f"sleutel {key_id!r} in het sleutelbestand {path} moet {_KEY_BYTES} bytes in base64 zijn"
            )
    return FileKeyRing(file.current, keys)
