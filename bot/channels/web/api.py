"""The customer API of the chat widget: verify the token, convert, delegate."""

from dataclasses import replace

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from bot.channels.web.stream_state import StreamState
from bot.channels.web.widget_config import widget_config
from bot.http.client_address import client_address
from bot.http.files import send_file
from bot.http.requests import after_seq, ctx_of, hub_of, json_body
from bot.http.streams import stream
from bot.services.channel import receive
from bot.services.conversation import (
    attachments,
    continue_link,
    identity_token,
    lifecycle,
    rate_issue,
    transcript,
    transcript_mail,
    unread_notice,
)
from bot.services.conversation.opened_from import OpenedFrom
from bot.services.conversation.product_places import known_product, product_named
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NoFile, NotFound, TooMany, Unauthorised
from bot.services.core.tokens import hash_token
from bot.services.issue import customer_issues, known_problems
from bot.services.mail import outgoing_mail
from bot.services.manual import search_log
from bot.triage.text.masked_address import masked

api = Blueprint("customer_api", url_prefix="/api")

# Event streams of one conversation; each is looked after for as long as it is open.
MOST_STREAMS = 50
STREAMS_AGAIN_S = 30


async def holder(request: Request) -> str:
    """Return the conversation whose token the request carries; raises Unauthorised."""
    scheme, _, token = (request.headers.get("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorised("This call needs the conversation's token: Authorization: Bearer …")
    ctx = ctx_of(request)
    rate_limits.check_limit(ctx, f"token:{hash_token(token.strip())}", rate_limits.request_limit(ctx))
    return await lifecycle.authenticate_token(ctx, token.strip())


async def _mine(request: Request, conversation_id: str) -> Context:
    """Raise NotFound unless the token belongs to the conversation in the path."""
    if await holder(request) != conversation_id:
        raise NotFound("There is no such conversation for you.")
    return ctx_of(request)


@api.get("/config")
async def config(request: Request) -> HTTPResponse:
    """Return what a widget shows before there is a conversation."""
    ctx = ctx_of(request)
    async with ctx.db.read() as session:
        mails = await outgoing_mail.works(session, ctx)
    product = request.args.get("product")
    known = await known_problems.current_known_problems(ctx, known_product(ctx.support, product))
    shown = {
        **widget_config(ctx, request.args.get("time_zone"), product),
        "email": mails,
        "known_problems": known,
    }
    return json(shown, headers={"Cache-Control": "no-store"})


@api.post("/conversations")
async def open_conversation(request: Request) -> HTTPResponse:
    ctx = ctx_of(request)
    rate_limits.check_limit(ctx, f"open:{client_address(request)}", rate_limits.opening_limit(ctx))
    body = json_body(request)
    opened_from, product = OpenedFrom.of(body), product_named(ctx.support, body.get("product"))
    token = body.get("identity_token")
    if token is not None and not isinstance(token, str):
        raise Invalid("identity_token must be text; nothing was opened.")
    proven = await identity_token.verify_identity_token(ctx, token) if token else None
    older = await holder(request) if request.headers.get("Authorization") else None
    opened = await lifecycle.open_conversation(
        ctx, identity=proven, same_customer_as=older, opened_from=opened_from, product=product
    )
    return _opened(opened)


def _opened(opened: lifecycle.Opened) -> HTTPResponse:
    return json(
        {
            "conversation_id": opened.conversation_id,
            "token": opened.token,
            "expires_at": opened.expires_at.isoformat(),
        },
        status=201,
        headers={"Cache-Control": "no-store"},
    )


@api.post("/conversations/<conversation_id:str>/messages")
async def post_message(request: Request, conversation_id: str) -> HTTPResponse:
    ctx = await _mine(request, conversation_id)
    rate_limits.check_limit(ctx, f"write:{conversation_id}", rate_limits.writing_limit(ctx))
    incoming = replace(receive.parse(json_body(request)), client=client_address(request))
    accepted = await receive.receive(ctx, conversation_id, incoming)
    return json(accepted.message, status=200 if accepted.repeated else 202)


@api.get("/conversations/<conversation_id:str>/messages")
async def get_messages(request: Request, conversation_id: str) -> HTTPResponse:
    ctx = await _mine(request, conversation_id)
    after = after_seq(request)
    async with ctx.db.read() as session:
        state = await lifecycle.conversation_state(ctx, session, conversation_id)
        messages = await transcript.messages_after(session, conversation_id, after)
    return json({**state, "messages": messages}, headers={"Cache-Control": "no-store"})


@api.get("/conversations/<conversation_id:str>/events")
async def events(request: Request, conversation_id: str) -> None:
    ctx = await _mine(request, conversation_id)
    if hub_of(request).listening(conversation_id) >= MOST_STREAMS:
        raise TooMany(
            "This chat is open in very many windows. Close some; this one will try again by itself.", STREAMS_AGAIN_S
        )
    state = StreamState(ctx, conversation_id, after_seq(request))
    await stream(request, hub_of(request), conversation_id, state)


@api.post("/conversations/<conversation_id:str>/seen")
async def seen(request: Request, conversation_id: str) -> HTTPResponse:
    """Return the customer has everything up to ``seq`` on the screen: what they have not is told by mail after
    a while.
    """
    ctx = await _mine(request, conversation_id)
    seq = json_body(request).get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise Invalid("seq must be a whole number; nothing was changed.")
    await unread_notice.mark_seen(ctx, conversation_id, seq)
    return empty()


@api.post("/conversations/<conversation_id:str>/transcript")
async def mail_transcript(request: Request, conversation_id: str) -> HTTPResponse:
    """Mail a copy of the conversation to ``email``, else to the address that the customer gave."""
    ctx = await _mine(request, conversation_id)
    sent = await transcript_mail.request_transcript(
        ctx, conversation_id, json_body(request).get("email"), client=client_address(request)
    )
    return json({"email": masked(sent.to), "sent": sent.what}, status=202)


@api.post("/continuations")
async def continue_here(request: Request) -> HTTPResponse:
    """Return the secret of a link from a mail for the conversation's token, once."""
    ctx = ctx_of(request)
    rate_limits.check_limit(ctx, f"continue:{client_address(request)}", rate_limits.opening_limit(ctx))
    secret = json_body(request).get("link")
    if not isinstance(secret, str) or not secret:
        raise Invalid("link must be the text behind #continue= in the mail; nothing was opened.")
    return _opened(await continue_link.exchange_link(ctx, secret))


@api.post("/conversations/<conversation_id:str>/typing")
async def typing(request: Request, conversation_id: str) -> HTTPResponse:
    await _mine(request, conversation_id)
    hub_of(request).typing(f"desk:{conversation_id}", "customer", "", True)
    return empty()


@api.post("/conversations/<conversation_id:str>/opened-cards")
async def card_opened(request: Request, conversation_id: str) -> HTTPResponse:
    """Return a beacon, not a redirect: what is opened is the card's own link, so this can lead nobody anywhere."""
    ctx = await _mine(request, conversation_id)
    rate_limits.check_limit(ctx, f"opened:{conversation_id}", rate_limits.writing_limit(ctx))
    body = json_body(request)
    await search_log.card_opened(ctx, conversation_id, body.get("seq"), body.get("card"))
    return empty()


@api.post("/conversations/<conversation_id:str>/attachments")
async def upload(request: Request, conversation_id: str) -> HTTPResponse:
    ctx = await _mine(request, conversation_id)
    rate_limits.check_limit(ctx, f"upload:{conversation_id}", rate_limits.writing_limit(ctx))
    uploaded = request.files.get("file") if request.files else None
    if uploaded is None:
        raise NoFile("Send the file as multipart form data in the field 'file'; nothing was stored.")
    kept = await attachments.store_attachment(ctx, conversation_id, uploaded.name, uploaded.body)
    return json(kept, status=201)


@api.get("/conversations/<conversation_id:str>/attachments/<attachment_id:str>")
async def download(request: Request, conversation_id: str, attachment_id: str) -> HTTPResponse:
    ctx = await _mine(request, conversation_id)
    return await send_file(await attachments.find_attachment(ctx, conversation_id, attachment_id))


@api.post("/conversations/<conversation_id:str>/rating")
async def post_rating(request: Request, conversation_id: str) -> HTTPResponse:
    ctx = await _mine(request, conversation_id)
    rate_limits.check_limit(ctx, f"write:{conversation_id}", rate_limits.writing_limit(ctx))
    body = json_body(request)
    return json(await rate_issue.rate_issue(ctx, conversation_id, body.get("score"), body.get("comment")))


@api.get("/issues")
async def my_issues(request: Request) -> HTTPResponse:
    """Return every issue of the customer who holds this token."""
    ctx = ctx_of(request)
    found = await customer_issues.of_customer(ctx, await holder(request))
    return json({"issues": found}, headers={"Cache-Control": "no-store"})
