"""Signing in: who is let in, how long, and how guessing is slowed down."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy import func, select

from bot.services.technician import accounts, known_browser
from bot.store.tables import DeskSession, SignInAttempt
from tests.support.gateway_fixture import PASSWORD, Desk, Gateway

NEW_PASSWORD = "another long one"
AS_JSON = {"Content-Type": "application/json"}


async def is_signed_in(desk: Desk) -> bool:
    return (await desk.get("me")).status_code == httpx.codes.OK


async def test_signing_in_gives_a_guarded_cookie_and_a_csrf_token(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    answer = await anna.sign_in()
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/desk" in cookie
    assert answer.json()["technician"]["name"] == "Anna"
    assert answer.json()["csrf_token"]
    me = (await anna.get("me")).json()
    assert me["csrf_token"] == answer.json()["csrf_token"]
    assert me["technician"] == {
        "id": anna.id,
        "name": "Anna",
        "email": anna.email,
        "role": "technician",
        "availability": "available",
        "team": None,
    }


async def test_the_e_mail_may_be_written_in_capitals_with_spaces_around(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    anna.email = f"  {anna.email.upper()} "
    assert (await anna.sign_in()).status_code == 200


async def test_neither_cookie_nor_csrf_token_can_be_read_from_the_database(gateway: Gateway, home: object) -> None:
    anna = await gateway.technician("Anna")
    token = anna.browser.cookies["techref_desk"]
    async with gateway.ctx.db.read() as session:
        stored = (await session.scalars(select(DeskSession))).one()
    assert token not in (stored.token_hash, stored.csrf_hash)
    assert anna.browser.headers["X-CSRF-Token"] not in (stored.token_hash, stored.csrf_hash)


async def test_unknown_e_mail_and_wrong_password_get_the_same_answer(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    wrong = await anna.sign_in("wrong password")
    anna.email = "nobody@desk.example"
    unknown = await anna.sign_in()
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"]["code"] == "bad_sign_in"
    assert "set-cookie" not in wrong.headers


async def test_a_body_that_is_no_sign_in_is_informed_so(gateway: Gateway) -> None:
    browser = gateway.browser()
    strange = (b'{"email": 1, "password": 2}', b'{"email": null, "password": ""}', b'{"email": ["a"], "password": "b"}')
    for body in (b"", b"{}", b"null", b"[]", b"not json", b"\xff", *strange):
        answer = await browser.post("/desk/api/login", content=body, headers=AS_JSON)
        assert answer.status_code == 422, body
        assert answer.json()["error"]["message"]


async def test_odd_e_mails_and_passwords_are_only_wrong(gateway: Gateway) -> None:
    for odd in ("\\ud800", "\\u0000", "x" * 100_000):
        for body in (f'{{"email": "{odd}", "password": "x"}}', f'{{"email": "a@b.example", "password": "{odd}"}}'):
            answer = await gateway.browser().post("/desk/api/login", content=body.encode(), headers=AS_JSON)
            assert answer.status_code == 401


async def test_another_web_site_cannot_sign_somebody_in(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    anna.browser.headers["Sec-Fetch-Site"] = "cross-site"
    answer = await anna.sign_in()
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example"])
async def test_another_web_site_cannot_sign_somebody_in_over_plain_http(gateway: Gateway, origin: str) -> None:
    anna = await gateway.hire("Anna")
    anna.browser.headers["Origin"] = origin
    answer = await anna.sign_in()
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "bad_origin")
    assert "set-cookie" not in answer.headers


async def test_our_own_page_signs_in(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    anna.browser.headers["Origin"] = str(anna.browser.base_url).rstrip("/")
    assert (await anna.sign_in()).status_code == 200


async def test_a_form_of_another_site_cannot_sign_in(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    body = json.dumps({"email": anna.email, "password": PASSWORD})
    answer = await anna.browser.post("/desk/api/login", content=body, headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


async def test_strangers_cannot_lock_out_a_browser_that_has_signed_in_before(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    assert (await anna.sign_in()).status_code == 200
    stranger = gateway.browser()
    tries = [
        (await stranger.post("/desk/api/login", json={"email": anna.email, "password": "guess"})).status_code
        for _ in range(9)
    ]
    assert tries == [401] * 8 + [429]
    assert (await anna.sign_in()).status_code == 200, "its own allowance"
    wrong = [(await anna.sign_in("wrong password")).status_code for _ in range(9)]
    assert wrong == [401] * 8 + [429], "which ends as well"


@pytest.mark.parametrize(
    "cookie", ["", ".", "9999999999.", "9999999999." + "0" * 64, "1.x", "²." + "0" * 64, "x" * 5000]
)
async def test_a_forged_mark_of_a_known_browser_is_none(gateway: Gateway, cookie: str) -> None:
    anna = await gateway.hire("Anna")
    async with gateway.ctx.db.read() as session:
        technician = await accounts.by_email(session, anna.email)
    assert technician is not None
    assert not known_browser.is_known(gateway.ctx, technician, cookie)
    real = known_browser.cookie_of(gateway.ctx, technician)
    assert known_browser.is_known(gateway.ctx, technician, real)
    technician.password_hash = "another"
    assert not known_browser.is_known(gateway.ctx, technician, real)


async def test_guessing_one_password_is_slowed_down_and_the_wait_is_named(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    answers = [(await anna.sign_in("wrong password")).status_code for _ in range(8)]
    assert answers == [401] * 8
    refused = await anna.sign_in()
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60 + 1
    gateway.clock.advance(seconds=int(refused.headers["Retry-After"]))
    assert (await anna.sign_in()).status_code == 200


async def test_guesses_at_the_same_moment_are_all_counted(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    answers = await asyncio.gather(*(anna.sign_in("wrong password") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 8 + [429] * 12


async def test_trying_many_e_mails_from_one_address_is_slowed_down(gateway: Gateway) -> None:
    browser = gateway.browser()
    codes = []
    for number in range(45):
        body = {"email": f"guess{number}@desk.example", "password": "wrong password"}
        codes.append((await browser.post("/desk/api/login", json=body)).status_code)
    assert codes == [401] * 40 + [429] * 5


async def test_the_right_password_lets_the_mistakes_before_it_be_forgotten(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    for _ in range(3):
        for _ in range(6):
            await anna.sign_in("wrong password")
        assert (await anna.sign_in()).status_code == 200
    async with gateway.ctx.db.read() as session:
        assert (
            await session.scalar(select(func.count()).select_from(SignInAttempt)) == 6
        )  # the address's, before it knew the browser


async def test_signing_in_again_ends_the_session_before(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    before = anna.browser.cookies["techref_desk"]
    await anna.sign_in()
    assert anna.browser.cookies["techref_desk"] != before
    assert (await gateway.browser_with(before).get("/desk/api/me")).status_code == 401


async def test_signing_out_ends_the_session_and_not_only_the_cookie(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    kept = anna.browser.cookies["techref_desk"]
    assert (await anna.post("logout")).status_code == 204
    assert "techref_desk" not in anna.browser.cookies
    assert (await gateway.browser_with(kept).get("/desk/api/me")).status_code == 401


async def test_a_new_password_ends_every_session(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await accounts.set_password(gateway.ctx, email=anna.email, password=NEW_PASSWORD)
    assert not await is_signed_in(anna)
    assert (await anna.sign_in(PASSWORD)).status_code == 401
    assert (await anna.sign_in(NEW_PASSWORD)).status_code == 200


async def test_who_may_no_longer_work_here_is_out_at_once(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    async with gateway.ctx.db.write() as session:
        account = await accounts.by_email(session, anna.email)
        assert account is not None
        account.active = False
    assert not await is_signed_in(anna)
    assert (await anna.sign_in()).status_code == 401


async def test_a_session_ends_after_twelve_hours_without_use(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    gateway.clock.advance(hours=11)
    assert await is_signed_in(anna)
    gateway.clock.advance(hours=11)
    assert await is_signed_in(anna), "use begins the twelve hours anew"
    gateway.clock.advance(hours=12, seconds=1)
    assert not await is_signed_in(anna)


async def test_a_session_ends_after_a_day_however_much_it_is_used(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for _ in range(3):
        gateway.clock.advance(hours=7)
        assert await is_signed_in(anna)
    gateway.clock.advance(hours=3, seconds=1)
    assert not await is_signed_in(anna)
