"""Send our messages through Teams: as text with a card for what text cannot hold, in the thread or, when it concerns
one person only, in their personal chat.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import httpx

from bot.channels.teams import cards, pieces, text_out
from bot.channels.teams.addresses import FILES, chat_with_us, own_address
from bot.channels.teams.connector import Connector
from bot.services import file_links
from bot.services.context import Context
from bot.services.outbox import NotNow, Outgoing, Refused

log = logging.getLogger(__name__)

# Above this an activity is at risk of being refused; Teams' own limit is about 28 KB.
ACTIVITY_BYTES = 26_000
TOO_BIG = frozenset(["MessageSizeTooBig", "RequestEntityTooLarge", "http_413"])
SMALLEST_PIECE = 500

Json = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One activity: ``text`` in our own notation under the lines ``head`` (HTML), and a card."""

    text: str = ""
    head: str = ""
    card: Json | None = None
    summary: str = ""

    def activity(self) -> Json:
        activity: Json = {"type": "message", "textFormat": "xml", "text": self.head + text_out.to_html(self.text)}
        if self.card is not None:
            activity |= {"attachments": [self.card], "summary": self.summary}
        return activity

    def is_too_big(self) -> bool:
        return len(json.dumps(self.activity(), ensure_ascii=False).encode("utf-8", "replace")) > ACTIVITY_BYTES


class TeamsDeliver:
    """One for the process. ``seconds_apart``: Teams takes sixty messages in half a minute in one conversation."""

    seconds_apart = 0.5

    def __init__(self, ctx: Context, http: httpx.AsyncClient, connector: Connector) -> None:
        self._ctx, self._http, self._connector = ctx, http, connector

    def rate_key(self, outgoing: Outgoing) -> str:
        return str(outgoing.reference["conversation"])

    async def parts(self, outgoing: Outgoing) -> Sequence[Part]:
        """The text in as many activities as it needs, the card with the last or after it."""
        text = outgoing.message["text"] + self._files(outgoing)
        parts = [Part(piece, self._head(outgoing)) for piece in pieces.pieces(text)]
        card = self._card(outgoing)
        if card is None:
            return parts
        summary = outgoing.message["text"][:200]
        last = replace(parts[-1], card=card, summary=summary)
        return [*parts, Part(card=card, summary=summary)] if last.is_too_big() else [*parts[:-1], last]

    def _head(self, outgoing: Outgoing) -> str:
        """The reference on every message about an issue; who speaks, as Teams shows the bot's name on all."""
        message, reference = outgoing.message, outgoing.tech_reference
        head = ""
        if reference and reference not in message["text"]:
            head = f"{text_out.small(reference)}<br>"
        if message["author"] == "technician":
            head += f"{text_out.bold(message['author_name'])}<br>"
        return head

    def _card(self, outgoing: Outgoing) -> Json | None:
        message, base = outgoing.message, own_address(self._ctx, outgoing.reference)
        pages = [{**page, "url": urljoin(f"{base}/", page["url"])} for page in message["cards"]]
        pages = [page for page in pages if page["url"].startswith(("https://", "http://"))]
        return cards.card(message["choices"], pages, fallback=cards.fallback(message["choices"], pages))

    def _files(self, outgoing: Outgoing) -> str:
        """A link for each file. Teams lets a bot send a file only into a OneDrive that its reader opens for it."""
        base = own_address(self._ctx, outgoing.reference)
        lines = ""
        for file in outgoing.message["attachments"]:
            token = file_links.token(self._ctx, outgoing.conversation_id, file["attachment_id"])
            name = file["name"].replace("[", "(").replace("]", ")")
            lines += f"\n[{name}]({base}{FILES}/{token})"
        return lines

    async def send(self, outgoing: Outgoing, part: Part) -> str | None:
        """Send one activity; its id as ``conversation:activity``, which is how a reply names it."""
        conversation = await self._conversation(outgoing)
        if conversation is None:
            conversation = outgoing.reference["conversation"]
            link = chat_with_us(outgoing.reference["bot"])
            part = Part(self._ctx.support.wording.ask_in_personal_chat.format(link=link))
        try:
            return await self._post(outgoing, conversation, part)
        except Refused as refused:
            if refused.code not in TOO_BIG or pieces.size(part.text) < SMALLEST_PIECE:
                raise
        return await self._in_halves(outgoing, conversation, part)

    async def _conversation(self, outgoing: Outgoing) -> str | None:
        """Where the message goes; None when it is for one person whom we cannot write to in private."""
        where = outgoing.reference
        if not (outgoing.private and outgoing.shared):
            return str(where["conversation"])
        try:
            return await self._connector.open_personal_chat(
                where["service_url"], bot=where["bot"], user=where["user"], tenant=where["tenant"]
            )
        except Refused as refused:
            log.warning("no personal chat can be opened in %s: %s", outgoing.conversation_id, refused.code)
            return None

    async def _post(self, outgoing: Outgoing, conversation: str, part: Part) -> str:
        address = outgoing.reference["service_url"]
        return f"{conversation}:{await self._connector.post_activity(address, conversation, part.activity())}"

    async def _in_halves(self, outgoing: Outgoing, conversation: str, part: Part) -> str | None:
        """Teams found it too big all the same: the text in smaller pieces, the card after them."""
        smaller = [
            replace(part, text=text, card=None) for text in pieces.pieces(part.text, pieces.size(part.text) // 2)
        ]
        if part.card is not None:
            smaller.append(Part(card=part.card, summary=part.summary))
        sent = [await self._post(outgoing, conversation, one) for one in smaller]
        return sent[0]

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None:
        """Teams shows it for a few seconds, until our message comes."""
        if not on:
            return
        try:
            await self._connector.post_activity(reference["service_url"], reference["conversation"], {"type": "typing"})
        except (NotNow, Refused) as error:
            log.info("typing could not be shown: %s", error.code)

    async def close(self) -> None:
        await self._http.aclose()
