"""A dialogue model that is not the file that was trained is noticed, and trained again."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.installation import training
from bot.installation.checks import all_checks
from bot.installation.places import model_file
from bot.settings.env.settings import Settings, load_settings
from tests.support.serving import serving


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = load_settings({"TECHREF_HOME": str(tmp_path)})
    model_file(found.home).parent.mkdir(parents=True)
    model_file(found.home).write_bytes(b"a trained model" * 100_000)
    training.write_stamp(found.home)
    return found


def findings(settings: Settings, name: str) -> list[tuple[bool | None, str]]:
    check = next(one for one in all_checks(settings) if getattr(one, "func", one).__name__ == name)
    return [(finding.fine, finding.text) for finding in check()]


def test_the_model_that_was_trained_is_up_to_date(settings: Settings) -> None:
    assert training.model_is_current(settings) and findings(settings, "_model")[0][0] is True


@pytest.mark.parametrize("damage", ["cut short", "one byte", "missing"])
def test_a_damaged_model_is_not_up_to_date_and_doctor_says_so(settings: Settings, damage: str) -> None:
    file = model_file(settings.home)
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(whole[:100_000] if damage == "cut short" else b"b" + whole[1:])
    assert not training.model_is_current(settings)
    assert not training.model_was_rejected(settings)
    if damage != "missing":
        ((fine, text),) = findings(settings, "_model")
        assert fine is False and "damaged" in text


class _Engine(BaseHTTPRequestHandler):
    answer = b"{}"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def engine() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Engine)
    with serving(server):
        yield server


@pytest.mark.parametrize(
    ("answer", "fine"), [(b'{"model_file": "techref.tar.gz"}', True), (b'{"model_file": ""}', False)]
)
def test_doctor_asks_a_running_engine_whether_it_has_a_model(
    tmp_path: Path, engine: ThreadingHTTPServer, answer: bytes, fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Engine, "answer", answer)
    found = load_settings({"TECHREF_HOME": str(tmp_path), "TECHREF_RASA_PORT": str(engine.server_port)})
    assert [one[0] for one in findings(found, "_engine")] == [fine]


def test_an_engine_that_does_not_run_is_no_finding(settings: Settings) -> None:
    assert findings(settings, "_engine") == []
