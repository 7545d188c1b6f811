"""The main job over Slack with the whole stack: question, manual, issue, Tech Reference, technician, and back."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.api_customer import ApiTechnician
from tests.support.fake_slack import FakeSlack
from tests.support.running_stack import RunningStack, eventually
from tests.support.slack_customer import SlackCustomer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")


@pytest.fixture(scope="module")
def slack(stack: RunningStack) -> Iterator[FakeSlack]:
    """The Slack that the stack talks to, as strict as the real one; a contract knows the customer's workspace."""
    file = stack.home / "slack_contracts.csv"
    file.write_text("number,company,status,starts_on,slack_team_id\nC-S1,Brightson Ltd,active,2026-01-01,T0HOST\n")
    stack.command("contract", "import", str(file))
    stack.slack.seconds_apart = 0.9
    yield stack.slack
    stack.slack.seconds_apart = 0.0


@pytest.fixture(scope="module")
def anna(stack: RunningStack) -> ApiTechnician:
    account = stack.add_technician("Anna Meyer")
    return ApiTechnician(stack.url, account.email, account.password)


def test_from_a_question_in_slack_to_a_technician_and_back(
    stack: RunningStack, slack: FakeSlack, anna: ApiTechnician
) -> None:
    kim = SlackCustomer(stack.url, slack, "U1KIM", "D0JOURNEY")
    found = kim.says("how do I reprint an invoice?", answer="/manual/")
    (address, *_) = re.findall(r"<(http[^|>]+)\|", json.dumps(found))
    assert address.startswith(stack.url) and httpx.get(address.partition("#")[0]).status_code == 200
    kim.hears("Yes, solved")

    kim.says("no, it crashes when I print", answer="e-mail")
    logged = kim.says("<mailto:kim@brightsons.example|kim@brightsons.example>", answer="Tech Reference is")
    (reference,) = set(REFERENCE.findall(logged["text"]))
    kim.hears("support contract")
    waiting = anna.hand_off_of(reference)
    assert waiting["contact"] == "kim@brightsons.example"
    kim.says("12.2.1", answer=reference)

    anna.claims(reference)
    kim.hears("Anna Meyer has joined")
    conversation = waiting["conversation_id"]
    said = anna.posts(
        f"conversations/{conversation}/messages", client_message_id="hello", text="Hello, <!channel> **Anna** here."
    )
    assert said.status_code in (200, 201, 202), said.text
    heard = kim.hears("Anna* here")
    assert heard["username"] == "Anna Meyer" and reference in json.dumps(heard["blocks"])
    assert heard["blocks"][0]["text"]["text"] == "Hello, &lt;!channel&gt; *Anna* here."
    kim.sends("great, *thanks*")

    def seen() -> bool:
        read = anna.http.get(f"/desk/api/conversations/{conversation}/messages").json()["messages"]
        return (read[-1]["text"], read[-1]["author_name"]) == ("great, **thanks**", "Kim")

    eventually(seen, what="the customer's words at the desk")
    issue = anna.http.get(f"/desk/api/issues/{reference}").json()
    assert "contract" in json.dumps(issue)

    before = len(slack.posted)
    given = anna.posts(f"conversations/{conversation}/return", note="The spooler was restarted.")
    assert given.status_code == 200, given.text
    kim.hears("The spooler was restarted.", after=before)
    asks = kim.hears("Yes, solved", after=before)
    kim.presses(asks, "Yes, solved", answer="resolved")
    kim.presses(kim.hears("New issue"), "New issue", answer="going wrong")
    refused = [arguments for method, arguments in slack.calls if method == "chat.postMessage"]
    assert len(refused) == len(slack.posted), "Slack had to refuse something"


def test_in_a_channel_the_contact_is_asked_in_private_and_the_thread_has_the_reference(
    stack: RunningStack, slack: FakeSlack, anna: ApiTechnician
) -> None:
    lee = SlackCustomer(stack.url, slack, "U2LEE", "C0JOURNEY")
    root = lee.sends("<@U0BOT> it crashes when I print an invoice", fixture="app_mention")
    asked = lee.hears("e-mail", where="DU2LEE")
    note = lee.hears("direct message", where="C0JOURNEY")
    assert note["thread_ts"] == root and "e-mail" not in json.dumps(note)
    direct = SlackCustomer(stack.url, slack, "U2LEE", "DU2LEE")
    direct.sends("lee@brightsons.example")
    logged = lee.hears("Tech Reference is", where="C0JOURNEY")
    (reference,) = set(REFERENCE.findall(logged["text"]))
    assert anna.hand_off_of(reference)["contact"] == "lee@brightsons.example"
    public = [one for one in slack.posted if one["channel"] == "C0JOURNEY"]
    assert all(one["thread_ts"] == root and "lee@brightsons" not in json.dumps(one) for one in public)
    assert asked["ts"] != note["ts"]
