"""Attacks on the desk: without a session, without the token, with a smaller role, by another site, by words."""

import re
from collections.abc import Iterator

import httpx

from bot.gateway.routes.openapi import document
from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target, error_code

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
# Opened by a password, and by the secret of an invitation.
OPEN = {"/desk/api/login", "/desk/api/join"}
METHODS = {"get", "post", "put", "delete", "patch"}
# Of whom a technician of no higher role may change nothing.
ADMINISTRATION = (
    "mail/test",
    "settings",
    "technicians",
    "invitations",
    "contracts",
    "customers",
    "backups",
    "api-keys",
    "webhook",
    "trackers",
)


def desk_operations() -> list[tuple[str, str]]:
    found = [
        (method.upper(), re.sub(r"\{\w+\}", "1", path))
        for path, methods in document()["paths"].items()
        for method in methods
        if method in METHODS and path.startswith("/desk/api/") and path not in OPEN
    ]
    assert len(found) > 50, "the description of the desk is too short to be whole"
    return found


@attack("every address of the desk without a session, or with a customer's token")
def strangers(target: Target) -> Iterator[Try]:
    customer, nobody = target.customer(), target.browser()
    cookies = {"Cookie": "techref_desk=" + "A" * 43}
    for method, path in desk_operations():
        for who, headers in (("stranger", {}), ("customer", customer.headers), ("guessed cookie", cookies)):
            answer = nobody.request(method, path, json=None if method == "GET" else {}, headers=headers)
            yield held(f"{method} {path} {who}", unless=answer.status_code != 401, saying=str(answer.status_code))


@attack("every writing address of the desk without the CSRF token")
def csrf(target: Target) -> Iterator[Try]:
    admin = target.technician("admin")
    real = admin.headers.pop("X-CSRF-Token")
    for method, path in desk_operations():
        if method == "GET":
            continue
        for token in (None, "", "x", real[:-1], "\N{LATIN SMALL LETTER E WITH ACUTE}"):
            headers = {} if token is None else {b"X-CSRF-Token": token.encode("utf-8")}
            answer = admin.request(method, path, json={}, headers=headers)
            yield held(f"{method} {path}", unless=answer.status_code not in (403, 404), saying=str(answer.status_code))


@attack("what only administrators may do, as a technician")
def roles(target: Target) -> Iterator[Try]:
    anna = target.technician("technician")
    for method, path in desk_operations():
        if not path.removeprefix("/desk/api/").startswith(ADMINISTRATION):
            continue
        answer = anna.request(method, path, json=None if method == "GET" else {})
        got_in = answer.status_code < 400 or answer.status_code >= 500
        yield held(f"{method} {path}", unless=got_in, saying=str(answer.status_code))


@attack("a conversation without an issue, read by a technician")
def unlogged(target: Target) -> Iterator[Try]:
    customer, anna = target.customer(), target.technician("technician")
    customer.writes("hello")
    for what in ("", "/messages", "/events"):
        answer = anna.get(f"/desk/api/conversations/{customer.id}{what}")
        yield held(f"conversation{what}", unless=answer.status_code not in (403, 404), saying=str(answer.status_code))
    body = {"client_message_id": "x", "text": "hello"}
    answer = anna.post(f"/desk/api/conversations/{customer.id}/messages", json=body)
    yield held("writing into it", unless=answer.status_code < 400, saying=str(answer.status_code))


@attack("sign-in by another site")
def login_csrf(target: Target) -> Iterator[Try]:
    target.technician("technician")
    account = target.accounts["technician"]
    body = {"email": account.email, "password": account.password}
    foreign = (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )
    for headers in foreign:
        answer = target.browser().post("/desk/api/login", json=body, headers=headers)
        yield held(
            str(headers),
            unless=answer.status_code != 403 or "set-cookie" in answer.headers,
            saying=str(answer.status_code),
        )
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = target.browser().post(
            "/desk/api/login",
            content=httpx.Request("POST", target.url, json=body).content,
            headers={"Content-Type": kind},
        )
        yield held(f"as {kind or 'nothing'}", unless=answer.status_code < 400, saying=str(answer.status_code))


@attack("passwords, guessed until the technician is locked out")
def guessing(target: Target) -> Iterator[Try]:
    account = target.stack.add_technician("Locked Out")
    own, stranger = target.browser(), target.browser()
    right = {"email": account.email, "password": account.password}
    own.post("/desk/api/login", json=right)
    answers = []
    for number in range(12):
        forged = {"X-Forwarded-For": f"198.51.100.{number}"}
        email = account.email.upper() if number % 2 else account.email
        answers.append(stranger.post("/desk/api/login", json={"email": email, "password": "guess"}, headers=forged))
    refused = sum(answer.status_code == httpx.codes.TOO_MANY_REQUESTS for answer in answers)
    yield held("12 guesses", unless=refused == 0, saying="none was refused")
    known = own.post("/desk/api/login", json=right)
    locked_out = f"is locked out: {error_code(known)}"
    yield held("the browser that was known", unless=known.status_code != 200, saying=locked_out)


@attack("hostile words on pages")
def pages(target: Target) -> Iterator[Try]:
    customer = target.customer(page_url=f"https://a.example/{HOSTILE}"[:200])
    customer.writes(f"It crashes when I print {HOSTILE}")
    customer.writes("kim@bakery.example")
    supervisor = target.technician("supervisor")
    listed = supervisor.get("/desk/api/handoffs", params={"state": "all"}).json()["handoffs"]
    addresses = ["/desk/", "/desk/issues", "/desk/login", "/widget/", "/manual/", "/privacy", "/nothing-here"]
    addresses += [f"/desk/conversations/{one['conversation_id']}" for one in listed[:2]]
    addresses += [f"/desk/issues/{one['reference']}" for one in listed[:2]]
    for address in addresses:
        page = supervisor.get(address)
        policy = page.headers.get("Content-Security-Policy", "")
        if "text/html" in page.headers.get("Content-Type", ""):
            yield held(f"{address}: policy", unless="unsafe-" in policy or not policy, saying=policy or "none")
            sniffed = page.headers.get("X-Content-Type-Options") != "nosniff"
            yield held(f"{address}: nosniff", unless=sniffed, saying="not sent")
        ran = "<script>alert" in page.text or "<img src=x" in page.text
        yield held(f"{address}: words", unless=ran, saying="not escaped")
        if address.startswith("/desk"):
            yield held(f"{address}: frames", unless="frame-ancestors 'none'" not in policy, saying=policy)
    for place in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        page = target.browser().get("/desk/login", params={"next": place}, follow_redirects=False)
        leads = page.headers.get("Location", "")
        yield held(f"next={place}", unless="evil" in leads or "javascript" in leads, saying=leads)
