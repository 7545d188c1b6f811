"""The log format: one event a line, never anybody's words.

What outsiders send can reach a log in two ways: as an argument, and as the message of an exception that quotes it. So
control characters are written as escapes, which keeps a made-up line from looking like one of ours, and of an exception
there are its kind and the places in the code, not its message.

What a line is about stands behind it as ``conversation=… reference=… event=…``, or, as JSON, in fields of its own.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# What this task works on: it belongs to every line that it writes.
conversation: ContextVar[str | None] = ContextVar("conversation", default=None)

TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogLines(logging.Formatter):
    """The formatter of every handler of ours."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = escaped(record.message)
        about = "".join(f" {name}={escaped(str(value))}" for name, value in _fields(record).items())
        return super().formatMessage(record) + about

    def formatException(self, ei: _ExcInfo) -> str:
        return "\n".join(_format_chain(ei[1])) if ei[1] is not None else ""


class JsonLines(LogLines):
    """One JSON object a line, for whoever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": escaped(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(line, default=str)


def write_to_stderr(level: str = "INFO", form: str = TEXT) -> None:
    """Have everything that is logged in this process written so; ``form`` is ``text`` or ``json``."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == JSON else LogLines(LINE))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def log_fields(**known: str | float | None) -> dict[str, dict[str, str | float]]:
    """Return what a line is about, for ``extra=``: ids, codes and numbers, never anybody's words. None is left out."""
    return {"about": {name: value for name, value in known.items() if value is not None}}


def _fields(record: logging.LogRecord) -> dict[str, str | float]:
    working_on = conversation.get()
    return {**({"conversation": working_on} if working_on else {}), **getattr(record, "about", {})}


def escaped(text: str) -> str:
    """Return the text on one line, without what moves a terminal's cursor or changes the order of characters."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _format_chain(error: BaseException) -> list[str]:
    """Return each error of the chain with its kind and its frames, the innermost cause first, as Python does."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = _format_chain(cause) if cause is not None else []
    frames = [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
    return [*before, "Traceback (most recent call last):", *frames, f"{type(error).__module__}.{type(error).__name__}"]
