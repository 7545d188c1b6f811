"""The page of the outbox: the status of mail, what waits too long or failed for good, and sending again."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.desk import outgoing_items
from bot.services.mail import send_test_mail

# Addresses are not for every technician to browse.
KIND_TITLES = {
    "message": "Message",
    "mail": "E-mail",
    "team_notice": "Notice to a team",
    "known_problem_news": "News of a known problem",
    "button_update": "Buttons that were answered",
    "escalation": "Issue to a tracker",
    "webhook": "Event to a webhook",
    "message_change": "Answer to an edit or a deletion",
    "staff": "Card or news in a staff channel",
    "staff_written": "Written in a staff channel",
}


async def show(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return how the outbox stands: mail, counts, what needs attention, and the newest items without their text."""
    return json(await outgoing_items.overview(visit.ctx), headers=NO_STORE)


async def resend(_request: Request, visit: DeskRequest, item: int) -> HTTPResponse:
    """Send an item again at once; 409 when it was delivered, or cannot be sent again."""
    await outgoing_items.resend(visit.ctx, visit.signed_in.technician, item)
    return json({"queued": True})


async def test(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Send a test mail to ``to`` and return what the server made of it."""
    return json({"told": await send_test_mail.send_now(visit.ctx, json_body(request).get("to"))})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the page that lists what is late, what failed, and the newest items."""
    overview = await outgoing_items.overview(visit.ctx)
    return pages.page(visit, "outgoing.html", here="administration", part="outgoing", titles=KIND_TITLES, **overview)


API = (
    ("GET", "/outbox", show, SUPERVISORS),
    ("POST", "/outbox/<item:int>/resend", resend, SUPERVISORS),
    ("POST", "/mail/test", test, SUPERVISORS),
)
PAGES = (("/administration/outgoing", page, SUPERVISORS),)
