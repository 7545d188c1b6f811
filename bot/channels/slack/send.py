"""Send our messages to Slack: as blocks, in the conversation's thread, or in private where others would read them."""

import logging
import time
from collections.abc import Sequence
from typing import Any

from bot.channels.slack import render
from bot.channels.slack.client import WebApi
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.ids import outside_id
from bot.channels.slack.posts import posts
from bot.channels.slack.render_text import escaped
from bot.channels.slack.replace_buttons import without_choices
from bot.services.channel.answered import Answered
from bot.services.channel.outgoing import Outgoing
from bot.services.conversation import attachments
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.outbox.outcomes import NotNow, Refused, TooLarge

log = logging.getLogger(__name__)

TEXT, FILE, NOTE = "text", "file", "note"
TOO_BIG = frozenset(["msg_blocks_too_long"])
NO_STATUS_FOR_SECONDS = 3600.0
Part = dict[str, Any]


class SlackDeliver:
    """``Deliver`` for Slack: about one message a second and channel."""

    seconds_apart = 1.0

    def __init__(self, ctx: Context, api: WebApi, office: SlackHandler) -> None:
        self._ctx, self._api, self._office = ctx, api, office
        self._direct: dict[tuple[str, str], str] = {}
        self._no_status_until: dict[str, float] = {}

    def rate_key(self, outgoing: Outgoing) -> str:
        return f"{outgoing.reference['installation']}:{outgoing.reference['channel']}"

    async def parts(self, outgoing: Outgoing) -> Sequence[Part]:
        """Texts under Slack's limits, then files; in a shared thread a private message leaves a note there."""
        words = self._ctx.support
        parts: list[Part] = [
            {"kind": TEXT, "text": post.text or outgoing.author_name, "blocks": post.blocks}
            for post in posts(outgoing, words.wording.new_issue, words.chat.answer_in_form, words.chat.rate)
        ]
        parts += [{"kind": FILE, "attachment_id": file["attachment_id"]} for file in outgoing.attachments]
        if _in_private(outgoing):
            parts.append({"kind": NOTE})
        return parts

    async def send(self, outgoing: Outgoing, part: Part) -> str | None:
        if part["kind"] == NOTE:
            await self._note(outgoing)
            return None
        if _in_private(outgoing):
            return await self._send_in_private(outgoing, part)
        return await self._send_to(outgoing, part, outgoing.reference["channel"], outgoing.reference["thread_ts"])

    def smaller(self, part: Part) -> Sequence[Part]:
        """Return the blocks in two posts."""
        blocks = part.get("blocks") or []
        if len(blocks) < 2:
            return [part]
        middle = len(blocks) // 2
        return [{**part, "blocks": blocks[:middle]}, {**part, "blocks": blocks[middle:]}]

    async def _send_to(self, outgoing: Outgoing, part: Part, channel: str, thread_ts: str | None) -> str | None:
        if part["kind"] == FILE:
            await self._upload(outgoing, part["attachment_id"], channel, thread_ts)
            return None
        try:
            posted = await self._post(outgoing, channel, thread_ts, part["text"], part["blocks"])
        except Refused as refused:
            if refused.code in TOO_BIG:
                raise TooLarge(refused.code) from refused
            raise
        return outside_id(outgoing.reference["team"], channel, posted["ts"])

    async def _post(self, outgoing: Outgoing, channel: str, thread_ts: str | None, text: str, shown: list[Any]) -> Any:
        """``username`` needs the scope chat:write.customize; without it the name stands above the words."""
        fixed: dict[str, Any] = {
            "channel": channel,
            "thread_ts": thread_ts,
            "text": text,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        name = outgoing.technician
        if name is None:
            return await self._call(outgoing, "chat_postMessage", **fixed, blocks=shown or None)
        try:
            return await self._call(outgoing, "chat_postMessage", **fixed, blocks=shown or None, username=name)
        except NotNow as error:
            if error.code != "missing_scope":
                raise
        named = [render.context(f"*{escaped(name)}*"), *shown]
        return await self._call(outgoing, "chat_postMessage", **fixed, blocks=named)

    async def _upload(self, outgoing: Outgoing, attachment_id: str, channel: str, thread_ts: str | None) -> None:
        try:
            stored = await attachments.find_attachment(self._ctx, outgoing.conversation_id, attachment_id)
        except NotFound as error:
            raise Refused("file_removed") from error
        await self._call(
            outgoing,
            "files_upload_v2",
            file=str(stored.path),
            filename=stored.attachment.name,
            title=stored.attachment.name,
            channel=channel,
            thread_ts=thread_ts,
            initial_comment=f"{escaped(outgoing.author_name)}:",
        )

    async def _send_in_private(self, outgoing: Outgoing, part: Part) -> str | None:
        """By direct message; where Slack allows none, so that only the customer sees it, with a form to answer."""
        try:
            channel = await self._direct_channel(outgoing)
            return await self._send_to(outgoing, part, channel, None)
        except TooLarge:
            raise
        except Refused as error:
            if part["kind"] != TEXT:
                raise
            log.warning("no direct message in %s: %s", outgoing.conversation_id, error.code)
        words = self._ctx.support.slack.answer_privately
        answer = render.actions([render.button(words, render.PRIVATELY, f"{outgoing.conversation_id}:")])
        await self._call(
            outgoing,
            "chat_postEphemeral",
            channel=outgoing.reference["channel"],
            thread_ts=outgoing.reference["thread_ts"],
            user=outgoing.user_id,
            text=part["text"],
            blocks=[*part["blocks"], *answer],
            parse="none",
        )
        return None

    async def _direct_channel(self, outgoing: Outgoing) -> str:
        key = (outgoing.reference["installation"], outgoing.user_id or "")
        if key not in self._direct:
            opened = await self._call(outgoing, "conversations_open", users=[outgoing.user_id])
            self._direct[key] = opened["channel"]["id"]
        return self._direct[key]

    async def _note(self, outgoing: Outgoing) -> None:
        """Tell the thread that something went to its customer alone; the mention is ours and names one person."""
        slack = self._ctx.support.slack
        try:
            await self._direct_channel(outgoing)
            words = escaped(slack.asked_privately)
        except Refused:
            words = escaped(slack.asked_visibly_to_you)
        text = f"<@{outgoing.user_id}> {words}"
        reference = outgoing.reference
        await self._post(outgoing, reference["channel"], reference["thread_ts"], words, [render.section(text)])

    async def _call(self, outgoing: Outgoing, method: str, **arguments: Any) -> Any:
        installed = outgoing.reference["installation"]
        return await self._api.call(installed, lambda client: getattr(client, method)(**arguments))

    async def show_answer(self, parts: Sequence[Part], answered: Answered) -> None:
        """A question that only one person was shown in the thread has no id, and cannot be changed."""
        last = next(part for part in reversed(parts) if part["kind"] == TEXT)
        _, channel, ts = answered.outside_id.rsplit(":", 2)
        shown = {"text": last["text"], "blocks": without_choices(last["blocks"], answered), "parse": "none"}
        await self._call(answered.outgoing, "chat_update", channel=channel, ts=ts, **shown)

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None:
        """Slack shows a status in the threads of an assistant app only; elsewhere it refuses and is left alone."""
        installed, thread_ts = reference["installation"], reference.get("thread_ts")
        if thread_ts is None or self._no_status_until.get(installed, 0.0) > time.monotonic():
            return
        status = self._ctx.support.slack.status if on else ""
        try:
            await self._api.call(
                installed,
                lambda client: client.assistant_threads_setStatus(
                    channel_id=reference["channel"], thread_ts=thread_ts, status=status
                ),
            )
        except (NotNow, Refused):
            self._no_status_until[installed] = time.monotonic() + NO_STATUS_FOR_SECONDS

    async def close(self) -> None:
        await self._office.close()
        await self._api.close()


def _in_private(outgoing: Outgoing) -> bool:
    return outgoing.private and outgoing.shared and outgoing.user_id is not None
