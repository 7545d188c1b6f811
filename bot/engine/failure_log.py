"""Describe a failed turn for the log: the place and the types of its errors, never their messages.

Rasa's and the action server's messages quote requests and responses, and those hold the customer's words.
"""

import traceback
from collections.abc import Iterator

from rasa.utils.endpoints import ClientResponseError

from bot.engine.fail_on_action_error import ActionFailed
from bot.engine.turn_result import BadBotMessage

# Errors with messages of our own, which can be logged.
_OURS = (ActionFailed, BadBotMessage)


def describe(error: BaseException) -> str:
    """Return one line: every error in the chain of causes, outermost first, and the place of the innermost."""
    chain = list(_chain(error))
    frames = traceback.extract_tb(chain[-1].__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return " <- ".join(_kind(link) for link in chain) + place


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    if isinstance(error, _OURS):
        return f"{type(error).__name__} ({error})"
    if isinstance(error, ClientResponseError):
        return f"the action server answered {error.status}"
    return type(error).__name__
