"""Who is believed to be Teams. Everything else is refused with 401 or 403 and leaves no trace."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.store.tables import Conversation, Customer, InboundEvent, Message
from tests.channels.teams.conftest import ADDRESS, Teams
from tests.support.fake_microsoft import APP_ID, OUR_TENANT, FakeMicrosoft
from tests.support.gateway_fixture import Gateway, open_gateway

Json = dict[str, Any]
Change = Callable[[Json, FakeMicrosoft], object]
STRANGER = "11111111-2222-4333-8444-555555555555"


async def nothing_is_stored(gateway: Gateway) -> bool:
    async with gateway.ctx.db.read() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (Conversation, Customer, Message, InboundEvent)
        ]
    return not any(counts)


NOW = time.time()
TOKENS: dict[str, tuple[Callable[[FakeMicrosoft], str | None], int, str]] = {
    "no token": (lambda _: None, 401, "token_missing"),
    "not a token": (lambda _: "abc.def", 401, "token_unreadable"),
    "no algorithm": (lambda m: m.forged("none"), 401, "token_not_rs256"),
    "HS256 with the public key as its secret": (lambda m: m.forged("HS256"), 401, "token_not_rs256"),
    "RS384": (lambda m: m.sign(algorithm="RS384"), 401, "token_not_rs256"),
    "PS256": (lambda m: m.sign(algorithm="PS256"), 401, "token_not_rs256"),
    "signed by an unknown key": (lambda m: m.sign(kid="k2"), 401, "key_unknown"),
    "signed by another key under a known name": (lambda m: m.sign(kid="k2", header_kid="k1"), 401, "token_invalid"),
    # 341 characters are never base64, 340 always are: the end alone decides how far such a token gets.
    "cut off by one character": (lambda m: m.sign()[:-1], 401, "token_unreadable"),
    "cut off by a byte": (lambda m: m.sign()[:-2], 401, "token_invalid"),
    "wrong issuer": (lambda m: m.sign(iss="https://sts.windows.net/x/"), 401, "token_invalid"),
    "no issuer": (lambda m: m.sign(iss=None), 401, "token_invalid"),
    "for another bot": (lambda m: m.sign(aud=STRANGER), 401, "token_invalid"),
    "for nobody": (lambda m: m.sign(aud=None), 401, "token_invalid"),
    "without an end": (lambda m: m.sign(exp=None), 401, "token_invalid"),
    "with an end that is no number": (lambda m: m.sign(exp="tomorrow"), 401, "token_invalid"),
    "expired six minutes ago": (lambda m: m.sign(exp=int(time.time()) - 360), 401, "token_expired"),
    "valid in six minutes": (lambda m: m.sign(nbf=int(time.time()) + 360), 401, "token_not_yet_valid"),
    "issued in six minutes": (lambda m: m.sign(iat=int(time.time()) + 360), 401, "token_not_yet_valid"),
    "for another service address": (
        lambda m: m.sign(serviceurl="https://smba.trafficmanager.net/amer/"),
        403,
        "service_url_differs",
    ),
    "for no service address": (lambda m: m.sign(serviceurl=None), 403, "service_url_differs"),
}


async def test_no_token_is_believed_that_microsoft_did_not_sign_for_us(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    for case, (make, status, code) in TOKENS.items():
        answer = await teams.post(teams.activity("personal_message"), token=make(microsoft))
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), case
    assert await nothing_is_stored(gateway)
    assert microsoft.tokens_given == 0


async def test_a_token_is_believed_within_five_minutes_of_our_clock(teams: Teams, microsoft: FakeMicrosoft) -> None:
    now = int(time.time())
    for claims in (
        {},
        {"aud": f"api://botid-{APP_ID}"},
        {"exp": now - 200},
        {"nbf": now + 200, "iat": now + 200},
        {"nbf": None, "iat": None},
    ):
        answer = await teams.post(teams.activity("personal_message"), token=microsoft.sign(**claims))
        assert answer.status_code == 200, claims


def at(*path: str, value: Any) -> Change:
    def change(activity: Json, _: FakeMicrosoft) -> None:
        for name in path[:-1]:
            activity = activity[name]
        activity[path[-1]] = value

    return change


ACTIVITIES: dict[str, tuple[Change, str]] = {
    "a tenant without a contract": (
        lambda activity, _: (
            at("conversation", "tenantId", value=STRANGER)(activity, _),
            at("channelData", "tenant", value={"id": STRANGER})(activity, _),
        ),
        "tenant_unknown",
    ),
    "two different tenants": (at("channelData", "tenant", value={"id": OUR_TENANT}), "tenant_unknown"),
    "a writer from a tenant without a contract": (at("from", "tenantId", value=STRANGER), "tenant_unknown"),
    "no tenant": (
        lambda activity, _: (activity["conversation"].pop("tenantId"), activity["channelData"].pop("tenant")),
        "tenant_unknown",
    ),
    "another channel": (at("channelId", value="webchat2"), "channel_not_endorsed"),
    "no channel": (at("channelId", value=None), "channel_not_endorsed"),
    "no service address": (at("serviceUrl", value=None), "service_url_differs"),
}


async def test_an_activity_that_may_not_be_sent_to_us_is_refused(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    for case, (change, code) in ACTIVITIES.items():
        activity = teams.activity("personal_message")
        change(activity, microsoft)
        answer = await teams.post(activity)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, code), case
    assert await nothing_is_stored(gateway)


FOREIGN = [
    "https://attacker.example/emea/",
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.attacker.example/",
    "https://smba.trafficmanager.net@attacker.example/",
    "https://smba.trafficmanager.net:8443/emea/",
    "http://10.0.0.7/emea/",
    "http://127.0.0.1:1/emea/",
    "ftp://smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "https://smba.trafficmanager.net\\.attacker.example/",
]


async def test_our_token_goes_to_no_other_host_even_if_the_request_is_signed(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    for address in FOREIGN:
        activity = teams.activity("personal_message", serviceUrl=address)
        answer = await teams.post(activity, token=microsoft.sign(serviceurl=address))
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "service_host_not_allowed"), address
    assert microsoft.tokens_given == 0 and await nothing_is_stored(gateway)


async def test_a_key_that_is_not_endorsed_for_teams_is_refused(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    microsoft.offered = {"k1": ["webchat", "directline"]}
    answer = await teams.post(teams.activity("personal_message"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "channel_not_endorsed")
    assert await nothing_is_stored(gateway)


async def test_our_own_tenant_may_write_without_a_contract(teams: Teams) -> None:
    activity = teams.activity("personal_message")
    activity["conversation"]["tenantId"] = activity["channelData"]["tenant"]["id"] = OUR_TENANT.upper()
    assert (await teams.post(activity)).status_code == 200


async def test_an_unknown_key_makes_us_look_again_but_not_every_time(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    await teams.says("personal_message")
    assert microsoft.openid_asked == 1
    for _ in range(5):
        assert (await teams.post({}, token=microsoft.sign(kid="k2"))).status_code == 401
    assert microsoft.openid_asked == 1, "the list is minutes old at most"

    microsoft.offered["k2"] = ["msteams"]
    gateway.clock.advance(minutes=6)
    assert (
        await teams.post(teams.activity("typing"), token=microsoft.sign(kid="k2", exp=int(time.time()) + 7200))
    ).status_code == 200
    assert microsoft.openid_asked == 2
    for _ in range(5):
        await teams.post({}, token=microsoft.sign(kid="k3"))
    assert microsoft.openid_asked == 2


async def test_a_key_that_was_withdrawn_is_no_longer_believed_after_a_day(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    await teams.says("personal_message")
    microsoft.offered = {"k2": ["msteams"]}
    gateway.clock.advance(hours=25)
    token = microsoft.sign(exp=int(time.time()) + 100_000)
    assert (await teams.post(teams.activity("typing"), token=token)).status_code == 401


async def test_without_the_list_of_keys_nobody_is_believed_and_it_is_fetched_soon(
    teams: Teams, microsoft: FakeMicrosoft, gateway: Gateway
) -> None:
    microsoft.keys_down = True
    for _ in range(3):
        answer = await teams.post(teams.activity("personal_message"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "keys_unavailable")
    assert microsoft.openid_asked == 1
    microsoft.keys_down = False
    gateway.clock.advance(seconds=11)
    await teams.says("personal_message")


BODIES = [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"type": "message"}']


async def test_what_is_no_activity_is_refused_and_never_a_fault_of_ours(teams: Teams, gateway: Gateway) -> None:
    for raw in BODIES:
        assert (await teams.post(None, token=None, raw=raw)).status_code == 401
        assert (await teams.post(None, raw=raw)).status_code in (400, 403), raw[:20]
    assert await nothing_is_stored(gateway)


FIELDS = [
    "from",
    "conversation",
    "id",
    "text",
    "attachments",
    "entities",
    "value",
    "channelData",
    "recipient",
    "timestamp",
]
ODD = [None, 7, [[1]], {"id": 7}, {"id": "x" * 5000}]


async def test_an_odd_field_is_never_a_fault_of_ours(teams: Teams) -> None:
    for name in ("channel_message", "message_edited"):
        for field in FIELDS:
            for value in ODD:
                answer = await teams.post(teams.activity(name, **{field: value}))
                assert answer.status_code in (200, 400, 403), (name, field, value, answer.text)


@pytest.mark.parametrize("left_out", ["TECHREF_TEAMS_APP_ID", "TECHREF_TEAMS_APP_SECRET", "TECHREF_TEAMS_TENANT_ID"])
async def test_without_a_setting_the_channel_is_off_and_readyz_says_which(
    home: Path, microsoft: FakeMicrosoft, left_out: str
) -> None:
    environ = {key: value for key, value in microsoft.environ.items() if key != left_out}
    async with open_gateway(home, environ) as gateway:
        teams = Teams(gateway, microsoft)
        answer = await teams.post(teams.activity("personal_message"))
        assert answer.status_code == 404
        ready = (await teams.browser.get("/readyz")).json()
        assert ready["channels"]["teams"] == f"off: {left_out} not set"
        assert await nothing_is_stored(gateway)


async def test_readyz_says_that_the_channel_is_on(teams: Teams) -> None:
    assert (await teams.browser.get("/readyz")).json()["channels"]["teams"] == "on"
    assert (await teams.browser.get(ADDRESS)).status_code == 405
