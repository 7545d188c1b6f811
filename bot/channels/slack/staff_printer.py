"""Show hand-offs in a Slack channel: a card each, and what happens in the thread under it."""

from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.render_text import escaped
from bot.channels.slack.staff_blocks import card_blocks, card_text, post_blocks
from bot.channels.slack.staff_people import SlackPeople
from bot.services.staff_channel.card import Card
from bot.services.staff_channel.news import Post
from bot.services.staff_channel.places import Place

_FIXED: dict[str, Any] = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


class SlackStaffPrinter:
    """``StaffPrinter`` for Slack."""

    def __init__(self, api: WebApi, people: SlackPeople) -> None:
        self._api, self._people = api, people

    async def emails_of(self, place: Place, user_id: str) -> tuple[str, ...]:
        return await self._people.emails_of(place.workspace, user_id)

    async def user_of(self, place: Place, email: str) -> str | None:
        return await self._people.user_of(place.workspace, email)

    async def post_card(self, place: Place, card: Card) -> str:
        posted = await self._call(place, "chat_postMessage", text=card_text(card), blocks=card_blocks(card), **_FIXED)
        return str(posted["ts"])

    async def update_card(self, place: Place, thread: str, card: Card) -> None:
        shown = {"text": card_text(card), "blocks": card_blocks(card), "parse": "none"}
        await self._call(place, "chat_update", ts=thread, **shown)

    async def post(self, place: Place, thread: str, post: Post, mention: str | None) -> None:
        """Post under the card; what only one person is to read is shown to them alone, and kept by nobody."""
        words = {"text": escaped(post.words), "blocks": post_blocks(post, mention), "thread_ts": thread}
        if post.only_to is not None:
            await self._call(place, "chat_postEphemeral", user=post.only_to, parse="none", **words)
        else:
            await self._call(place, "chat_postMessage", **words, **_FIXED)

    async def _call(self, place: Place, method: str, **arguments: Any) -> Any:
        arguments["channel"] = place.channel
        return await self._api.call(place.workspace, lambda client: getattr(client, method)(**arguments))
