"""Read a message of Slack with what stands above it in its thread, as far as the app may."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.parse import SLACKBOT, WRITTEN_BY_PEOPLE
from bot.channels.slack.parse_shortcut import MessageChosen

# https://docs.slack.dev/reference/methods/conversations.replies: a page, the oldest messages first.
PAGE = 200
# As many of a thread are read as a technician would: how it began, and the last ones.
MOST_ABOVE = 20
Json = Mapping[str, Any]


async def read_thread(api: WebApi, chosen: MessageChosen) -> tuple[Json, Sequence[Json]]:
    """Return the chosen message, and those of people above it in its thread, oldest first.

    Raises Refused where the app is not in the channel, NotNow when Slack does not answer, LookupError when the message
    is gone.
    """
    message = chosen.message or await _message(api, chosen)
    root = str(message.get("thread_ts") or chosen.ts)
    if chosen.message is not None or root != chosen.ts:
        thread = await _replies(api, chosen, root)
    else:
        thread = []
    above = [one for one in thread if float(one["ts"]) < float(chosen.ts) and _is_by_people(one)]
    return message, above if len(above) <= MOST_ABOVE else [above[0], *above[1 - MOST_ABOVE :]]


async def _message(api: WebApi, chosen: MessageChosen) -> Json:
    found = [one for one in await _replies(api, chosen, chosen.ts) if one["ts"] == chosen.ts]
    if not found:
        raise LookupError("the message is gone")
    return found[0]


async def _replies(api: WebApi, chosen: MessageChosen, root: str) -> list[Json]:
    found = await api.call(
        chosen.installed,
        lambda client: client.conversations_replies(
            channel=chosen.channel, ts=root, latest=chosen.ts, inclusive=True, limit=PAGE
        ),
    )
    return list(found["messages"])


def _is_by_people(message: Json) -> bool:
    by_program = message.get("bot_id") or message.get("user") in (None, SLACKBOT)
    return message.get("subtype") in WRITTEN_BY_PEOPLE and not by_program
