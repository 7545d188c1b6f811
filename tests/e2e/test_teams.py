"""The main job over Teams with the whole stack: question, manual, issue, Tech Reference, technician, and back."""

import json
import re
import secrets

import httpx
import pytest

from tests.support.api_customer import ApiTechnician
from tests.support.fake_microsoft import CUSTOMER_TENANT, FakeMicrosoft
from tests.support.running_stack import RunningStack, eventually
from tests.support.teams_customer import TeamsCustomer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")


@pytest.fixture(scope="module")
def microsoft(stack: RunningStack) -> FakeMicrosoft:
    """The Microsoft that the stack talks to, which knows a customer's tenant by its contract."""
    file = stack.home / "contracts.csv"
    file.write_text(
        "number,company,status,starts_on,teams_tenant_id\n"
        f"C-T1,Brightson Ltd,active,2026-01-01,{CUSTOMER_TENANT.upper()}\n"
    )
    stack.command("contract", "import", str(file))
    return stack.microsoft


@pytest.fixture(scope="module")
def anna(stack: RunningStack) -> ApiTechnician:
    account = stack.add_technician("Anna Meyer")
    return ApiTechnician(stack.url, account.email, account.password)


def test_from_a_question_in_teams_to_a_technician_and_back(
    stack: RunningStack, microsoft: FakeMicrosoft, anna: ApiTechnician
) -> None:
    kim = TeamsCustomer(stack.url, microsoft, "personal_message", f"a:{secrets.token_hex(8)}", "Kim Brightson")
    found = kim.says("how do I reprint an invoice?", answer="reprint")
    asked = kim.hears("Yes, solved")
    pages = [page for one in (found, asked) for page in json.dumps(one.activity).split('"url": "')[1:]]
    address = pages[0].split('"')[0]
    assert address.startswith(stack.url) and httpx.get(address.partition("#")[0]).status_code == 200

    kim.says("no, it crashes when I print", answer="e-mail")
    logged = kim.says("kim@brightsons.example", answer="Tech Reference is")
    (reference,) = set(REFERENCE.findall(logged.text))
    kim.hears("support contract")
    waiting = anna.hand_off_of(reference)
    assert waiting["contact"] == "kim@brightsons.example"
    kim.says("12.2.1", answer=reference)

    anna.claims(reference)
    kim.hears("Anna Meyer has joined")
    conversation = waiting["conversation_id"]
    said = anna.posts(
        f"conversations/{conversation}/messages", client_message_id="hello", text="Hello, <b>Anna</b> here."
    )
    assert said.status_code in (200, 201, 202), said.text
    heard = kim.hears("here.")
    assert "<b>Anna Meyer</b><br>Hello, &lt;b&gt;Anna&lt;/b&gt; here." in heard.text and reference in heard.text
    kim.sends(text="great, **thanks**")

    def seen() -> bool:
        read = anna.http.get(f"/desk/api/conversations/{conversation}/messages").json()["messages"]
        return (read[-1]["text"], read[-1]["author_name"]) == ("great, **thanks**", "Kim Brightson")

    eventually(seen, what="the customer's words at the desk")
    issue = anna.http.get(f"/desk/api/issues/{reference}").json()
    assert issue["entitlement"] == "contract" or "contract" in json.dumps(issue)

    before = len(microsoft.sent)
    given = anna.posts(f"conversations/{conversation}/return", note="The spooler was restarted.")
    assert given.status_code == 200, given.text
    back = kim.hears("The spooler was restarted.", after=before)
    asks = back if back.buttons else kim.hears("Yes, solved", after=before)
    kim.presses(asks, "Yes, solved", answer="resolved")
    assert not microsoft.refused


def test_in_a_channel_the_contact_is_asked_in_private_and_the_thread_has_the_reference(
    stack: RunningStack, microsoft: FakeMicrosoft, anna: ApiTechnician
) -> None:
    thread = f"19:{secrets.token_hex(8)}@thread.tacv2;messageid=1"
    lee = TeamsCustomer(stack.url, microsoft, "channel_message", thread, "Lee Okoro")
    lee.sends(text="<at>TechRef</at> it crashes when I print an invoice")
    personal = "a:personal-29:Lee Okoro"
    lee.hears("e-mail", where=personal)
    lee.hears("only you and our support", where=thread)
    chat = TeamsCustomer(stack.url, microsoft, "personal_message", personal, "Lee Okoro")
    chat.sends(text="lee@brightsons.example")
    logged = lee.hears("Tech Reference is", where=thread)
    (reference,) = set(REFERENCE.findall(logged.text))
    assert anna.hand_off_of(reference)["contact"] == "lee@brightsons.example"
    assert not [one for one in microsoft.said_in(thread) if "lee@brightsons" in json.dumps(one.activity)]
