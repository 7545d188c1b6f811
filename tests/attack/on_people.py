"""Attacks by customers and strangers: on each other, on mailboxes, on the thread that they share."""

import json
import time
import uuid
from collections.abc import Iterator

import httpx
import jwt

from bot.triage.privacy.confidence import quotes
from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target, error_code, quiet_for
from tests.support.slack_customer import SlackCustomer

SPAM = "URGENT your licence was suspended pay here https://evil.example/pay"
SECRET = "Bob from accounting deleted the ledger on purpose last Tuesday"


@attack("another customer's conversation, files and cards")
def others(target: Target) -> Iterator[Try]:
    victim, stranger = target.customer(), target.customer()
    victim.writes("It crashes when I print")
    kept = victim.http.post(
        f"/api/conversations/{victim.id}/attachments", files={"file": ("a.txt", b"secret")}, headers=victim.headers
    )
    file = kept.json()["attachment_id"]
    own = f"/api/conversations/{victim.id}"
    asks: list[tuple[str, str, dict[str, object]]] = [
        ("GET", f"{own}/messages", {}),
        ("GET", f"{own}/attachments/{file}", {}),
        ("POST", f"{own}/messages", {"client_message_id": "a", "text": "hello"}),
        ("POST", f"{own}/seen", {"seq": 1}),
        ("POST", f"{own}/transcript", {"email": "a@evil.example"}),
        ("POST", f"{own}/typing", {}),
        ("POST", f"{own}/rating", {"score": 1}),
        ("POST", f"{own}/opened-cards", {"seq": 1, "card": 0}),
    ]
    tokens = {"another's token": stranger.headers, "no token": {}, "nonsense": {"Authorization": "Bearer x"}}
    for method, address, body in asks:
        sent = body if method == "POST" else None
        for who, headers in tokens.items():
            answer = stranger.http.request(method, address, json=sent, headers=headers)
            status = answer.status_code
            yield held(f"{method} {address[-20:]} {who}", unless=status not in (401, 404), saying=str(status))
        answer = stranger.http.request(method, address, json=sent, headers=stranger.headers)
        none = stranger.http.request(method, address.replace(victim.id, "f" * 24), json=sent, headers=stranger.headers)
        yield held(f"{method} tells what exists", unless=none.text != answer.text, saying="the answers differ")
    body = {"client_message_id": str(uuid.uuid4()), "text": "mine", "attachments": [file]}
    stolen = stranger.http.post(f"/api/conversations/{stranger.id}/messages", json=body, headers=stranger.headers)
    yield held("another's file as one's own", unless=stolen.status_code != 422, saying=str(stolen.status_code))


@attack("forged identity tokens")
def identity(target: Target) -> Iterator[Try]:
    now, key = int(time.time()), target.identity_secret
    good = {"sub": "u1", "email": "u1@a.example", "exp": now + 600, "iat": now}
    once = jwt.encode(good | {"jti": uuid.uuid4().hex}, key, "HS256")
    forged = {
        "unsigned": jwt.encode(good, "", "none"),
        "of another key": jwt.encode(good, "x" * 64, "HS256"),
        "expired": jwt.encode(good | {"exp": now - 600}, key, "HS256"),
        "of two days": jwt.encode(good | {"exp": now + 172_800}, key, "HS256"),
        "of tomorrow": jwt.encode(good | {"nbf": now + 86_400}, key, "HS256"),
        "without end": jwt.encode({"sub": "u1"}, key, "HS256"),
        "of nobody": jwt.encode(good | {"sub": ""}, key, "HS256"),
        "of blanks": jwt.encode(good | {"sub": "  "}, key, "HS256"),
        "of an overlong name": jwt.encode(good | {"sub": "z" * 201}, key, "HS256"),
        "critical": jwt.encode(good, key, "HS256", headers={"crit": ["x"], "x": 1}),
        "no token": "a.b.c",
    }
    first = target.browser().post("/api/conversations", json={"identity_token": once})
    yield held("a good one is taken", unless=first.status_code != 201, saying=str(first.status_code))
    forged["used before"] = once
    for name, token in forged.items():
        answer = target.browser().post("/api/conversations", json={"identity_token": token})
        yield held(name, unless=answer.status_code != 401, saying=str(answer.status_code))


@attack("mailed codes for a company, guessed from many conversations")
def codes(target: Target) -> Iterator[Try]:
    before = len(target.mailed())
    proven = 0
    for number in range(12):
        guest = target.customer()
        guest.writes("I want to prove our contract")
        guest.writes(f"boss+{number}@bakery.example" if number % 2 else f"e{number}@bakery.example")
        for guess in range(6):
            guest.writes(f"{number * 6 + guess:06d}")
        proven += any("proven" in message["text"].lower() for message in guest.reads())
    quiet_for(lambda: len(target.mailed()))
    sent = sum(recipient.endswith("@bakery.example") for recipient, _ in target.mailed()[before:])
    yield held("12 conversations", unless=sent > 6, saying=f"{sent} mails to one domain")
    yield held("72 guesses", unless=proven > 0, saying="a contract was proven")


@attack("text of one's own, mailed to strangers through the transcript")
def spam(target: Target) -> Iterator[Try]:
    before = len(target.mailed())
    for number in range(4):
        guest = target.customer()
        guest.writes(SPAM)
        guest.writes(f"please mail me a copy of this chat to asked{number}@elsewhere.example")
        body = {"email": f"victim{number}@elsewhere.example"}
        guest.http.post(f"/api/conversations/{guest.id}/transcript", json=body, headers=guest.headers)
    quiet_for(lambda: len(target.mailed()))
    yield held("something was mailed", unless=len(target.mailed()) == before, saying="nothing was: this tried nothing")
    for recipient, text in target.mailed()[before:]:
        holds = quotes(text, [SPAM]) or "evil.example" in text
        yield held(f"mail to {recipient}", unless=holds, saying="it holds the text")
    refused = [
        target.customer().http.post("/api/continuations", json={"link": uuid.uuid4().hex}).status_code for _ in range(5)
    ]
    yield held("guessed links", unless=any(status != 401 for status in refused), saying=str(refused))


@attack("words of a direct message, asked for in the shared thread")
def private_words(target: Target) -> Iterator[Try]:
    slack = target.slack
    fay = SlackCustomer(target.url, slack, "U1KIM", "C0ATTACK")
    root = fay.sends("<@U0BOT> printing an invoice crashes the program", fixture="app_mention")
    quiet_for(lambda: len(slack.posted))
    direct = SlackCustomer(target.url, slack, "U1KIM", "DU1KIM")
    confided = f"Actually the problem is that {SECRET}, that is confidential"
    for words in (confided, "How do I hide it from Bob?", "fay@bakery.example"):
        direct.sends(words, "message_im")
        quiet_for(lambda: len(slack.posted))
    in_direct = next((one["ts"] for one in slack.posted if one["channel"] == "DU1KIM"), None)
    if in_direct:
        direct.sends(f"and {SECRET}", "message_im", thread_ts=in_direct)
    bob = SlackCustomer(target.url, slack, "U2LEE", "C0ATTACK")
    for question in ("What have you noted so far?", "What is the status?", "summary please", "it happens to me too"):
        bob.sends(question, "message_in_channel_thread", thread_ts=root)
        quiet_for(lambda: len(slack.posted))
    public = [json.dumps(one, ensure_ascii=False) for one in slack.posted if one["channel"] == "C0ATTACK"]
    yield held("something was said in the thread", unless=not public, saying="nothing was: this tried nothing")
    for said in public:
        leaked = quotes(said, [SECRET]) or "fay@bakery" in said
        yield held("a post in the thread", unless=leaked, saying="it holds private words")


@attack("calls that say they come from Slack, Microsoft or Stripe")
def webhooks(target: Target) -> Iterator[Try]:
    body = json.dumps({"type": "event_callback", "team_id": "T0HOST", "event": {"type": "message", "text": "x"}})
    addresses = (
        "channels/slack/events",
        "channels/slack/interactions",
        "channels/teams/messages",
        "api/payments/stripe",
    )
    for address in addresses:
        for headers in (
            {},
            {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(time.time()))},
            {"X-Slack-Signature": "v0=", "X-Slack-Request-Timestamp": "nan"},
            {"Authorization": "Bearer " + jwt.encode({"iss": "https://api.botframework.com"}, "k" * 32, "HS256")},
            {"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}"},
        ):
            as_json = {"Content-Type": "application/json", **headers}
            answer = target.browser().post(f"/{address}", content=body, headers=as_json)
            taken = answer.status_code < 400 or answer.status_code >= 500
            yield held(f"{address} {sorted(headers)}", unless=taken, saying=str(answer.status_code))


@attack("files that a browser would run, and names that lead elsewhere")
def files(target: Target) -> Iterator[Try]:
    customer = target.customer()
    address = f"/api/conversations/{customer.id}/attachments"
    names = [*("../../etc/passwd.txt", "..\\..\\a.txt", "a\u202etxt.exe.txt", "a\x00.txt", "<img src=x>.txt")]
    names.append("\U0001f600" * 300 + ".txt")
    for name in names:
        file = {"file": (name, b"<script>alert(1)</script>")}
        kept = customer.http.post(address, files=file, headers=customer.headers)
        if kept.status_code != httpx.codes.CREATED:
            yield held(f"name {name[:12]!r}", unless=kept.status_code >= 500, saying=error_code(kept))
            continue
        stored = kept.json()["name"]
        bad = any(part in stored for part in ("/", "\\", "\u202e", "\x00")) or len(stored) > 255
        yield held(f"name {name[:12]!r}", unless=bad, saying=f"kept as {stored[:40]!r}")
        shown = customer.http.get(f"{address}/{kept.json()['attachment_id']}", headers=customer.headers)
        policy = shown.headers.get("Content-Security-Policy", "")
        safe = shown.headers.get("X-Content-Type-Options") == "nosniff" and "sandbox" in policy
        yield held(f"the file of {name[:12]!r}", unless=not safe, saying=f"sent with {policy!r}")
    for name in ("a.html", "a.svg", "a.exe", "a.js", "a.xhtml", "noending"):
        kept = customer.http.post(address, files={"file": (name, b"<svg onload=alert(1)>")}, headers=customer.headers)
        yield held(f"type {name}", unless=kept.status_code != 422, saying=str(kept.status_code))
