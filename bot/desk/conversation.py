"""One conversation at the desk: read it, follow it, write in it, pass it on."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import ResponseStream, empty, json

from bot.desk.event_streams import follow
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.desk.stream_position import Reading
from bot.http.files import send_file
from bot.http.hub import Signal, desk_topic
from bot.http.requests import LARGEST_NUMBER, after_seq, json_body, number_in_path
from bot.services.channel import receive
from bot.services.conversation import attachments
from bot.services.core import rate_limits
from bot.services.core.errors import Invalid, NoFile
from bot.services.desk import (
    conversation_news,
    conversation_view,
    delayed_actions,
    failed_deliveries,
    read_position,
    technician_messages,
    transfers,
    turns_view,
)
from bot.services.desk.delayed_actions import Delayed
from bot.services.desk.file_looks import LOOKS
from bot.services.technician import access

# Behind the last message there can be: for the state alone.
END = 10**9


async def show(_request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Everything collected about the conversation, and who is there."""
    technician = visit.signed_in.technician
    details = await conversation_view.conversation_details(visit.ctx, technician, conversation_id)
    presence = visit.presence.seen_by(visit.hub, conversation_id, technician.id)
    return json({**details, "presence": presence}, headers=NO_STORE)


async def messages(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return the messages after ``after_seq``, all private notes, and how the conversation stands.

    With ``before_seq`` only the newest 60 messages before it.
    """
    technician = visit.signed_in.technician
    await access.open_conversation(visit.ctx, technician, conversation_id)
    if (before := request.args.get("before_seq")) is not None:
        position = number_in_path(before, "There is no such message.")
        earlier = await conversation_news.messages_before(visit.ctx, technician, conversation_id, position)
        return json({"messages": earlier}, headers=NO_STORE)
    news = await conversation_news.conversation_news(visit.ctx, technician, conversation_id, after_seq(request))
    return json({**news.state, "messages": news.messages, "notes": news.notes}, headers=NO_STORE)


async def turns(_request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return how each turn was decided, without anybody's words."""
    shown = await turns_view.turns_view(visit.ctx, visit.signed_in.technician, conversation_id)
    return json({"turns": shown}, headers=NO_STORE)


async def events(request: Request, visit: DeskRequest, conversation_id: str) -> ResponseStream | None:
    """``message``, ``note``, ``state``, ``presence`` and ``typing`` events, from ``after_seq`` on."""
    technician = visit.signed_in.technician
    await access.open_conversation(visit.ctx, technician, conversation_id)
    reading = Reading(visit, conversation_id, after_seq(request))

    def hears(signal: Signal) -> bool:
        own = signal["author"] == "technician" and signal["name"] == technician.name
        return not own

    with visit.presence.looking(visit.hub, conversation_id, technician.id, technician.name):
        topics = [conversation_id, desk_topic(conversation_id)]
        return await follow(request, visit, topics, reading.look, hears)


async def send(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return a message to the customer: 201, or 200 with the first row when the id was sent before.

    With ``delay`` 202 where it can be undone: by mail, and anywhere for those who wish it.
    """
    technician = visit.signed_in.technician
    rate_limits.check_limit(visit.ctx, f"desk:{technician.id}", rate_limits.writing_limit(visit.ctx))
    body = json_body(request)
    incoming = technician_messages.parse(body)
    sent: receive.Accepted | Delayed | None = None
    if body.get("delay") is True:
        sent = await delayed_actions.delay_reply(visit.ctx, technician, conversation_id, incoming)
    if isinstance(sent, dict):
        return json({"delayed": sent}, status=202)
    sent = sent or await technician_messages.send_message(visit.ctx, technician, conversation_id, incoming)
    return json(sent.message, status=200 if sent.repeated else 201)


async def read(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Note how far the technician has read: ``seq``."""
    seq = json_body(request).get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq <= LARGEST_NUMBER:
        raise Invalid("seq must be the number of the last message that was read; nothing was changed.")
    await read_position.mark_read(visit.ctx, visit.signed_in.technician, conversation_id, seq)
    return empty()


async def note(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return a private note: no customer ever sees it."""
    technician = visit.signed_in.technician
    rate_limits.check_limit(visit.ctx, f"desk:{technician.id}", rate_limits.writing_limit(visit.ctx))
    text = json_body(request).get("text")
    return json(await technician_messages.add_note(visit.ctx, technician, conversation_id, text), status=201)


async def give_back(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Back to the assistant, which tells the customer what the note says was done."""
    note_text = json_body(request).get("note")
    return await _moved(visit, conversation_id, transfers.give_back, note_text)


async def resolve(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Resolve the issues named by ``references``, else all that are held in the conversation."""
    fields = json_body(request)
    delay = fields.get("delay") is True
    return await _moved(visit, conversation_id, transfers.resolve, fields.get("references"), delay=delay)


async def transfer(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """To another team, or to a colleague by id or e-mail."""
    fields = json_body(request)
    target = fields.get("team"), fields.get("technician")
    delay = fields.get("delay") is True
    return await _moved(visit, conversation_id, transfers.transfer, *target, fields.get("note"), delay=delay)


async def resend(_request: Request, visit: DeskRequest, conversation_id: str, delivery_id: int) -> HTTPResponse:
    """Try a message again that did not reach the customer's Slack or Teams; 409 ``delivered`` when it did."""
    await failed_deliveries.resend(visit.ctx, visit.signed_in.technician, conversation_id, delivery_id)
    return await stands(visit, conversation_id)


async def undo(_request: Request, visit: DeskRequest, action_id: int) -> HTTPResponse:
    """Undo what has not taken effect yet; 409 ``too_late``."""
    await delayed_actions.undo(visit.ctx, visit.signed_in.technician, action_id)
    return empty()


async def _moved(
    visit: DeskRequest, conversation_id: str, move: Any, *arguments: object, **options: bool
) -> HTTPResponse:
    """Answer 200, or 202 with ``delayed`` for what can be undone for a moment."""
    technician = visit.signed_in.technician
    delayed = await move(visit.ctx, conversation_id, technician, *arguments, **options)
    if delayed is not None:
        return await stands(visit, conversation_id, status=202, delayed=delayed)
    return await stands(visit, conversation_id)


async def stands(visit: DeskRequest, conversation_id: str, status: int = 200, **more: Any) -> HTTPResponse:
    """Return how the conversation stands after what was done, and what that brought."""
    news = await conversation_news.conversation_news(visit.ctx, visit.signed_in.technician, conversation_id, END)
    return json({**news.state, **more}, status=status)


async def colleagues(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Whom a conversation can be transferred to."""
    return json(await transfers.transfer_targets(visit.ctx, visit.signed_in.technician), headers=NO_STORE)


async def typing(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Let the customer see that their technician writes; anybody else's typing is nobody's business."""
    technician = visit.signed_in.technician
    if await conversation_news.is_mine(visit.ctx, technician, conversation_id):
        on = json_body(request).get("on", True) is not False
        visit.hub.typing(conversation_id, "technician", technician.name, on)
    return empty()


async def upload(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Keep a file for a message that will name it."""
    technician = visit.signed_in.technician
    rate_limits.check_limit(visit.ctx, f"desk upload:{technician.id}", rate_limits.writing_limit(visit.ctx))
    await access.open_conversation(visit.ctx, technician, conversation_id)
    uploaded = request.files.get("file") if request.files else None
    if uploaded is None:
        message = "Send the file as multipart form data in the field 'file'; nothing was stored."
        raise NoFile(message)
    kept = await attachments.store_attachment(visit.ctx, conversation_id, uploaded.name, uploaded.body)
    return json(kept, status=201)


async def download(_request: Request, visit: DeskRequest, conversation_id: str, attachment_id: str) -> HTTPResponse:
    """Return a file of the conversation, for a browser that may show it and never run it."""
    await access.open_conversation(visit.ctx, visit.signed_in.technician, conversation_id)
    stored = await attachments.find_attachment(visit.ctx, conversation_id, attachment_id)
    return await send_file(stored, shown=LOOKS)
