"""The main job over the public API: question, manual, issue, Tech Reference, technician, and back."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.api_customer import ApiCustomer, ApiTechnician, texts
from tests.support.running_stack import RunningStack, eventually

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")


@pytest.fixture(scope="module")
def anna(stack: RunningStack) -> ApiTechnician:
    account = stack.add_technician("Anna Meyer")
    return ApiTechnician(stack.url, account.email, account.password)


def with_a_reference(stack: RunningStack) -> tuple[ApiCustomer, str]:
    customer = ApiCustomer(stack.url)
    customer.says("it crashes when I print an invoice")
    customer.says("my e-mail is kim@brightsons.example")
    reference = customer.reads()["reference"]
    assert reference
    return customer, reference


def test_the_manual_answers_and_links_open_the_right_heading(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    answers = customer.says("how do I reprint an invoice?")
    (first, *_) = [card for message in answers for card in message["cards"]]
    assert "reprint" in first["title"].lower() and "Print" in answers[-1]["text"]
    page = httpx.get(stack.url + first["url"].partition("#")[0])
    anchor = first["url"].partition("#")[2]
    assert page.status_code == 200 and (not anchor or f'id="{anchor}"' in page.text)
    solved = customer.chooses("Yes, solved")
    assert solved and customer.reads()["owner"] == "assistant"


def test_from_a_question_to_a_technician_and_back(stack: RunningStack, anna: ApiTechnician) -> None:
    customer = ApiCustomer(stack.url, time_zone="Europe/London")
    customer.says("how do I reprint an invoice?")
    asked = customer.says("no, it crashes when I print")
    assert "e-mail" in texts(asked)
    logged = customer.says("kim@brightsons.example")
    (reference,) = set(REFERENCE.findall(texts(logged)))
    state = customer.reads()
    assert state["owner"] == "queue" and state["reference"] == reference and state["queue_position"] >= 1
    customer.says("12.2.1")

    waiting = anna.hand_off_of(reference)
    assert waiting["contact"] == "kim@brightsons.example"
    anna.claims(reference)
    assert customer.reads()["owner"] == "technician"
    said = anna.posts(f"conversations/{customer.id}/messages", client_message_id="hello", text="Hello, Anna here.")
    assert said.status_code in (200, 201, 202), said.text
    heard = customer.hears("Hello, Anna here.")
    assert (heard["author"], heard["author_name"]) == ("technician", "Anna Meyer")
    assert customer.posts("great, thanks").status_code == 202
    seen = anna.http.get(f"/desk/api/conversations/{customer.id}/messages").json()["messages"]
    assert seen[-1]["text"] == "great, thanks"

    noted = anna.posts(f"conversations/{customer.id}/notes", text="spooler was stuck: a private note")
    assert noted.status_code in (200, 201), noted.text
    given = anna.posts(f"conversations/{customer.id}/return", note="The spooler was restarted.")
    assert given.status_code == 200, given.text
    back = customer.hears("The spooler was restarted.")
    assert back["author"] == "assistant" and customer.reads()["owner"] == "assistant"
    customer.last = [back]
    customer.chooses("Yes, solved")
    customer.hears("resolved")
    everything = texts(customer.reads()["messages"])
    assert "private note" not in everything


def test_the_same_message_twice_is_one_message_and_one_turn(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    first = customer.posts("what are your opening hours?", client_id="once")
    again = customer.posts("what are your opening hours?", client_id="once")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    customer.hears("Eastern")
    other = customer.posts("something else", client_id="once")
    assert other.status_code == 409 and other.json()["error"]["code"] == "client_message_id_reused"
    assert [message["author"] for message in customer.reads()["messages"]] == ["customer", "assistant"]


def test_of_two_technicians_one_gets_the_hand_off(stack: RunningStack, anna: ApiTechnician) -> None:
    account = stack.add_technician("Ben Okafor")
    ben = ApiTechnician(stack.url, account.email, account.password)
    customer, reference = with_a_reference(stack)
    claim = f"handoffs/{anna.hand_off_of(reference)['id']}/claim"
    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(lambda who: who.posts(claim), (anna, ben)))
    assert sorted(outcome.status_code for outcome in outcomes) == [200, 409]
    loser = anna if outcomes[0].status_code == 409 else ben
    refused = loser.posts(f"conversations/{customer.id}/messages", client_message_id="x", text="mine!")
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "not_owner"


def test_resolved_then_written_again_returns_to_the_assistant(stack: RunningStack, anna: ApiTechnician) -> None:
    customer, reference = with_a_reference(stack)
    anna.claims(reference)
    assert anna.posts(f"conversations/{customer.id}/resolve").status_code == 200
    assert customer.reads()["owner"] == "closed"
    customer.says("what are your opening hours?")
    assert customer.reads()["owner"] == "assistant"


def test_four_short_messages_in_a_row_are_one_report(stack: RunningStack, anna: ApiTechnician) -> None:
    customer = ApiCustomer(stack.url)
    for text in (
        "the invoices will not print",
        "nothing comes out",
        "all four of us are waiting",
        "since this morning",
    ):
        assert customer.posts(text).status_code == 202
    customer.hears("e-mail")
    customer.says("kim@brightsons.example")
    eventually(lambda: customer.reads()["reference"] is not None, what="the reference")
    reference = customer.reads()["reference"]
    issue = anna.http.get(f"/desk/api/issues/{reference}")
    assert issue.status_code == 200
    for words in ("will not print", "nothing comes out", "four of us", "since this morning"):
        assert words in issue.text, words


def test_my_issues_lists_only_ones_own(stack: RunningStack) -> None:
    customer, reference = with_a_reference(stack)
    other, others = with_a_reference(stack)
    mine = [issue["reference"] for issue in customer.http.get("/api/issues").json()["issues"]]
    assert mine == [reference] and others not in mine
    answer = texts(other.says(f"what about {reference}?"))
    unknown = texts(other.says("what about TR-111-111-116?"))
    assert "crashes" not in answer
    assert reference not in answer or answer == unknown


def test_a_new_issue_of_the_same_customer_is_a_new_conversation(stack: RunningStack) -> None:
    customer, reference = with_a_reference(stack)
    opened = customer.http.post("/api/conversations", json={}).json()
    issues = httpx.get(
        f"{stack.url}/api/issues", headers={"Authorization": f"Bearer {opened['token']}"}, timeout=30
    ).json()["issues"]
    assert [issue["reference"] for issue in issues] == [reference]
