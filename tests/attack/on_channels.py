"""Attacks over Slack and Teams: choices, forms and presses of people who are not asked, and tenants on no contract."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target, quiet_for
from tests.support.fake_slack import signed
from tests.support.slack_customer import FIXTURES, SlackCustomer
from tests.support.teams_customer import FIXTURES as OF_TEAMS

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
ANSWER = "attacked words of a form"
STRANGER = "11111111-2222-4b7a-9d3c-7b8e3c2d4f5a"


def captured(name: str, folder: Path = FIXTURES) -> Json:
    found: Json = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sends(target: Target, payload: Json, secret: str | None = None) -> httpx.Response:
    """Send an interaction, signed by Slack unless another secret is given."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = signed(body, time.time()) if secret is None else signed(body, time.time(), secret)
    return target.browser().post(
        "/channels/slack/interactions", content=body, headers={"Content-Type": FORM, **headers}
    )


def form_of(conversation: str, intake: int, user: Json, team: str) -> Json:
    """A form of the open questions as somebody sends it."""
    payload = {**captured("private_form_sent"), "user": user, "team": {"id": team}}
    field = {"product_version": {"product_version": {"type": "plain_text_input", "value": f"12.2.1 {ANSWER}"}}}
    payload["view"] |= {
        "id": f"V{uuid.uuid4().hex[:8]}",
        "callback_id": "question_form",
        "private_metadata": json.dumps({"conversation": conversation, "intake": intake}),
        "state": {"values": field},
    }
    return payload


@attack("a shortcut that Slack did not sign")
def forged_shortcut(target: Target) -> Iterator[Try]:
    posted = len(target.slack.posted)
    for secret in ("", "guessed", "0" * 32):
        answer = sends(target, captured("message_shortcut"), secret)
        yield held("a forged shortcut", unless=answer.status_code != 401, saying=str(answer.status_code))
    said = quiet_for(lambda: len(target.slack.posted)) != posted
    yield held("an answer to it", unless=said, saying="something was posted")


@attack("forms, presses and ratings of people who are not asked")
def of_others(target: Target) -> Iterator[Try]:
    slack = target.slack
    kim = SlackCustomer(target.url, slack, "U1KIM", "C0FORMS")
    kim.sends("<@U0BOT> printing an invoice crashes the program", fixture="app_mention")
    quiet_for(lambda: len(slack.posted), seconds=8)
    held_ids = {
        one["value"].partition(":")[0]
        for post in slack.posted
        for block in post["blocks"]
        for one in block.get("elements", [])
        if ":" in one.get("value", "")
    }
    yield held("a conversation to attack", unless=not held_ids, saying="there is none: this tried nothing")
    others = (({"id": "U2LEE", "team_id": "T0HOST"}, "T0HOST"), ({"id": "U1KIM", "team_id": "T6ELSE"}, "T6ELSE"))
    for conversation in held_ids:
        for user, team in others:
            for intake in range(1, 4):
                answer = sends(target, form_of(conversation, intake, user, team))
                taken = answer.status_code != 200 or "errors" not in answer.json()
                yield held(f"a form of {team}:{user['id']}", unless=taken, saying=answer.text[:80])
            press = {**captured("button_choice"), "user": user}
            press["actions"][0] |= {"action_id": "rate:1", "value": f"{conversation}:1"}
            shown = len(slack.ephemeral)
            sends(target, press)
            quiet_for(lambda: len(slack.ephemeral))
            thanked = any("of 5" in one["text"] for one in slack.ephemeral[shown:])
            yield held("a rating", unless=thanked, saying="it was kept")
    leaked = any(ANSWER in json.dumps(one) for one in slack.posted)
    yield held("words of a form in the thread", unless=leaked)


@attack("a tenant on no contract, in all that Teams can send")
def foreign_tenant(target: Target) -> Iterator[Try]:
    microsoft = target.stack.microsoft
    for name in ("personal_message", "invoke", "card_submit", "reaction_added"):
        raw = (OF_TEAMS / f"{name}.json").read_text(encoding="utf-8").replace("{{SERVICE_URL}}", microsoft.service_url)
        activity = json.loads(raw.replace("9c2d7b1e-2222-4b7a-9d3c-7b8e3c2d4f5a", STRANGER))
        if name == "invoke":
            payload = {"id": "1", "body": {"contentType": "html", "content": "<p>it crashes</p>"}}
            activity |= {
                "name": "composeExtension/fetchTask",
                "value": {"commandId": "create_issue", "messagePayload": payload},
            }
        headers = {"Authorization": f"Bearer {microsoft.sign()}"}
        answer = target.browser().post("/channels/teams/messages", json=activity, headers=headers)
        yield held(f"{name} of a stranger", unless=answer.status_code != 403, saying=str(answer.status_code))
