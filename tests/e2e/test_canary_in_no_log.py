"""A word that a customer and a technician wrote everywhere stands in no log and no metric, though things went wrong."""

import os
import secrets
import signal
from collections.abc import Iterator

import pytest

from tests.support.api_customer import ApiCustomer, ApiTechnician
from tests.support.fake_microsoft import CUSTOMER_TENANT
from tests.support.running_stack import RunningStack, eventually
from tests.support.slack_customer import SlackCustomer
from tests.support.teams_customer import TeamsCustomer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.fixture
def canary() -> str:
    """A word that nothing else writes."""
    return f"zanzibar{secrets.token_hex(6)}"


def logs(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    """Every log of the stack by its name, the launcher's own output among them."""
    for file in [*(stack.home / "logs").iterdir(), stack.home / "up.log"]:
        if file.is_file():
            yield file.name, file.read_bytes()


def everything_is_written(stack: RunningStack, canary: str) -> None:
    """By a customer in the chat, by one in Slack, one in Teams, and by a technician."""
    made_up = f"\r\n2026-01-01 00:00:00,000 ERROR root: {canary} \x1b[31m"
    customer = ApiCustomer(stack.url, page_url=f"https://shop.example/{canary}?q={canary}")
    customer.says(f"Quillbook crashes when I print {canary}{made_up}")
    customer.says(f"{canary}@bakery.example")
    customer.http.post(f"{customer.path}/attachments", files={"file": (f"{canary}\r\nx.txt", canary.encode())})
    customer.http.post(f"{customer.path}/attachments", files={"file": (f"{canary}.exe", canary.encode())})
    customer.http.post(f"{customer.path}/transcript", json={"email": f"{canary}@@"})
    customer.http.post(f"{customer.path}/rating", json={"score": canary, "comment": canary})
    strange = {"User-Agent": f"{canary}\x1b[2J", "X-Forwarded-For": canary, "Referer": f"http://{canary}/"}
    for path in (f"/{canary}%0d%0aERROR", f"/manual/{canary}", f"/api/conversations/{canary}/messages"):
        customer.http.get(path, headers=strange)
    for query in ("/manual/search", "/manual/search.json"):
        customer.http.get(query, params={"q": f"{canary} \r\n {made_up}"})
    customer.http.post("/api/conversations", json={"identity_token": canary, "locale": canary})
    customer.http.post("/api/conversations", content=f'{{"a": {canary}'.encode())
    customer.http.post("/api/continuations", json={"link": canary})
    customer.http.get("/channels/slack/oauth", params={"code": canary, "state": canary, "error": canary})
    customer.http.post("/channels/teams/messages", json={"text": canary}, headers={"Authorization": f"Bearer {canary}"})
    customer.http.post("/channels/slack/events", content=canary.encode())
    eventually(lambda: customer.reads()["reference"] is not None, 60, "the reference")
    reference = str(customer.reads()["reference"])
    account = stack.add_technician("Anna", role="supervisor")
    technician = ApiTechnician(stack.url, account.email, account.password)
    technician.claims(reference)
    path = f"conversations/{customer.id}"
    technician.posts(f"{path}/messages", client_message_id=canary, text=f"an answer with {canary}{made_up}")
    technician.posts(f"{path}/notes", text=f"a note with {canary}")
    technician.posts(f"{path}/messages/999/mask", words=canary)
    edited = {"title": f"a title with {canary}", "answers": {canary: canary}, "revision": 1}
    technician.posts(f"issues/{reference}/edit", **edited)
    technician.posts("canned", title=canary, text=f"Hello {{{canary}}}")
    technician.posts("login", email=f"{canary}@desk.example", password=canary)
    for address in ("issues", "manual", canary):
        technician.http.get(f"/desk/api/{address}", params={"q": canary})
    technician.http.get("/desk/issues", params={"q": canary, "status": canary})
    contracts = stack.home / "contracts.csv"
    contracts.write_text(
        f"number,company,status,starts_on,teams_tenant_id\nC-T1,B,active,2026-01-01,{CUSTOMER_TENANT}\n"
    )
    stack.command("contract", "import", str(contracts))
    slack = SlackCustomer(stack.url, stack.slack, f"U{canary}", f"D{canary}")
    slack.sends(f"it does not print {canary}{made_up}")
    teams = TeamsCustomer(stack.url, stack.microsoft, "personal_message", f"a:{canary}", f"kim-{canary}")
    teams.sends(text=f"it does not print {canary}{made_up}")


def test_the_canary_is_found_in_no_log(stack: RunningStack, canary: str) -> None:
    everything_is_written(stack, canary)
    # The same with errors: an action server that dies in the middle, and then an engine.
    for process in ("actions", "rasa"):
        broken = ApiCustomer(stack.url)
        broken.says(f"it crashes with {canary}")
        os.kill(stack.pid_of(process), signal.SIGKILL)
        try:
            broken.says(f"and again {canary}, my phone is 234-555-0182")
        finally:
            stack.wait_until_ready()
    metrics = ApiCustomer(stack.url).http
    eventually(lambda: "\ntechref_inbound_pending 0.0\n" in metrics.get("/metrics").text, 60, "the end of every turn")
    for address in ("/metrics", "/readyz", "/healthz", "/openapi.json"):
        assert canary not in ApiCustomer(stack.url).http.get(address).text, address
    seen = dict(logs(stack))
    assert {"gateway.log", "rasa.log", "actions.log"} <= set(seen)
    assert any(len(content) > 0 for content in seen.values())
    assert [name for name, content in seen.items() if canary.encode() in content.lower()] == []
    assert b"\x1b[31m" not in seen["gateway.log"]
