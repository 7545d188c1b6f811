"""A new dialogue model and a new index are taken into use while customers write: each message is answered once."""

import io
import json
import shutil
import sqlite3
import tarfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.installation.manual_pages import OUR_MANUAL
from bot.installation.places import model_file
from tests.support.api_customer import ApiCustomer, texts
from tests.support.running_stack import RunningStack, eventually

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
WRITERS, SWAPS = 3, 2
QUESTIONS = ("what are your opening hours?", "how do I print an invoice?", "what does support cost?")
WORD = "Zwetschgenkuchen"


def place_another_model(home: Path) -> str:
    """Put the model in place as `techref train` does, under a new id, without a minute of training; its id."""
    target, identifier = model_file(home), uuid.uuid4().hex
    made = target.with_suffix(".new")
    with tarfile.open(target) as old, tarfile.open(made, "w:gz", compresslevel=1) as new:
        for member in old:
            file = old.extractfile(member)
            content = file.read() if file else b""
            if member.name.endswith("metadata.json"):
                content = json.dumps({**json.loads(content), "model_id": identifier}).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    made.replace(target)
    return identifier


def model_in_use(stack: RunningStack) -> str:
    answer = httpx.get(f"http://127.0.0.1:{stack.rasa_port}/status", timeout=5, trust_env=False)
    assert answer.status_code == httpx.codes.OK, answer.text
    identifier: str = answer.json()["model_id"]
    return identifier


def index_in_use(home: Path) -> str:
    return (home / "index" / "current").read_text()


@pytest.fixture
def own_manual(stack: RunningStack) -> Iterator[Path]:
    """The manual as this office's own, so that a page can be written."""
    folder = stack.home / "manual"
    shutil.copytree(OUR_MANUAL, folder)
    yield folder
    shutil.rmtree(folder)  # the gateway notices by itself


def wait_for_model(stack: RunningStack, wanted: str) -> None:
    eventually(lambda: model_in_use(stack) == wanted, 30, "the new model's use")


def write_a_page(manual: Path) -> None:
    """The gateway notices within ten seconds and has the manual indexed anew."""
    page = f"---\ntitle: {WORD}\nchapter: Getting started\norder: 9999\n---\n\nHow to bake a {WORD}.\n"
    (manual / "baking.md").write_text(page)


def is_found(stack: RunningStack) -> bool:
    found = httpx.get(f"{stack.url}/manual/search", params={"q": WORD}, timeout=30, trust_env=False)
    return "/manual/baking" in found.text


class Writers:
    """Customers who write again as soon as they are answered."""

    def __init__(self, stack: RunningStack) -> None:
        self.customers = [ApiCustomer(stack.url) for _ in range(WRITERS)]
        self.written = dict.fromkeys((customer.id for customer in self.customers), 0)
        self.faults: list[str] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._writes, args=(one,)) for one in self.customers]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def wait_until_each_was_answered(self) -> None:
        so_far = dict(self.written)
        eventually(lambda: all(self.written[one] > so_far[one] for one in so_far), 40, "another answer for each")

    def _writes(self, customer: ApiCustomer) -> None:
        try:
            while not self._ended.is_set():
                customer.says(QUESTIONS[self.written[customer.id] % len(QUESTIONS)])
                self.written[customer.id] += 1
        except Exception as error:  # told where the test can see it
            self.faults.append(repr(error))
            raise


def test_every_message_is_answered_once_by_the_engine(stack: RunningStack, own_manual: Path) -> None:
    before, first_index = model_in_use(stack), index_in_use(stack.home)
    in_a_form = ApiCustomer(stack.url)
    asked = texts(in_a_form.says("version 12.2 crashes when I print an invoice"))
    with Writers(stack) as writers:
        write_a_page(own_manual)
        for _ in range(SWAPS):
            wait_for_model(stack, place_another_model(stack.home))
            writers.wait_until_each_was_answered()
        eventually(lambda: is_found(stack), 90, "the new page's being found")
        writers.wait_until_each_was_answered()
    assert writers.faults == []
    assert model_in_use(stack) != before and index_in_use(stack.home) != first_index
    _each_was_answered_once(stack, writers)
    # What was begun with the old model goes on where it was,
    rest = texts(in_a_form.says("my phone is 234-555-0182"))
    assert in_a_form.reads()["reference"] is not None and asked not in rest


def _each_was_answered_once(stack: RunningStack, writers: Writers) -> None:
    with closing(sqlite3.connect(stack.home / "techref.db")) as database:
        for customer in writers.customers:
            messages = customer.reads()["messages"]
            ours = [one for one in messages if one["author"] == "customer"]
            assert len(ours) == writers.written[customer.id] > SWAPS
            turns = database.execute(
                "SELECT inbound_event_id, result FROM turns WHERE conversation_id = ?", (customer.id,)
            ).fetchall()
            assert len(turns) == len({event for event, _ in turns}) == len(ours)
            assert {result for _, result in turns} == {"done"}, "the plain rules answered, not the engine"
