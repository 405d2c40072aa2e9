"""Who gets in, with tokens that are really signed, over the real route."""

import base64
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.teams.incoming import Refused, read_activity
from bot.teams.openid_keys import PAUSE, OpenIdKeys
from bot.teams.token_check import NoTokenCheck, TokenCheck
from tests.bot.teams.edge import Recorder, edge
from tests.bot.teams.edge import activity as local_activity
from tests.bot.teams.tokens import SERVICE_URL, Authority, Key
from tests.fake_connector import APP_ID, TENANT

KEY = Key("first")
#: The tenant of Microsoft whose tokens the SDK takes for those of its emulator.
EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"


def activity(**fields: Any) -> dict[str, Any]:
    return local_activity(**{"serviceUrl": SERVICE_URL, **fields})


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in activity().items() if name not in names}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def guarded(handler: Recorder, *keys: Key) -> AsyncGenerator[tuple[str, ClientSession]]:
    async with Authority(*(keys or (KEY,))) as authority, ClientSession() as session:
        check = TokenCheck(OpenIdKeys(session, authority.metadata_url), app_id=APP_ID, tenant_id=TENANT.upper())
        async with edge(handler, check) as url:
            yield url, session


async def status_of(headers: dict[str, str], body: object, *keys: Key) -> tuple[int, Recorder, str]:
    """The status, what reached the bot, and the reason in the log."""
    handler = Recorder()
    with capture_logs() as logs:
        async with guarded(handler, *keys) as (url, session), session.post(url, json=body, headers=headers) as answer:
            status = answer.status
            await answer.read()
    reasons = [str(entry["reason"]) for entry in logs if entry["event"] == "request_refused"]
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    assert not (len(token) > 20 and token in str(logs)), "a token in the log"
    return status, handler, "; ".join(reasons)


async def test_what_teams_sends_reaches_the_bot() -> None:
    status, handler, reason = await status_of(bearer(KEY.token()), activity())

    assert (status, reason) == (200, "")
    assert handler.event.address.service_url == SERVICE_URL
    assert handler.event.address.tenant_id == TENANT


NOW = time.time()
OTHER_KEY_SAME_ID = Key("first")
NOT_ENDORSED = Key("other channel", ["webchat"])
WITHOUT_ENDORSEMENTS = Key("unendorsed", None)


def unsigned() -> str:
    return jwt.encode({"iss": "https://api.botframework.com", "aud": APP_ID, "exp": NOW + 600}, "", "none")


def signed_with_public_key() -> str:
    """HS256 with the public key as secret: the oldest trick there is."""
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "first"}, {"iss": "https://api.botframework.com", "aud": APP_ID}]
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    )


BAD_TOKENS: dict[str, dict[str, str]] = {
    "no header": {},
    "empty header": {"Authorization": ""},
    "another scheme": {"Authorization": f"Basic {KEY.token()}"},
    "no token": {"Authorization": "Bearer "},
    "three words": {"Authorization": f"Bearer {KEY.token()} x"},
    "garbage": bearer("garbage"),
    "garbage in three parts": bearer("a.b.c"),
    "no letters": bearer("é.ü.ß"),
    "unsigned": bearer(unsigned()),
    "signed with the public key": bearer(signed_with_public_key()),
    "another signature": bearer(KEY.token()[:-8] + "AAAAAAAA"),
    "another key under the same id": bearer(OTHER_KEY_SAME_ID.token()),
    "unknown key": bearer(Key("unknown").token()),
    "wrong audience": bearer(KEY.token(aud="another bot")),
    "several audiences": bearer(KEY.token(aud=[APP_ID, "another bot"])),
    "no audience": bearer(KEY.token(without=("aud",))),
    "no issuer": bearer(KEY.token(without=("iss",))),
    "issuer of the emulator": bearer(KEY.token(iss=EMULATOR, appid=APP_ID, ver="1.0")),
    "issuer of the tenant": bearer(KEY.token(iss=f"https://sts.windows.net/{TENANT}/")),
    "issuer with a slash": bearer(KEY.token(iss="https://api.botframework.com/")),
    "issuer in a list, as the SDK would let in": bearer(KEY.token(iss=["https://api.botframework.com"])),
    "another bot's token": bearer(KEY.token(ver="1.0", appid="another bot", iss=EMULATOR)),
    "expired six minutes ago": bearer(KEY.token(exp=NOW - 360)),
    "no end": bearer(KEY.token(without=("exp",))),
    "end that is no time": bearer(KEY.token(exp=None)),
    "not yet valid": bearer(KEY.token(nbf=NOW + 86_400)),
    "RS384": bearer(KEY.token(algorithm="RS384")),
    "RS512": bearer(KEY.token(algorithm="RS512")),
}


@pytest.mark.parametrize("headers", BAD_TOKENS.values(), ids=BAD_TOKENS)
async def test_without_a_good_token_nobody_gets_in(headers: dict[str, str]) -> None:
    status, handler, reason = await status_of(headers, activity())

    assert status == 401
    assert reason.startswith("token")
    assert handler.events == []


@pytest.mark.parametrize("key", [NOT_ENDORSED, WITHOUT_ENDORSEMENTS], ids=lambda key: key.kid)
async def test_a_key_that_does_not_speak_for_teams_opens_nothing(key: Key) -> None:
    status, handler, reason = await status_of(bearer(key.token()), activity(), KEY, key)

    assert status == 401
    assert reason
    assert handler.events == []


async def test_a_token_that_ended_four_minutes_ago_still_counts() -> None:
    """Clocks differ: the SDK allows five minutes."""
    status, _, _ = await status_of(bearer(KEY.token(exp=time.time() - 240)), activity())

    assert status == 200


FOREIGN = "00000000-0000-4000-8000-000000000000"
CONVERSATION = activity()["conversation"]
BAD_ACTIVITIES: dict[str, dict[str, Any]] = {
    "no service url": without("serviceUrl"),
    "empty service url": activity(serviceUrl=""),
    "another service url": activity(serviceUrl="https://smba.trafficmanager.net/amer/"),
    "no channel": without("channelId"),
    "another channel": activity(channelId="webchat"),
    "channel in capitals": activity(channelId="MSTeams"),
    "another tenant": activity(
        channelData={"tenant": {"id": FOREIGN}}, conversation=CONVERSATION | {"tenantId": FOREIGN}
    ),
    "another tenant in channel data": activity(channelData={"tenant": {"id": FOREIGN}}),
    "another tenant in the conversation": activity(conversation=CONVERSATION | {"tenantId": FOREIGN}),
    "no tenant": activity(channelData={}, conversation={"id": "a:1", "conversationType": "personal"}),
    "expects replies": activity(deliveryMode="expectReplies"),
    "nobody": activity(**{"from": {"id": "29:1", "name": "Anna"}}),
}


@pytest.mark.parametrize("body", BAD_ACTIVITIES.values(), ids=BAD_ACTIVITIES)
async def test_a_good_token_does_not_carry_what_is_not_ours(body: dict[str, Any]) -> None:
    status, handler, reason = await status_of(bearer(KEY.token()), body)

    assert status == 403
    assert reason
    assert handler.events == []


@pytest.mark.parametrize(
    "one_place", [{"channelData": None}, {"conversation": {"id": "a:1", "conversationType": "personal"}}]
)
async def test_the_tenant_may_stand_in_one_place(one_place: dict[str, Any]) -> None:
    status, _, _ = await status_of(bearer(KEY.token()), activity(**one_place))

    assert status == 200


SERVICE_URLS = {
    "https://smba.trafficmanager.net/emea/": 200,
    "https://smba.trafficmanager.net/emea/11111111-2222-4333-8444-555555555555/": 200,
    "https://smba.infra.gcc.teams.microsoft.com/teams": 200,
    "https://smba.infra.gov.teams.microsoft.us/teams": 200,
    "https://SMBA.trafficmanager.net/emea/": 200,
    "http://smba.trafficmanager.net/emea/": 403,
    "https://smba.trafficmanager.net:8443/emea/": 403,
    "https://smba.trafficmanager.net.example.org/": 403,
    "https://evilteams.microsoft.com/": 403,
    "https://teams.microsoft.com/": 403,
    "https://example.org/?smba.trafficmanager.net/": 403,
    "https://smba.trafficmanager.net@example.org/": 403,
    "https://example.org@smba.trafficmanager.net/": 403,
    "https://example.org\\@smba.trafficmanager.net/": 403,
    "https://smba.trafficmanager.net/?x=": 403,
    "https://smba.trafficmanager.net/#x": 403,
    "https://127.0.0.1/": 403,
    "https://[::1/": 403,
    "https:///emea/": 403,
    "//smba.trafficmanager.net/": 403,
    "smba.trafficmanager.net": 403,
    "file:///etc/hostname": 403,
}


@pytest.mark.parametrize(("service_url", "expected"), SERVICE_URLS.items())
async def test_only_hosts_of_teams_are_answered_even_when_the_token_names_others(
    service_url: str, expected: int
) -> None:
    status, _, _ = await status_of(bearer(KEY.token(serviceurl=service_url)), activity(serviceUrl=service_url))

    assert status == expected


def test_hosts_can_be_set() -> None:
    keys: Any = None
    check = TokenCheck(keys, app_id=APP_ID, tenant_id=TENANT, service_hosts=("bot.example.org",))
    ours = read_activity(json.dumps(activity(serviceUrl="https://bot.example.org/x")).encode())
    check.activity({"serviceurl": "https://bot.example.org/x"}, ours)
    teams = read_activity(json.dumps(activity()).encode())
    with pytest.raises(Refused):
        check.activity({"serviceurl": SERVICE_URL}, teams)


async def test_a_new_key_of_the_authority_is_believed_without_a_restart() -> None:
    handler, second = Recorder(), Key("second")
    now = [1000.0]
    async with Authority(KEY) as authority, ClientSession() as session:
        keys = OpenIdKeys(session, authority.metadata_url, clock=lambda: now[0])
        async with edge(handler, TokenCheck(keys, app_id=APP_ID, tenant_id=TENANT)) as url:
            for key, expected in ((KEY, 200), (second, 401)):
                async with session.post(url, json=activity(), headers=bearer(key.token())) as answer:
                    assert answer.status == expected
            authority.keys = [second]
            now[0] += PAUSE
            async with session.post(url, json=activity(), headers=bearer(second.token())) as answer:
                assert answer.status == 200


async def test_while_the_authority_is_away_nobody_gets_in_and_nothing_breaks() -> None:
    handler = Recorder()
    async with Authority(KEY) as authority, ClientSession() as session:
        authority.instead = {"/metadata": lambda: web.Response(status=500)}
        check = TokenCheck(OpenIdKeys(session, authority.metadata_url), app_id=APP_ID, tenant_id=TENANT)
        async with (
            edge(handler, check) as url,
            session.post(url, json=activity(), headers=bearer(KEY.token())) as answer,
        ):
            assert answer.status == 401


@pytest.mark.parametrize(("app_id", "tenant_id"), [("", TENANT), (APP_ID, ""), ("", "")])
def test_a_check_without_app_id_or_tenant_cannot_be_made(app_id: str, tenant_id: str) -> None:
    keys: Any = None
    with pytest.raises(ValueError, match="anybody"):
        TokenCheck(keys, app_id=app_id, tenant_id=tenant_id)


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_local_mode_listens_on_this_machine(bind: str) -> None:
    assert NoTokenCheck(bind)


@pytest.mark.parametrize(
    "bind",
    ["0.0.0.0", "::", "", "192.168.1.10", "10.0.0.1", "example.org", "127.0.0.1.example.org"],  # noqa: S104 - refused, not bound
)
def test_local_mode_refuses_to_listen_to_others(bind: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        NoTokenCheck(bind)


LOCAL_SERVICE_URL = "http://127.0.0.1:3979/_connector"
JSON = {"Content-Type": "application/json"}
LOCAL_REQUESTS: dict[str, tuple[dict[str, str], str, int]] = {
    "this machine": (JSON, LOCAL_SERVICE_URL, 200),
    "by name": (JSON | {"Host": "localhost:3978"}, "http://localhost:56150/_connector", 200),
    "IPv6": (JSON | {"Host": "[::1]:3978"}, "http://[::1]:56150/_connector", 200),
    "with a character set": ({"Content-Type": "application/json; charset=utf-8"}, LOCAL_SERVICE_URL, 200),
    "a name that points here": (JSON | {"Host": "evil.example.org"}, LOCAL_SERVICE_URL, 403),
    "a name that begins like us": (JSON | {"Host": "localhost.example.org"}, LOCAL_SERVICE_URL, 403),
    "no host": (JSON | {"Host": ""}, LOCAL_SERVICE_URL, 403),
    "host that is none": (JSON | {"Host": "[::1"}, LOCAL_SERVICE_URL, 403),
    "a form of a web page": ({"Content-Type": "text/plain"}, LOCAL_SERVICE_URL, 403),
    "another form": ({"Content-Type": "application/x-www-form-urlencoded"}, LOCAL_SERVICE_URL, 403),
    "answers go elsewhere": (JSON, "https://smba.trafficmanager.net/emea/", 403),
    "answers go to a name like us": (JSON, "http://localhost.example.org/", 403),
    "answers go past us": (JSON, "http://127.0.0.1@example.org/", 403),
    "answers go to a file": (JSON, "file://localhost/etc/hostname", 403),
    "answers go nowhere": (JSON, "", 403),
}


@pytest.mark.parametrize(("headers", "service_url", "expected"), LOCAL_REQUESTS.values(), ids=LOCAL_REQUESTS)
async def test_local_mode_speaks_with_this_machine_only(
    headers: dict[str, str], service_url: str, expected: int
) -> None:
    handler = Recorder()
    body = json.dumps(activity(serviceUrl=service_url))
    async with (
        edge(handler) as url,
        ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        assert answer.status == expected
        assert len(handler.events) == (1 if expected == 200 else 0)


async def test_local_mode_asks_for_a_name_as_well() -> None:
    handler = Recorder()
    body = activity(serviceUrl=LOCAL_SERVICE_URL, **{"from": {"id": "29:1", "name": "Anna"}})
    async with edge(handler) as url, ClientSession() as session, session.post(url, json=body) as answer:
        assert answer.status == 403
        assert handler.events == []
