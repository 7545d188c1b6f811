"""Outgoing mail: whether it works, what bounced, and a test."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.mail import outgoing_mail, send_test_mail

# Addresses are not for every technician to browse.


async def show(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """How mail stands, and the newest mails without their text."""
    return json(
        {"status": await outgoing_mail.status(visit.ctx), "mails": await outgoing_mail.listed(visit.ctx)},
        headers=NO_STORE,
    )


async def test(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Send a test mail to ``to`` and tell what the server made of it."""
    return json({"told": await send_test_mail.send_now(visit.ctx, json_body(request).get("to"))})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """How outgoing mail stands, and what became of the newest."""
    standing, mails = await outgoing_mail.status(visit.ctx), await outgoing_mail.listed(visit.ctx)
    return pages.page(visit, "mail.html", here="administration", part="mail", standing=standing, mails=mails)


API = (("GET", "/mail", show, SUPERVISORS), ("POST", "/mail/test", test, SUPERVISORS))
PAGES = (("/administration/mail", page, SUPERVISORS),)
