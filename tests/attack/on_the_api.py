"""Attacks on the API of machines: without a key, with another's, a revoked or an expired one, beyond the scopes."""

import re
from collections.abc import Iterator

from bot.gateway.routes.openapi import document
from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target
from tests.support.fake_trackers import signed

METHODS = {"get", "post", "put", "delete", "patch"}


def operations() -> list[tuple[str, str]]:
    found = [
        (method.upper(), re.sub(r"\{\w+\}", "TR-483-920-179", path))
        for path, methods in document()["paths"].items()
        for method in methods
        if method in METHODS and path.startswith("/api/v1/")
    ]
    assert len(found) >= 9, "the description of the API is too short to be whole"
    return found


def key(target: Target, *scopes: str, days: int | None = None) -> tuple[int, str]:
    """The id of a new key, and the key."""
    admin = target.technician("admin")
    made = admin.post("/desk/api/api-keys", json={"name": "Attacker", "scopes": list(scopes), "days": days}).json()
    return made["key"]["id"], made["secret"]


@attack("every address of the API without a key, with a guessed one, a customer's token or a desk session")
def without_a_key(target: Target) -> Iterator[Try]:
    customer, admin, nobody = target.customer(), target.technician("admin"), target.browser()
    _, real = key(target, "issues:read")
    tokens = ("", "trk_", "trk_" + "A" * 43, real[:-1], real + "x", real.upper(), customer.token)
    for method, path in operations():
        body: dict[str, str] | None = None if method == "GET" else {}
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = nobody.request(method, path, json=body, headers=headers)
            yield held(f"{method} {path} {token[:8]}", unless=answer.status_code != 401, saying=str(answer.status_code))
        answer = admin.request(method, path, json=body)
        yield held(f"{method} {path} session", unless=answer.status_code != 401, saying=str(answer.status_code))


@attack("every address of the API with a key that has no scope for it, and with a revoked one")
def beyond_the_scopes(target: Target) -> Iterator[Try]:
    nobody = target.browser()
    _, small = key(target, "confidential:read")
    number, revoked = key(target, "issues:read", "issues:create", "issues:resolve", "notes:write", "contracts:write")
    target.technician("admin").post(f"/desk/api/api-keys/{number}/revoke", json={})
    for method, path in operations():
        body: dict[str, str] | None = None if method == "GET" else {}
        for name, token, wanted in (("small", small, 403), ("revoked", revoked, 401)):
            if name == "small" and path == "/api/v1/key":
                continue
            answer = nobody.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
            yield held(f"{method} {path} {name}", unless=answer.status_code != wanted, saying=str(answer.status_code))


@attack("a key that makes keys, reads the desk or writes to customers")
def out_of_the_api(target: Target) -> Iterator[Try]:
    _, token = key(target, "issues:read", "confidential:read", "notes:write")
    customer, nobody = target.customer(), target.browser(Authorization=f"Bearer {token}")
    for method, path in (
        ("POST", "/desk/api/api-keys"),
        ("GET", "/desk/api/issues"),
        ("GET", f"/api/conversations/{customer.id}/messages"),
        ("POST", f"/api/conversations/{customer.id}/messages"),
        ("POST", f"/desk/api/conversations/{customer.id}/messages"),
    ):
        answer = nobody.request(method, path, json=None if method == "GET" else {"text": "hello"})
        yield held(f"{method} {path}", unless=answer.status_code != 401, saying=str(answer.status_code))


@attack("keys made or revoked by a technician or a supervisor")
def keys_by_others(target: Target) -> Iterator[Try]:
    number, _ = key(target, "issues:read")
    for role in ("technician", "supervisor"):
        somebody = target.technician(role)
        for method, path in (("GET", ""), ("POST", ""), ("POST", f"/{number}/revoke")):
            body = None if method == "GET" else {"name": "x", "scopes": ["issues:read"]}
            answer = somebody.request(method, f"/desk/api/api-keys{path}", json=body)
            yield held(f"{role} {method} {path}", unless=answer.status_code != 403, saying=str(answer.status_code))


@attack("events of a tracker with no signature, a guessed one, that of another tracker, or of no tracker")
def forged_tracker_events(target: Target) -> Iterator[Try]:
    admin, nobody = target.technician("admin"), target.browser()
    fields = {"kind": "github", "name": "x", "project": "a/b", "token": "t"}
    first, second = (admin.post("/desk/api/trackers", json=fields).json() for _ in range(2))
    body = b'{"action": "closed", "issue": {"number": 1}, "repository": {"full_name": "a/b"}}'
    signatures = (
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signed("", body),
        signed(second["secret"], body),
        "sha1=x",
        "x" * 5000,
    )
    for number in (first["tracker"]["id"], 999, 0, 2**40):
        for signature in signatures:
            headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "issues"} if signature else {}
            answer = nobody.post(f"/trackers/{number}/events", content=body, headers=headers)
            what = f"tracker {number} {signature[:12]}"
            yield held(what, unless=answer.status_code != 401, saying=str(answer.status_code))
