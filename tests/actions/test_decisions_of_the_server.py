"""The action server decides turns with its settings, support.yml and the manual alone: it runs without a database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.server import SECRET_HEADER
from bot.dialogue.context import TurnContext, context_as_json
from bot.dialogue.evidence import evidence_of_json
from bot.dialogue.plan import plan_of_json
from bot.dialogue.reading import reading_of_json
from tests.support.running_stack import eventually, free_ports
from tests.support.turn_contexts import SUPPORT, pressed, replies, written

SECRET = "s" * 32
SECRET_WORDS = "it crashes at Hartwell"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The running action server; the address of its database leads nowhere, and there is no index of the manual."""
    with _running(tmp_path_factory.mktemp("home")) as client:
        yield client


@contextmanager
def _running(home: Path) -> Iterator[httpx.Client]:
    (port,) = free_ports(1)
    environment = {
        **os.environ,
        "TECHREF_HOME": str(home),
        "TECHREF_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "TECHREF_INTERNAL_SECRET": SECRET,
        "TECHREF_ACTIONS_PORT": str(port),
    }
    log = (home / "stderr").open("w+")
    process = subprocess.Popen([sys.executable, "-m", "actions"], env=environment, stdout=log, stderr=log)
    address, headers = f"http://127.0.0.1:{port}", {SECRET_HEADER: SECRET}
    try:
        with httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
            eventually(lambda: _answers(client), 60, "the action server")
            yield client
    finally:
        process.terminate()
        process.wait(30)
        log.seek(0)
        assert SECRET_WORDS not in log.read()
        log.close()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def call(client: httpx.Client, context: object, intent: str, **message: Any) -> httpx.Response:
    """Call the action as the engine does."""
    latest = {
        "text": "words",
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}, {"name": "ask_hours", "confidence": 0.1}],
        "entities": [],
        "metadata": {"context": context},
        **message,
    }
    tracker = {"sender_id": "c", "slots": {}, "latest_message": latest, "events": [], "paused": False}
    body = {"next_action": "action_decide", "sender_id": "c", "tracker": tracker, "domain": {"intents": []}}
    return client.post("/webhook", json=body)


def decision(client: httpx.Client, context: TurnContext, intent: str) -> dict[str, Any]:
    answer = call(client, context_as_json(context), intent)
    assert answer.status_code == 200
    body = answer.json()
    assert [event["name"] for event in body["events"]] == ["action_listen"]
    (response,) = body["responses"]
    decided: dict[str, Any] = response["custom"]["decision"]
    return decided


def test_a_turn_is_decided_without_a_database(server: httpx.Client) -> None:
    decided = decision(server, written("when are you open?"), "ask_hours")
    plan, reading = plan_of_json(decided["plan"]), reading_of_json(decided["reading"])
    assert (plan.rule, replies(plan)) == ("opening hours", ["utter_hours"])
    assert (reading.intent, reading.confidence, reading.by) == ("ask_hours", 0.9, "engine")
    assert reading.ranking == ("ask_hours", "ask_hours")
    assert decided["support"] == SUPPORT.digest


def test_a_pressed_choice_is_decided(server: httpx.Client) -> None:
    decided = decision(server, pressed("how_to"), "how_to")
    assert replies(plan_of_json(decided["plan"])) == ["utter_ask_how_to"]


def test_a_look_up_is_part_of_the_answer(server: httpx.Client) -> None:
    decided = decision(server, written("how do I print?"), "how_to")
    assert replies(plan_of_json(decided["plan"])) == ["utter_manual_unavailable"]
    (found,) = evidence_of_json(decided["evidence"]).manual.values()
    assert not found.searched


def test_a_warning_is_looked_up_as_well(server: httpx.Client) -> None:
    decided = decision(server, written("we lost all invoices"), "report_issue")
    assert "utter_first_aid_data_loss" in replies(plan_of_json(decided["plan"]))
    assert len(evidence_of_json(decided["evidence"]).manual) == 1


@pytest.mark.parametrize("context", [None, {}, {"message": SECRET_WORDS}, [], SECRET_WORDS])
def test_a_bad_context_fails_the_turn_and_quotes_nothing(server: httpx.Client, context: object) -> None:
    answer = call(server, context, "greet", text=SECRET_WORDS)
    assert answer.status_code == 500
    assert SECRET_WORDS not in answer.text


def test_a_change_of_the_settings_holds_from_the_next_turn(tmp_path: Path) -> None:
    with _running(tmp_path) as client:
        assert decision(client, written("your phone?"), "ask_contact")["support"] == SUPPORT.digest
        (tmp_path / "support.yml").write_text("phone: +1 212 555 0199\n")
        decided = decision(client, written("your phone?"), "ask_contact")
        assert decided["support"] != SUPPORT.digest
        assert "+1 212 555 0199" in str(decided["plan"])
