"""Identity tokens of host sites: whatever they hold, it is read, or refused with the claim's name in the log."""

import json
import logging
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from bot.services.conversation import identity_token, lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Unauthorised
from bot.store.tables import Customer

KEY = "k" * 40


@pytest.fixture(autouse=True)
def key(ctx: Context) -> None:
    object.__setattr__(ctx.settings, "identity_secret", KEY)


def signed(ctx: Context, **claims: Any) -> str:
    now = int(ctx.clock().timestamp())
    return jwt.encode({"sub": "u1", "exp": now + 3600, "iat": now} | claims, KEY, algorithm="HS256")


@pytest.mark.parametrize("claims", [{"sub": 4711}, {"sub": 0}, {"jti": 17, "sub": "a"}, {"jti": "j" * 300}])
async def test_numbers_and_long_ids_are_read(ctx: Context, claims: dict[str, Any]) -> None:
    assert (await identity_token.verify_identity_token(ctx, signed(ctx, **claims))).subject == str(
        claims.get("sub", "u1")
    )


@pytest.mark.parametrize("claim", ["iat", "nbf"])
async def test_a_few_seconds_between_two_clocks_are_allowed(ctx: Context, claim: str) -> None:
    now = int(ctx.clock().timestamp())
    await identity_token.verify_identity_token(ctx, signed(ctx, **{claim: now + 5}))
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, signed(ctx, **{claim: now + 120}))


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("absurd", [1e308, float("nan"), float("inf"), -1e300, 10**18, "soon", None, True, [1]])
async def test_absurd_moments_are_refused_and_the_log_names_the_claim(
    ctx: Context, claim: str, absurd: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, signed(ctx, **{claim: absurd}))
    assert f"claim {claim} " in caplog.text or f'"{claim}" claim' in caplog.text


@pytest.mark.parametrize("subject", ["", "  ", "z" * 201, "a\0b", "a\u200b", "\ud800", True, None, 1.5, ["a"], {}])
async def test_a_subject_that_could_be_anybodys_is_refused(
    ctx: Context, subject: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, signed(ctx, sub=subject))
    assert "sub" in caplog.text and "zzz" not in caplog.text


async def test_a_subject_that_is_a_card_number_is_stored_as_its_hash(ctx: Context) -> None:
    one = await identity_token.verify_identity_token(ctx, signed(ctx, sub="4111111111111111"))
    other = await identity_token.verify_identity_token(ctx, signed(ctx, sub="4012888888881881"))
    await lifecycle.open_conversation(ctx, identity=one)
    async with ctx.db.read() as session:
        assert await session.scalar(select(Customer.subject)) == one.subject
    assert one.subject.startswith("sha256:") and one.subject != other.subject


async def test_the_audience_counts_where_one_is_configured(ctx: Context) -> None:
    await identity_token.verify_identity_token(ctx, signed(ctx, aud="someone-else"))
    object.__setattr__(ctx.settings, "identity_audience", "techref")
    for wanted in ("techref", ["other", "techref"]):
        await identity_token.verify_identity_token(ctx, signed(ctx, aud=wanted))
    for other in ("someone-else", ["a"], 5):
        with pytest.raises(Unauthorised):
            await identity_token.verify_identity_token(ctx, signed(ctx, aud=other))
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, signed(ctx))


@pytest.mark.parametrize("token", ["\ud800", "é.é.é", "a" * 20_000, "..", "a.b.c", ""])
async def test_what_is_no_token_is_refused(ctx: Context, token: str) -> None:
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, token)


async def test_a_deeply_nested_header_is_refused(ctx: Context) -> None:
    head = jwt.utils.base64url_encode(b"[" * 5000).decode()
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, f"{head}.e30.x")
    nested: Any = "x"
    for _ in range(400):
        nested = [nested]
    assert len(json.dumps(nested)) < identity_token.LONGEST_TOKEN
    await identity_token.verify_identity_token(ctx, signed(ctx, other=nested))


async def test_a_name_of_a_megabyte_is_cut_before_it_is_read(ctx: Context) -> None:
    name = (await identity_token.verify_identity_token(ctx, signed(ctx, name="4-" * 4000))).name
    assert name is not None and len(name) <= 200
