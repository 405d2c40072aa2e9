"""The keys of the Bot Connector through good and bad days."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from bot.teams.openid_keys import FRESH, KEPT, PAUSE, PAUSE_WITHOUT_KEYS, KeyUnknown, OpenIdKeys
from tests.bot.teams.tokens import Authority, Key

FIRST, SECOND = Key("first"), Key("second")


class Seconds:
    """A clock that goes as told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def keys_of(authority: Authority, clock: Seconds) -> AsyncGenerator[OpenIdKeys]:
    async with ClientSession() as session:
        yield OpenIdKeys(session, authority.metadata_url, clock=clock)


async def fetched_in_passing(keys: OpenIdKeys) -> None:
    """Let a fetch that nobody waits for come to its end."""
    assert keys._fetching is not None  # pyright: ignore[reportPrivateUsage] - there is no other way to see it end
    await keys._fetching  # pyright: ignore[reportPrivateUsage] - as above


async def test_keys_are_fetched_at_the_first_question_and_remembered() -> None:
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        key = await keys.get("first")
        again = await keys.get("first")

    assert key is again
    assert key.public_key.public_numbers() == FIRST.private.public_key().public_numbers()
    assert key.endorsements == ("msteams", "webchat")
    assert authority.asked == ["/metadata", "/keys"]


async def test_many_at_once_share_one_fetch() -> None:
    async with Authority(FIRST) as authority, keys_of(authority, Seconds()) as keys:
        found = await asyncio.gather(*(keys.get("first") for _ in range(20)))

    assert len(set(map(id, found))) == 1
    assert authority.asked == ["/metadata", "/keys"]


async def test_one_who_gives_up_does_not_end_the_fetch_for_the_others() -> None:
    async with Authority(FIRST) as authority, keys_of(authority, Seconds()) as keys:
        impatient = asyncio.create_task(keys.get("first"))
        patient = asyncio.create_task(keys.get("first"))
        await asyncio.sleep(0)
        impatient.cancel()

        assert (await patient).endorsements
        assert impatient.cancelled()


async def test_a_new_key_is_learned_when_a_token_names_it() -> None:
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        await keys.get("first")
        authority.keys = [SECOND]
        clock.now += PAUSE

        assert await keys.get("second")
        with pytest.raises(KeyUnknown):
            await keys.get("first")


async def test_unknown_keys_cause_one_fetch_in_five_minutes() -> None:
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        await keys.get("first")
        for seconds in (0, 1, PAUSE - 2):
            clock.now += seconds
            with pytest.raises(KeyUnknown):
                await keys.get("made up")
        assert len(authority.asked) == 2
        clock.now += 1
        with pytest.raises(KeyUnknown):
            await keys.get("made up")
        assert len(authority.asked) == 4


@pytest.mark.parametrize("key_id", [None, ""])
async def test_a_token_that_names_no_key_fetches_nothing(key_id: str | None) -> None:
    async with Authority(FIRST) as authority, keys_of(authority, Seconds()) as keys:
        with pytest.raises(KeyUnknown):
            await keys.get(key_id)

    assert authority.asked == []


async def test_after_a_day_keys_are_fetched_anew_without_anybody_waiting() -> None:
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        old = await keys.get("first")
        clock.now += FRESH + 1

        assert await keys.get("first") is old
        await fetched_in_passing(keys)
        assert await keys.get("first") is not old
        assert len(authority.asked) == 4


FAULTS = {
    "metadata 500": ("/metadata", lambda: web.Response(status=500)),
    "metadata is a page": ("/metadata", lambda: web.Response(text="<html>")),
    "metadata without place": ("/metadata", lambda: web.json_response({})),
    "metadata is a list": ("/metadata", lambda: web.json_response([])),
    "keys at another kind of address": ("/metadata", lambda: web.json_response({"jwks_uri": "ftp://127.0.0.1/keys"})),
    "keys at no address": ("/metadata", lambda: web.json_response({"jwks_uri": "http://"})),
    "keys 404": ("/keys", lambda: web.Response(status=404)),
    "keys empty": ("/keys", lambda: web.json_response({"keys": []})),
    "keys null": ("/keys", lambda: web.json_response({"keys": None})),
    "keys of another kind": ("/keys", lambda: web.json_response({"keys": [{"kid": "first", "kty": "EC"}]})),
    "key without modulus": (
        "/keys",
        lambda: web.json_response({"keys": [{"kid": "first", "kty": "RSA", "endorsements": ["msteams"]}]}),
    ),
    "key without endorsements": (
        "/keys",
        lambda: web.json_response({"keys": [Key("first", None, FIRST.private).published()]}),
    ),
    "key without any endorsement": (
        "/keys",
        lambda: web.json_response({"keys": [Key("first", [], FIRST.private).published()]}),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_old_keys_stay_when_a_refresh_fails_until_they_are_too_old(fault: str) -> None:
    path, response = FAULTS[fault]
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        old = await keys.get("first")
        authority.instead = {path: response}
        clock.now += FRESH + 1
        assert await keys.get("first") is old
        await fetched_in_passing(keys)
        assert await keys.get("first") is old

        clock.now += KEPT
        with pytest.raises(KeyUnknown):
            await keys.get("first")


async def test_a_start_without_network_is_made_good_soon_after() -> None:
    clock = Seconds()
    async with Authority(FIRST) as authority, keys_of(authority, clock) as keys:
        authority.instead = {"/metadata": lambda: web.Response(status=503)}
        with pytest.raises(KeyUnknown):
            await keys.get("first")
        authority.instead = {}
        with pytest.raises(KeyUnknown):
            await keys.get("first")
        clock.now += PAUSE_WITHOUT_KEYS

        assert await keys.get("first")


async def test_an_authority_that_is_away_gives_no_key_and_no_other_error() -> None:
    async with Authority(FIRST) as authority, keys_of(authority, Seconds()) as keys:
        await authority.stops()
        with pytest.raises(KeyUnknown):
            await keys.get("first")


async def test_keys_of_other_kinds_beside_a_good_one_are_passed_over() -> None:
    async with Authority(FIRST) as authority, keys_of(authority, Seconds()) as keys:
        odd = [{"kid": "ec", "kty": "EC", "endorsements": ["msteams"]}, {"kty": "RSA"}, FIRST.published()]
        authority.instead = {"/keys": lambda: web.json_response({"keys": odd})}

        assert await keys.get("first")
        with pytest.raises(KeyUnknown):
            await keys.get("ec")


async def test_an_authority_that_does_not_answer_is_not_waited_for() -> None:
    async with Authority(FIRST) as authority, ClientSession() as session:
        authority.hangs = asyncio.Event()
        keys = OpenIdKeys(session, authority.metadata_url, timeout=0.05)
        with pytest.raises(KeyUnknown):
            await keys.get("first")
        authority.hangs.set()
