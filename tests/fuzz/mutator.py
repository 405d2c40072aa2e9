"""Damages an activity: in its values, its shape, its ids, or in its bytes."""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any, cast

from tests.teams_client import Json

#: Values where something else is expected.
_NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, -(2**70), 1e308, 0.1, "", " ", "0", "-1", "null", "undefined", "NaN",
    [], {}, [[]], [None], {"": ""}, {"a": {"b": {"c": [1, "2", None]}}},
    "x" * 5000, "\x00", "a\x00b", "\u202egnirts", "\U0001f937\u200d\u2640\ufe0f", "moe \ud83d", "\ude00",
    "[" * 200, "é" * 300, "\u200b",
    "\ufeff", "'; DROP TABLE signals; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
    "../../etc/passwd", "%s%n%x", "[klik](javascript:alert(1))", "\r\nSet-Cookie: a=b", "123456782", "9" * 40,
    "2026-13-45T99:99:99Z", "S-2026-0001", "intake.send", "signal.close",
)  # fmt: skip
_VERBS = (
    "intake.answer", "intake.send", "intake.back", "intake.wipe", "intake.keep", "signal.open", "signal.take_up",
    "signal.hand_over", "signal.close", "signal.withdraw", "mine.look", "mine.add", "others.start", "entry.save",
    "doubt.tell", "menu.report", "menu.queue", "learn.show", "signal.", ".", "intake", "", "intake.answer.answer",
)  # fmt: skip

Path = tuple[str | int, ...]


class Mutator:
    """Makes one damaged activity after another out of good ones."""

    def __init__(self, good: Sequence[Json], random: Random) -> None:
        self._good = good
        self._random = random
        self._ids = [value for each in good for path, value in _leaves(each) if "id" in str(path[-1]).lower()]

    def next(self, *, keep: Callable[[Json], None] = lambda _: None) -> bytes:
        """A body; `keep` puts back what must stay as it is, unless the damage took the place of it."""
        random = self._random
        activity = deepcopy(random.choice(self._good))
        activity["id"] = f"fuzz-{random.getrandbits(60)}" if random.random() < 0.9 else activity["id"]
        for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
            self._damage(activity)
        keep(activity)
        body = json.dumps(activity, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
        return self._bytes(body) if random.random() < 0.08 else body

    def _damage(self, activity: Json) -> None:
        random = self._random
        places = list(_places(activity))
        if not places:
            return
        *way, last = random.choice(places)
        holder: Any = activity
        for step in way:
            holder = holder[step]
        value = holder[last]
        if random.random() < 0.15:
            del holder[last]
        elif isinstance(value, str) and random.random() < 0.4:
            holder[last] = random.choice((_bent(value, random), random.choice(_VERBS)))
        elif isinstance(holder, dict) and random.random() < 0.2:
            name = random.choice((str(last), "value", "text", "action", "verb", "data", "replyToId", "in.story"))
            cast("Json", holder)[name] = deepcopy(random.choice(_NASTY))
        else:
            holder[last] = self._instead_of(value)

    def _instead_of(self, value: object) -> object:
        random = self._random
        match random.randrange(5):
            case 0:
                return random.choice(self._ids)
            case 1:
                return deepcopy(self._value_of_another())
            case 2:
                return {"type": "Action.Execute", "verb": random.choice(_VERBS), "data": value}
            case 3:
                return [value] * random.choice((2, 50))
            case _:
                return deepcopy(random.choice(_NASTY))

    def _value_of_another(self) -> object:
        other: Any = self._random.choice(self._good)
        for step in self._random.choice(list(_places(other))):
            other = other[step]
        return other

    def _bytes(self, body: bytes) -> bytes:
        random = self._random
        at = random.randrange(len(body))
        match random.randrange(4):
            case 0:
                return body[:at]
            case 1:
                return body[:at] + bytes([random.randrange(256)]) + body[at + 1 :]
            case 2:
                return body + body
            case _:
                return body[:at] + b"\xff\xfe" + body[at:]


def _bent(text: str, random: Random) -> str:
    """The same text, nearly."""
    at = random.randrange(len(text) + 1)
    return random.choice((text[:at], text[at:], text + text, text.upper(), f"{text[:at]}\u0000{text[at:]}", f" {text}"))


def _places(value: object, way: Path = ()) -> Iterator[Path]:
    """The ways to everything in it."""
    steps: Sequence[str | int] = ()
    if isinstance(value, dict):
        steps = list(cast("Json", value))
    elif isinstance(value, list):
        steps = range(len(cast("list[object]", value)))
    for step in steps:
        yield (*way, step)
        yield from _places(cast("Any", value)[step], (*way, step))


def _leaves(activity: Json) -> Iterator[tuple[Path, str]]:
    for way in _places(activity):
        value: Any = activity
        for step in way:
            value = value[step]
        if isinstance(value, str):
            yield way, value
