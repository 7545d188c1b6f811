"""A new model is taken into use while the engine serves: turns end as they began, and a bad file changes nothing."""

import io
import json
import tarfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from conftest import Actions, Engine, free_port


def another_model(model: Path, target: Path) -> str:
    """The same model as if trained anew, put in place in one step; its id."""
    made = target.with_suffix(".new")
    identifier = uuid.uuid4().hex
    with tarfile.open(model) as old, tarfile.open(made, "w:gz", compresslevel=1) as new:
        for member in old:
            content = old.extractfile(member).read() if member.isfile() else b""
            if member.name.endswith("metadata.json"):
                content = json.dumps({**json.loads(content), "model_id": identifier}).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    made.replace(target)
    return identifier


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A home in which models may be replaced."""
    (tmp_path / "models").mkdir()
    (model,) = (home / "models").glob("*.tar.gz")
    (tmp_path / "models" / "techref.tar.gz").write_bytes(model.read_bytes())
    return tmp_path


@pytest.fixture
def own_engine(own_home: Path, actions: Actions, actions_port: int) -> Iterator[Engine]:
    server = Engine(own_home, free_port(), actions_port)
    server.start()
    yield server
    server.kill()


def model_in_use(engine: Engine) -> str:
    return requests.get(f"{engine.address}/status", timeout=5).json()["model_id"]


def wait_for(engine: Engine, model_id: str) -> None:
    deadline = time.monotonic() + 30
    while model_in_use(engine) != model_id:
        assert time.monotonic() < deadline, engine.log.read_text()[-2000:]
        time.sleep(0.1)


def test_a_new_model_is_used_for_the_next_turn(own_engine: Engine, own_home: Path) -> None:
    model = own_home / "models" / "techref.tar.gz"
    first = own_engine.turn("c", "m1", "hello").json()
    new = another_model(model, model)
    wait_for(own_engine, new)
    assert own_engine.turn("c", "m1", "hello").json() == {**first, "model_id": new} and new != first["model_id"]


def test_turns_under_way_end_with_the_model_they_began_with(own_engine: Engine, own_home: Path) -> None:
    """Customers write without a pause while three models take each other's place: every turn is answered."""
    model, ended, answers = own_home / "models" / "techref.tar.gz", threading.Event(), []

    def writes(number: int) -> None:
        count = 0
        while not ended.is_set():
            count += 1
            answers.append(own_engine.turn(f"c{number}", f"m{count}", "hello"))

    writers = [threading.Thread(target=writes, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    used = {model_in_use(own_engine)}
    for _ in range(3):
        used.add(new := another_model(model, model))
        wait_for(own_engine, new)
        # The turns that end first may all have begun with the model before.
        deadline = time.monotonic() + 30
        while new not in {answer.json().get("model_id") for answer in answers[-20:]}:
            assert time.monotonic() < deadline, "no turn began with the new model"
            time.sleep(0.01)
    ended.set()
    for writer in writers:
        writer.join()
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["model_id"] for answer in answers} == used
    assert {answer.json()["decision"]["intent"] for answer in answers} == {"greet"}


def test_a_file_that_is_no_model_changes_nothing_and_a_good_one_after_it_is_used(
    own_engine: Engine, own_home: Path
) -> None:
    model, before = own_home / "models" / "techref.tar.gz", model_in_use(own_engine)
    good = model.read_bytes()
    (own_home / "bad").write_bytes(b"no model at all")
    (own_home / "bad").replace(model)
    deadline = time.monotonic() + 20
    while "the one before goes on" not in own_engine.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert model_in_use(own_engine) == before and own_engine.turn("c", "m1", "hello").ok
    model.unlink()
    time.sleep(1.5)
    assert model_in_use(own_engine) == before
    (own_home / "good").write_bytes(good)
    wait_for(own_engine, another_model(own_home / "good", model))
