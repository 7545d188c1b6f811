"""Who makes the requests, and the ids that are really there for them to name."""

import ipaddress
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import requests

from bot.services.machine import api_keys
from tests.support.running_stack import RunningStack, TechnicianAccount

_addresses = itertools.count(int(ipaddress.IPv4Address("203.0.113.1")))
ROLES = ("technician", "supervisor", "admin")
MACHINE = "machine"
SCOPES = list(api_keys.SCOPES)


@dataclass
class Visitor:
    """``account`` is a technician's, ``make_key`` gives a program another key; ``known`` are ids by the name of the
    parameter that takes them.
    """

    name: str
    url: str
    account: TechnicianAccount | None = None
    hire: Callable[[], TechnicianAccount] | None = None
    make_key: Callable[[], str] | None = None
    known: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False
        self.sign_in()

    def sign_in(self) -> None:
        """Begin the technician's session anew, or take another key: a fuzzed sign-out or revocation ends it."""
        if self.make_key is not None:
            self.headers["Authorization"] = f"Bearer {self.make_key()}"
        if self.account is None:
            return
        answer = self._sign_in(self.account)
        if answer.status_code != requests.codes.ok and self.hire is not None:
            # An administrator's fuzzed change has dismissed them.
            self.account = self.hire()
            answer = self._sign_in(self.account)
        assert answer.status_code == requests.codes.ok, answer.text
        self.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    def _sign_in(self, account: TechnicianAccount) -> requests.Response:
        self.http.cookies.clear()
        body = {"email": account.email, "password": account.password}
        # Sign-ins are counted by address, and the run itself makes too many from one.
        headers = {"X-Forwarded-For": str(ipaddress.IPv4Address(next(_addresses)))}
        return self.http.post(f"{self.url}/desk/api/login", json=body, headers=headers, timeout=60)

    def may_call(self, path: str) -> bool:
        """Technicians are for the desk, the others for everything else; a stranger knocks at every door."""
        if self.name == "stranger":
            return True
        if path.startswith("/api/v1/"):
            return self.name == MACHINE
        return self.name != MACHINE and (self.account is not None) == path.startswith("/desk/")


def visitors_of(stack: RunningStack) -> list[Visitor]:
    """A customer whose issue waits at the desk, a stranger, a technician of each role, and a program with a key."""
    customer = Visitor("customer", stack.url)
    opened = requests.post(f"{stack.url}/api/conversations", json={}, timeout=60).json()
    customer.headers["Authorization"] = f"Bearer {opened['token']}"
    address = f"{stack.url}/api/conversations/{opened['conversation_id']}"
    for text in ("Quillbook crashes when I print an invoice", "mia@bakery.example", "I want a person"):
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        customer.http.post(f"{address}/messages", json=body, headers=customer.headers, timeout=60).raise_for_status()
        _until_answered(customer, address)
    file = {"file": ("error.txt", b"the log")}
    kept = customer.http.post(f"{address}/attachments", files=file, headers=customer.headers, timeout=60).json()
    read = customer.http.get(f"{address}/messages", headers=customer.headers, timeout=60).json()
    known = {
        "conversation_id": [opened["conversation_id"]],
        "attachment_id": [kept["attachment_id"]],
        "reference": [read["reference"] or "TR-483-920-179"],
        "seq": [str(message["seq"]) for message in read["messages"][:3]],
        "hand_off_id": ["1", "2"],
        "person": ["4", "99"],
    }
    visitors = [customer, Visitor("stranger", stack.url)]
    for role in ROLES:
        hire = partial(stack.add_technician, role.capitalize(), role)
        visitors.append(Visitor(role, stack.url, hire(), hire))
    visitors.append(_machine(stack, visitors[-1]))
    # One more administrator, so that a fuzzed dismissal never hits the last one.
    stack.add_technician("Spare", "admin")
    for visitor in visitors:
        visitor.known = known
    return visitors


def _machine(stack: RunningStack, admin: Visitor) -> Visitor:
    """A program with every scope; its keys are made by the administrator."""

    def make_key() -> str:
        admin.sign_in()
        body = {"name": "Fuzzed", "scopes": SCOPES}
        made = admin.http.post(f"{stack.url}/desk/api/api-keys", json=body, headers=admin.headers, timeout=60)
        made.raise_for_status()
        return str(made.json()["secret"])

    return Visitor(MACHINE, stack.url, make_key=make_key)


def _until_answered(customer: Visitor, address: str) -> None:
    for _ in range(300):
        read = customer.http.get(f"{address}/messages", headers=customer.headers, timeout=60).json()
        if read["messages"][-1]["author"] != "customer":
            return
    raise AssertionError("the assistant does not answer")
