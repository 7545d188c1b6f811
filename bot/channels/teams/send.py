"""Send our messages through Teams: in the thread or, when they concern one person only, in that person's chat."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

import httpx

from bot.channels import render_html
from bot.channels.teams import question_cards, render, render_cards, render_summary
from bot.channels.teams.addresses import FILES, chat_with_us, own_address
from bot.channels.teams.client import Connector
from bot.channels.teams.handler import id_of, name_of
from bot.channels.teams.render import Part
from bot.services.channel.answered import Answered
from bot.services.channel.outgoing import Outgoing
from bot.services.conversation import file_links
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused, TooLarge

log = logging.getLogger(__name__)

TOO_BIG = frozenset(["MessageSizeTooBig", "RequestEntityTooLarge", "http_413"])
SMALLEST_TEXT = 500

Json = dict[str, Any]


class TeamsDeliver:
    """One for the process. ``seconds_apart``: Teams takes sixty messages in half a minute in one conversation."""

    seconds_apart = 0.5

    def __init__(self, ctx: Context, http: httpx.AsyncClient, connector: Connector) -> None:
        self._ctx, self._http, self._connector = ctx, http, connector

    def rate_key(self, outgoing: Outgoing) -> str:
        return str(outgoing.reference["conversation"])

    async def parts(self, outgoing: Outgoing) -> Sequence[Part]:
        """Return the bundle as activities; one that goes to one person alone leaves a note in the thread.

        All sentences are the text, in order; what text cannot show as well stands on one card under them.
        """
        said = render_summary.take_all_apart(message["text"] for message in outgoing.messages)
        text = said.text + self._files(outgoing)
        found = render.in_parts(text, self._head(outgoing), self._card(outgoing, said.lines))
        return [*found, Part(note=True)] if _in_private(outgoing) else found

    def _head(self, outgoing: Outgoing) -> str:
        """Return the reference on every message about an issue; who speaks, as Teams shows the bot's name on all."""
        reference, head = outgoing.tech_reference, ""
        if reference and reference not in outgoing.text:
            head = f"{render_html.small(reference)}<br>"
        if outgoing.technician is not None:
            head += f"{render_html.bold(outgoing.technician)}<br>"
        return head

    def _card(self, outgoing: Outgoing, lines: render_cards.Lines) -> Json | None:
        base = own_address(self._ctx, outgoing.reference)
        named = [page for message in outgoing.messages for page in message["cards"]]
        pages = [{**page, "url": urljoin(f"{base}/", page["url"])} for page in named]
        pages = [page for page in pages if page["url"].startswith(("https://", "http://"))]
        words, conversation = self._ctx.support, outgoing.conversation_id
        form = question_cards.question_button(words.chat.answer_in_form, conversation) if outgoing.form else None
        has_issue = outgoing.tech_reference and not (outgoing.shared or outgoing.choices or form)
        new_issue = words.wording.new_issue if has_issue and outgoing.technician is None else None
        more = question_cards.rating(words.chat.rate, conversation) if outgoing.rates else []
        return render_cards.card(
            choices=outgoing.choices, pages=pages, lines=lines, new_issue=new_issue, form=form, more=more
        )

    def _files(self, outgoing: Outgoing) -> str:
        """Return a link for each file.

        Teams lets a bot send a file only into a OneDrive that its reader opens for it.
        """
        base = own_address(self._ctx, outgoing.reference)
        lines = ""
        for file in outgoing.attachments:
            token = file_links.file_token(self._ctx, outgoing.conversation_id, file["attachment_id"])
            name = file["name"].replace("[", "(").replace("]", ")")
            lines += f"\n[{name}]({base}{FILES}/{token})"
        return lines

    async def send(self, outgoing: Outgoing, part: Part) -> str | None:
        """Send one activity; its id as ``conversation:activity``, which is how a reply names it."""
        thread = str(outgoing.reference["conversation"])
        if part.note:
            await self._note(outgoing, thread)
            return None
        chat = await self._personal_chat(outgoing) if _in_private(outgoing) else thread
        if chat is None:
            link = chat_with_us(outgoing.reference["bot"])
            words = self._ctx.support.wording.ask_in_personal_chat.format(link=link)
            return await self._post(outgoing, thread, Part(words).activity())
        try:
            return await self._post(outgoing, chat, part.activity())
        except Refused as refused:
            if refused.code in TOO_BIG:
                raise TooLarge(refused.code) from refused
            raise

    def smaller(self, part: Part) -> Sequence[Part]:
        """Return the text in smaller pieces, the card after them."""
        return [part] if render.size(part.text) < SMALLEST_TEXT else part.in_halves()

    async def _personal_chat(self, outgoing: Outgoing) -> str | None:
        """Return the chat with the person a message is for; None when we may not write to them."""
        where = outgoing.reference
        try:
            return await self._connector.open_personal_chat(
                where["service_url"], bot=where["bot"], user=_person(outgoing), tenant=where["tenant"]
            )
        except Refused as refused:
            log.warning("no personal chat can be opened in %s: %s", outgoing.conversation_id, refused.code)
            return None

    async def _note(self, outgoing: Outgoing, thread: str) -> None:
        """Tell the thread that something went to one person alone; the mention is ours and names that person."""
        name = str(outgoing.reference.get(name_of(outgoing.user_id or "")) or outgoing.reference.get("user_name") or "")
        mention = f"<at>{render_html.escaped(name)}</at>"
        told = Part(self._ctx.support.wording.asked_in_personal_chat).activity()
        entity = {"type": "mention", "text": mention, "mentioned": {"id": _person(outgoing), "name": name}}
        if name:
            told |= {"text": f"{mention} {told['text']}", "entities": [entity]}
        await self._post(outgoing, thread, told)

    async def _post(self, outgoing: Outgoing, conversation: str, activity: Json) -> str:
        address = outgoing.reference["service_url"]
        return f"{conversation}:{await self._connector.post_activity(address, conversation, activity)}"

    async def show_answer(self, parts: Sequence[Part], answered: Answered) -> None:
        """Teams keeps a card's buttons until the activity is replaced as a whole."""
        last = next(part for part in reversed(parts) if not part.note)
        chosen = None if answered.title is None else ": ".join(filter(None, (answered.name, answered.title)))
        activity = last.answered(f"{render.DONE} {chosen}" if chosen is not None else None).activity()
        conversation, _, activity_id = answered.outside_id.rpartition(":")
        address = answered.outgoing.reference["service_url"]
        await self._connector.update_activity(address, conversation, activity_id, activity)

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


def _in_private(outgoing: Outgoing) -> bool:
    return outgoing.private and outgoing.shared


def _person(outgoing: Outgoing) -> str:
    """Teams' own id of whom the message is for: of the conversation's customer, else of who wrote last."""
    return str(outgoing.reference.get(id_of(outgoing.user_id or "")) or outgoing.reference["user"])
