"""Known problems: everybody at the desk reads them and links issues; supervisors publish, update and resolve."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body, number_in_path
from bot.services.desk import delayed_actions
from bot.services.desk.product_choice import product_choices
from bot.services.issue import known_problems
from bot.services.technician.accounts import ROLES as EVERYBODY


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return all of them, and similar issues of the last hour that may be a new one."""
    found = await known_problems.suggest_known_problems(visit.ctx)
    shown = {
        "known_problems": await known_problems.list_known_problems(visit.ctx),
        "suggestions": [vars(one) for one in found],
    }
    return json(shown, headers=NO_STORE)


async def publish(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Show a new one to customers; 201 ``{id}``."""
    problem = await known_problems.publish_known_problem(visit.ctx, visit.signed_in.technician, json_body(request))
    return json({"id": problem.id}, status=201)


async def update(request: Request, visit: DeskRequest, problem: str) -> HTTPResponse:
    """Return one word to everyone affected."""
    text = json_body(request).get("text")
    await known_problems.post_update(visit.ctx, visit.signed_in.technician, _number(problem), text)
    return json({})


async def resolve(request: Request, visit: DeskRequest, problem: str) -> HTTPResponse:
    """It is over: each is told and asked whether it works."""
    text = json_body(request).get("text")
    await known_problems.post_update(visit.ctx, visit.signed_in.technician, _number(problem), text, over=True)
    return json({})


async def withdraw(_request: Request, visit: DeskRequest, problem: str) -> HTTPResponse:
    """Published by mistake: no longer shown, nobody is told."""
    await known_problems.withdraw_known_problem(visit.ctx, visit.signed_in.technician, _number(problem))
    return json({})


async def link(request: Request, visit: DeskRequest, problem: str) -> HTTPResponse:
    """Say that an issue, by its reference, is this problem; with ``delay`` 202, and it can be undone for a moment."""
    fields = json_body(request)
    asked = visit.ctx, visit.signed_in.technician, _number(problem), fields.get("reference")
    if fields.get("delay") is True:
        return json({"delayed": await delayed_actions.delay_known_problem(*asked)}, status=202)
    await known_problems.link_issue(*asked)
    return json({})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return what is known, what may become known, and the form that publishes."""
    return pages.page(
        visit,
        "known_problems.html",
        here="known",
        problems=await known_problems.list_known_problems(visit.ctx),
        suggestions=await known_problems.suggest_known_problems(visit.ctx),
        categories={one.id: one.title for view in visit.ctx.support.views for one in view.categories},
        products=product_choices(visit.ctx.support),
        publishes=visit.signed_in.technician.role in SUPERVISORS,
    )


def _number(problem: str) -> int:
    return number_in_path(problem, "There is no such known problem; nothing was changed.")


API = (
    ("GET", "/known-problems", listed, EVERYBODY),
    ("POST", "/known-problems", publish, SUPERVISORS),
    ("POST", "/known-problems/<problem:str>/updates", update, SUPERVISORS),
    ("POST", "/known-problems/<problem:str>/resolve", resolve, SUPERVISORS),
    ("POST", "/known-problems/<problem:str>/withdraw", withdraw, SUPERVISORS),
    ("POST", "/known-problems/<problem:str>/issues", link, EVERYBODY),
)
PAGES = (("/known-problems", page, EVERYBODY),)
