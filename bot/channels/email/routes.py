"""The address that a mail server drops mail at: verify, store, acknowledge. Nothing here waits for an answer."""

from collections.abc import Callable

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.channels.email.handler import receive_mail
from bot.channels.email.verify import is_genuine
from bot.http.requests import ctx_of
from bot.services.core.errors import Invalid, NotFound, Unauthorised

PREFIX = "/channels/email"


def blueprint(files_came: Callable[[], None] | None) -> Blueprint:
    """Return the routes. ``files_came`` is called when there may be files to fetch; without it the channel is off."""
    email = Blueprint("email", url_prefix=PREFIX)

    @email.post("/drop")
    async def drop(request: Request) -> HTTPResponse:
        """Take a whole mail as the body. 200 says that it need not be sent again, and under ``outcome`` why."""
        ctx = ctx_of(request)
        if files_came is None or not ctx.settings.mail_drop_secret:
            raise NotFound("There is nothing at this address.")
        if not is_genuine(ctx.settings.mail_drop_secret, ctx.clock, request.body, request.headers):
            raise Unauthorised("This mail is not signed with the secret, or was signed more than five minutes ago.")
        if not request.body.strip():
            raise Invalid("The body is empty; send the whole mail.")
        outcome = await receive_mail(ctx, request.body)
        files_came()
        return json({"outcome": str(outcome)})

    return email
