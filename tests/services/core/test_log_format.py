"""No log line can be made up by an outsider, and none quotes one."""

import io
import json
import logging

import pytest

from bot.services.conversation import lifecycle
from bot.services.core import audit, log_format
from bot.services.core.context import Context
from bot.services.core.log_format import LINE, JsonLines, LogLines, escaped
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer


def written(*arguments: object, error: BaseException | None = None) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogLines(LINE))
    log = logging.Logger("test")
    log.addHandler(handler)
    log.error(*arguments, exc_info=error)
    return stream.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "a\n2026-01-01 00:00:00 ERROR root: made up",
        "a\r\nb",
        "\x1b[2J\x1b[31mred",
        "\x00\x07",
        "\u202egnp.exe",
        "\u2028b",
    ],
)
def test_what_outsiders_send_stays_on_the_line_and_moves_no_cursor(words: str) -> None:
    line = written("the file %s was refused", words)
    assert line.count("\n") == 1 and line.isascii()
    assert all(char.isprintable() for char in line.rstrip("\n"))
    assert escaped("Größe, 你好") == "Größe, 你好"


def test_an_exception_informs_its_kind_and_place_and_not_its_words() -> None:
    try:
        try:
            int("canary words of a customer")
        except ValueError as error:
            raise KeyError("canary again") from error
    except KeyError as error:
        told = written("a turn broke", error=error)
    assert "canary" not in told.replace('int("canary words of a customer")', "").replace('KeyError("canary again")', "")
    assert "builtins.ValueError" in told and "builtins.KeyError" in told and "test_log_format.py" in told


def lines_about(form: logging.Formatter, **known: str | float | None) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form)
    log = logging.Logger("test")
    log.addHandler(handler)
    log.info("turn %s", "ended", extra=log_format.log_fields(**known))
    return stream.getvalue()


def test_what_a_line_is_about_stands_behind_it() -> None:
    line = lines_about(LogLines(LINE), conversation="ab12", reference="TR-1", event=7, actor=None)
    assert line.endswith("INFO test: turn ended conversation=ab12 reference=TR-1 event=7\n")


def test_as_json_each_line_is_one_object_with_its_ids_and_the_error_without_words() -> None:
    told = json.loads(lines_about(JsonLines(), conversation="ab12", seconds=0.25))
    assert (told["message"], told["conversation"], told["seconds"]) == ("turn ended", "ab12", 0.25)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.Logger("test")
    log.addHandler(handler)
    token = log_format.conversation.set("cd34")
    try:
        int("canary")
    except ValueError:
        log.exception("it \x1b[2J broke\nmade up")
    finally:
        log_format.conversation.reset(token)
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told["conversation"] == "cd34" and "\\x1b" in told["message"] and "\n" not in told["message"]
    assert told["error"][-1] == "builtins.ValueError" and told["level"] == "ERROR"


async def test_an_audited_change_is_logged_when_it_is_committed_and_only_then(
    ctx: Context, customer: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.services.core.audit")
    interview = Interview(ctx, customer)
    await interview.starts(problem="it crashes", contact="kim@brightsons.example")
    reference = await interview.is_logged()
    opened = [record for record in caplog.records if record.message == "issue.open"]
    assert [vars(record)["about"]["conversation"] for record in opened] == [customer.id]
    assert vars(opened[0])["about"]["reference"] == reference
    caplog.clear()
    with pytest.raises(ZeroDivisionError):
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, customer.id, lock=True)
            audit.record(session, "assistant", "never.happened", ctx.clock(), conversation=conversation)
            raise ZeroDivisionError
    assert caplog.records == []
