"""Every address of the desk, and who may use it: the one table of routes."""

import gzip
from typing import Any

from sanic import Blueprint, Request, Sanic
from sanic.response import BaseHTTPResponse

from bot.desk import (
    conversation,
    end_of_shift,
    escalations,
    issues,
    macros,
    mail_people,
    payments,
    phone_calls,
    queue,
    redact,
    replies,
    sign_in,
    verify_caller,
    work_pages,
)
from bot.desk.administration import routes as administration_routes
from bot.desk.assets import Assets
from bot.desk.pages import Pages
from bot.desk.presence import Presence
from bot.desk.request_context import Handler, for_everybody, for_technicians, page_for_technicians
from bot.desk.unknown_address import unknown_address

CONVERSATION = "/api/conversations/<conversation_id:str>"
# For technicians only: 401 without a session, 403 for a writing call without the CSRF token.
API = (
    ("POST", "/api/logout", sign_in.logout),
    ("GET", "/api/me", sign_in.me),
    ("GET", "/api/colleagues", conversation.colleagues),
    ("GET", "/api/events", queue.events),
    ("GET", "/api/handoffs", queue.handoffs),
    ("POST", "/api/handoffs/<hand_off_id:str>/claim", queue.claim),
    ("GET", CONVERSATION, conversation.show),
    ("GET", f"{CONVERSATION}/messages", conversation.messages),
    ("POST", f"{CONVERSATION}/messages", conversation.send),
    ("GET", f"{CONVERSATION}/turns", conversation.turns),
    ("GET", f"{CONVERSATION}/events", conversation.events),
    ("POST", f"{CONVERSATION}/messages/<seq:str>/mask", redact.mask),
    ("POST", f"{CONVERSATION}/attachments/<attachment_id:str>/remove", redact.remove_file),
    ("POST", f"{CONVERSATION}/contract", verify_caller.confirm),
    ("POST", f"{CONVERSATION}/caller/code", verify_caller.send_code),
    ("POST", f"{CONVERSATION}/caller/check", verify_caller.check_code),
    ("POST", f"{CONVERSATION}/mail/let-in", mail_people.let_in),
    ("POST", f"{CONVERSATION}/mail/remove", mail_people.remove),
    ("POST", f"{CONVERSATION}/read", conversation.read),
    ("POST", f"{CONVERSATION}/notes", conversation.note),
    ("POST", f"{CONVERSATION}/return", conversation.give_back),
    ("POST", f"{CONVERSATION}/resolve", conversation.resolve),
    ("POST", f"{CONVERSATION}/transfer", conversation.transfer),
    ("POST", "/api/delayed/<action_id:int>/undo", conversation.undo),
    ("POST", f"{CONVERSATION}/deliveries/<delivery_id:int>/resend", conversation.resend),
    ("POST", f"{CONVERSATION}/call", phone_calls.call),
    ("POST", f"{CONVERSATION}/call/end", phone_calls.end_call),
    ("POST", f"{CONVERSATION}/promise", phone_calls.promise),
    ("POST", f"{CONVERSATION}/typing", conversation.typing),
    ("POST", f"{CONVERSATION}/attachments", conversation.upload),
    ("GET", f"{CONVERSATION}/attachments/<attachment_id:str>", conversation.download),
    ("GET", "/api/find", issues.find),
    ("GET", "/api/issues", issues.search),
    ("POST", "/api/issues/bulk", issues.bulk),
    ("GET", "/api/views", issues.views),
    ("POST", "/api/views", issues.save_view),
    ("POST", "/api/views/<view_id:int>", issues.change_view),
    ("DELETE", "/api/views/<view_id:int>", issues.remove_view),
    ("GET", "/api/issues/<reference:str>", issues.show),
    ("GET", "/api/issues/<reference:str>/events", issues.events),
    ("POST", "/api/issues/<reference:str>/payments", payments.record),
    ("POST", "/api/issues/<reference:str>/minutes", payments.minutes),
    ("POST", "/api/payments/<payment_id:int>/refund", payments.refund),
    ("POST", "/api/issues/<reference:str>/status", issues.set_status),
    ("POST", "/api/issues/<reference:str>/edit", issues.edit),
    ("POST", "/api/issues/<reference:str>/link", issues.link),
    ("POST", "/api/issues/<reference:str>/unlink", issues.unlink),
    ("POST", "/api/issues/<reference:str>/split", issues.split),
    ("POST", "/api/issues/<reference:str>/take", issues.reopen),
    ("GET", "/api/tags", issues.list_tags),
    ("POST", "/api/issues/<reference:str>/tags", issues.tag),
    ("POST", "/api/issues/<reference:str>/tags/remove", issues.untag),
    ("GET", "/api/issues/<reference:str>/escalations", escalations.show),
    ("POST", "/api/issues/<reference:str>/escalations", escalations.send),
    ("GET", "/api/issues.csv", issues.export),
    ("GET", "/api/callers", issues.callers),
    ("POST", "/api/calls", issues.open_for_caller),
    ("GET", "/api/canned", replies.canned),
    ("POST", "/api/canned", replies.add),
    ("POST", "/api/canned/<reply_id:int>", replies.change),
    ("DELETE", "/api/canned/<reply_id:int>", replies.remove),
    ("GET", "/api/macros", macros.listed),
    ("POST", "/api/macros", macros.add),
    ("POST", "/api/macros/<macro_id:int>", macros.change),
    ("DELETE", "/api/macros/<macro_id:int>", macros.remove),
    ("POST", f"{CONVERSATION}/macros/<macro_id:int>", macros.apply),
    ("GET", "/api/manual", replies.manual),
    ("GET", "/api/handover", end_of_shift.work),
    ("POST", "/api/handover", end_of_shift.hand_over),
)
# Nothing from elsewhere, nothing inline, no frame around it: what a customer wrote has nothing to run with.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "frame-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
GZIP_LEVEL = 5
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def desk_blueprint() -> Blueprint:
    """Return the desk as a blueprint under ``/desk``. Needs ``app.ctx.techref`` and ``app.ctx.hub``.

    ``ctx.unknown_address`` of the blueprint is for the app's handler of addresses without a route.
    """
    desk = Blueprint("desk", url_prefix="/desk")
    assets = Assets()
    pages = Pages(assets)
    desk.add_route(for_everybody(sign_in.login), "/api/login", methods=["POST"], name="api_login")
    for method, address, handler in API:
        name = f"api_{method}_{address}".replace("/", "_").replace("<", "").replace(">", "").replace(":", "_")
        desk.add_route(for_technicians(handler), address, methods=[method], name=name, unquote=True)
    fragments: tuple[tuple[str, Handler, str], ...] = (
        ("/fragments/queue", pages.work_list, "work_list"),
        ("/fragments/home", pages.home, "home"),
        ("/fragments/notices", pages.notices, "notices"),
        ("/fragments/views", pages.views, "views"),
        ("/fragments/issues/<reference:str>/preview", pages.preview, "preview"),
        ("/fragments/conversations/<conversation_id:str>", pages.facts, "facts"),
        ("/fragments/conversations/<conversation_id:str>/panes", pages.panes, "panes"),
        ("/fragments/issues/<reference:str>", pages.issue_parts, "issue_parts"),
        ("/fragments/issues/<reference:str>/edit", pages.edit_fields, "edit_fields"),
        ("/fragments/issues/<reference:str>/status", pages.edit_status, "edit_status"),
        ("/fragments/issues/<reference:str>/escalate", pages.escalate, "escalate"),
        ("/fragments/issues/<reference:str>/link/<other:str>", pages.link_preview, "link_preview"),
    )
    for address, handler, name in fragments:
        desk.add_route(for_technicians(handler), address, name=name, unquote=True)
    desk.add_route(for_everybody(pages.login), "/login", name="login")
    for address, handler, name in (
        ("/", pages.queue, "queue"),
        ("/conversations/<conversation_id:str>", pages.conversation, "conversation"),
    ):
        desk.add_route(page_for_technicians(handler), address, name=name, unquote=True)
    for place, view in work_pages.PAGES:
        page = page_for_technicians(administration_routes.with_error_page(pages, administration_routes.on(pages, view)))
        desk.add_route(page, place, name=view.__name__, unquote=True)
    administration_routes.add_to(desk, pages)
    desk.add_route(for_everybody(assets.send), "/static/<digest:str>/<name:str>", name="static")
    desk.ctx.unknown_address = unknown_address(pages, HEADERS)
    desk.listener("before_server_start")(_open)
    desk.middleware(_strict_headers, "response")
    desk.middleware(_compressed, "response")
    return desk


async def _open(app: Sanic[Any, Any]) -> None:
    app.ctx.desk_presence = Presence()


async def _strict_headers(_request: Request, response: BaseHTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def _compressed(request: Request, response: BaseHTTPResponse) -> None:
    """Pages are tables of much the same: a tenth of their size on the way. They hold no secret to be guessed at."""
    is_page = (response.content_type or "").startswith("text/html") and bool(response.body)
    if is_page and "gzip" in request.headers.get("Accept-Encoding", "") and "Content-Encoding" not in response.headers:
        response.body = gzip.compress(response.body or b"", GZIP_LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
