"""Probe the started stack until it can answer a customer."""

import http.client
import time
from http import HTTPStatus

from bot.settings.env.settings import Settings

SECONDS_BETWEEN_QUESTIONS = 0.5
SECONDS_TO_ANSWER = 1.0


def base_url(settings: Settings) -> str:
    """Return the address of the gateway for a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{host}:{settings.port}"


class Readiness:
    """The readiness probe: polls the gateway's /readyz until it succeeds, once."""

    def __init__(self, settings: Settings) -> None:
        self._address = base_url(settings).removeprefix("http://")
        self._began = time.monotonic()
        self._ask_again_at = 0.0
        self.is_ready = False

    def has_just_come(self) -> bool:
        """Return True at the first call that finds everything ready, never again."""
        if self.is_ready or time.monotonic() < self._ask_again_at:
            return False
        self.is_ready = self._answers()
        self._ask_again_at = time.monotonic() + SECONDS_BETWEEN_QUESTIONS
        return self.is_ready

    def _answers(self) -> bool:
        # The standard library's client: another one would stay in memory for a handful of requests.
        connection = http.client.HTTPConnection(self._address, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False  # not listening yet, or too busy to answer
        finally:
            connection.close()

    @property
    def seconds(self) -> float:
        """Return the seconds since the first process was started."""
        return time.monotonic() - self._began
