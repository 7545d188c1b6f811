"""Train the assistant and index the manual at the desk: begin it, and see what came of it."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import ADMINS, SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.core import audit
from bot.services.upkeep.requested_work import Work, request_work, work_view


async def show_training(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the state of the training, and how the last one ended."""
    return json(work_view(visit.ctx, Work.TRAINING), headers=NO_STORE)


async def show_indexing(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the state of the indexing, and how the last one ended."""
    return json(work_view(visit.ctx, Work.INDEXING), headers=NO_STORE)


async def train(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Request a training; with ``even_if_worse`` the new model is used although it understands less."""
    forced = bool(json_body(request).get("even_if_worse"))
    await _begin(visit, Work.TRAINING, *(["--even-if-worse"] if forced else []))
    return json({"told": "The training begins in a moment; the assistant goes on answering."}, status=202)


async def index(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Request that the manual is indexed."""
    await _begin(visit, Work.INDEXING)
    return json({"told": "The indexing begins in a moment; the search goes on answering."}, status=202)


async def _begin(visit: DeskRequest, work: Work, *options: str) -> None:
    request_work(visit.ctx, work, *options)
    async with visit.ctx.db.write() as session:
        actor = audit.technician_actor(visit.signed_in.technician)
        audit.record(session, actor, f"work.{work}", visit.ctx.clock(), details={"options": list(options)})


API = (
    ("GET", "/jobs/training", show_training, SUPERVISORS),
    ("GET", "/jobs/indexing", show_indexing, ADMINS),
    ("POST", "/jobs/training", train, SUPERVISORS),
    ("POST", "/jobs/indexing", index, ADMINS),
)
PAGES = ()
