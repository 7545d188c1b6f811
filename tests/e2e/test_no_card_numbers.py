"""After 500 messages with card numbers in them there is none in database, logs, Rasa's dialogues, index or mail."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest

from tests.support.api_customer import ApiCustomer, ApiTechnician
from tests.support.running_stack import RunningStack, eventually

pytestmark = pytest.mark.stack

CUSTOMERS, EACH = 20, 25
TRAINED = ("embedding", "models", "cache")
CARDS = ("4111111111111111", "5555555555554444", "4012888888881881", "2223003122003222", "378282246310005")
AROUND = (
    "my card is {} please",
    "{}",
    "printing fails, charge {} exp 12/27 cvv 123",
    "the version is 12.2.1 and the card {}",
    "how do I print an invoice with {} on it?",
    "/restart {}",
)


def written(card: str) -> Iterator[list[str]]:
    """One card in many spellings; some are several messages."""
    fours = [card[start : start + 4] for start in range(0, len(card), 4)]
    yield [card]
    for separator in (" ", "-", ".", " - ", "\N{NO-BREAK SPACE}", "\u200b", "•", "\n"):
        yield [separator.join(fours)]
    yield ["".join(chr(0x0660 + int(digit)) for digit in card)]
    yield ["".join(chr(0xFF10 + int(digit)) for digit in card)]
    yield [" ".join(fours[:2]), " ".join(fours[2:])]


def messages_of(number: int) -> list[str]:
    """What one customer writes: 25 messages, every one with a card or a part of one."""
    spellings = cycle(spelling for card in CARDS for spelling in written(card))
    around = cycle(AROUND[number % len(AROUND) :] + AROUND[: number % len(AROUND)])
    for _ in range(number):
        next(spellings)
    texts: list[str] = []
    while len(texts) < EACH:
        pieces = next(spellings)
        texts += pieces if len(pieces) > 1 else [next(around).format(pieces[0])]
    return texts[:EACH]


def found_in(content: str) -> list[str]:
    """The cards in a text: in digits of any script, as JSON escapes them, whatever stands between the digits."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), content)
    text = re.sub(r"[^\x00-\x7f]", lambda char: str(int(char[0])) if char[0].isdecimal() else char[0], text)
    close = re.sub(r"(?<=\d)[^\w]{1,4}(?=\d)", "", text)
    return [card for card in CARDS if card in text or card in close]


def traces(home: Path) -> list[str]:
    """The files that hold a card. What is trained is left out."""
    found = []
    for file in home.rglob("*"):
        place = file.relative_to(home)
        if place.parts[0] not in TRAINED and file.is_file():
            content = file.read_bytes().decode("utf-8", errors="ignore")
            found += [f"{card} in {place}" for card in found_in(content)]
    return sorted(found)


@pytest.mark.parametrize("count", [4, pytest.param(CUSTOMERS, marks=pytest.mark.slow)])
def test_no_message_leaves_a_card_number_anywhere(stack: RunningStack, count: int) -> None:
    with ThreadPoolExecutor(count) as pool:
        customers = list(pool.map(_writes_all, range(count), [stack.url] * count))
    waiting = ApiCustomer(stack.url)
    reference = _logs_an_issue(waiting)
    account = stack.add_technician("Anna", role="supervisor")
    technician = ApiTechnician(stack.url, account.email, account.password)
    technician.claims(reference)
    for number, text in enumerate(("I see 4111 1111 1111 1111", "4111 1111", "1111 1111")):
        path = f"conversations/{waiting.id}/messages"
        assert technician.posts(path, client_message_id=f"t{number}", text=text).status_code == 201
    waiting.posts("4111111111111111 under the technician")
    technician.posts(f"conversations/{waiting.id}/notes", text="note 4111-1111-1111-1111")
    technician.http.get("/desk/api/issues", params={"q": "4111111111111111"})
    waiting.http.get("/manual/search", params={"q": "4111111111111111"})
    stored = 0
    for customer in (*customers, waiting):
        messages = customer.reads()["messages"]
        stored += sum(message["author"] == "customer" for message in messages)
        shown = "\n".join(message["text"] for message in messages)
        assert found_in(shown) == [] and "removed" in shown
    assert stored >= count * EACH
    assert all(found_in(piece) for text in written(CARDS[0]) for piece in text if len(text) == 1), "it would be seen"
    # What Rasa took in of a first piece goes half a minute after the second.
    eventually(lambda: traces(stack.home) == [], 60, "the forgetting of every trace")


def _writes_all(number: int, url: str) -> ApiCustomer:
    customer = ApiCustomer(url, page_url=f"https://shop.example/?card={CARDS[0]}")
    for text in messages_of(number):
        while customer.posts(text).status_code == 429:
            time.sleep(0.5)
    customer.http.post(f"{customer.path}/attachments", files={"file": (f"{CARDS[1]}.txt", b"log")})
    return customer


def _logs_an_issue(customer: ApiCustomer) -> str:
    customer.says("Quillbook crashes when I print an invoice, card 4111 1111 1111 1111")
    customer.says("mia@bakery.example")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        reference = customer.reads()["reference"]
        if reference:
            return str(reference)
        time.sleep(0.5)
    raise AssertionError("no reference was given")
