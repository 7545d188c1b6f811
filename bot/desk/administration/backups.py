"""The nightly backups: how old the last good one is, what went wrong, which are kept; and one at once."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.services.core import audit
from bot.services.upkeep import backups
from bot.triage.text.time_format import format_age


async def show(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return how the backups stand, and those that are kept on this machine."""
    now, stands = visit.ctx.clock(), backups.backup_status(visit.ctx.home)
    shown = {
        "nightly": visit.ctx.support.backup.nightly,
        "next_at": backups.next_time(visit.ctx.support, now).isoformat(),
        "good_at": stands.good_at.isoformat() if stands.good_at else None,
        "failed_at": stands.failed_at.isoformat() if stands.failed_at else None,
        "trouble": backups.backup_trouble(visit.ctx.home, visit.ctx.support, now),
        "kept": [
            {"name": one.name, "at": one.at.isoformat(), "size": one.size}
            for one in backups.list_backups(visit.ctx.home)
        ],
    }
    return json(shown, headers=NO_STORE)


async def make_one(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Back up now; it begins within seconds and ends when it ends."""
    await backups.ask_for_one(visit.ctx)
    async with visit.ctx.db.write() as session:
        actor = audit.technician_actor(visit.signed_in.technician)
        audit.record(session, actor, "backup.ask", visit.ctx.clock())
    return json({"told": "The backup begins in a moment. This page shows how it ended: load it again."}, status=202)


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the same, to read."""
    now, stands = visit.ctx.clock(), backups.backup_status(visit.ctx.home)
    return pages.page(
        visit,
        "backups.html",
        here="administration",
        part="backups",
        stands=stands,
        age=format_age(now - stands.good_at) if stands.good_at else None,
        kept=backups.list_backups(visit.ctx.home),
        nightly=visit.ctx.support.backup.nightly,
        next_at=backups.next_time(visit.ctx.support, now),
        days=visit.ctx.support.retention.backup_days,
    )


API = (("GET", "/backups", show, SUPERVISORS), ("POST", "/backups", make_one, ADMINS))
PAGES = (("/administration/backups", page, SUPERVISORS),)
