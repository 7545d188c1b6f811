"""The desk's pages, rendered here; scripts only keep them up to date."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from bot.desk.assets import Assets
from bot.desk.request_context import SUPERVISORS, DeskRequest, visit_of
from bot.http.requests import ctx_of
from bot.services.administration import logo, setup_checklist
from bot.services.administration.staff_admin import AVAILABILITY
from bot.services.core import hours_wording
from bot.services.core.errors import ServiceError, Unauthorised
from bot.services.desk import (
    conversation_news,
    conversation_view,
    issue_search,
    notices,
    queue_view,
    reply_promise,
    saved_views,
    transfers,
    work_list,
)
from bot.services.desk.edit_form import editable_fields
from bot.services.desk.labels import STATUSES
from bot.services.desk.product_choice import filter_choices
from bot.services.desk.status_change import SETTABLE
from bot.services.issue import known_problems
from bot.services.tracker import escalate
from bot.services.upkeep import backups
from bot.triage.text.time_format import format_desk_time, format_span

Result = TypeVar("Result")


class Pages:
    """The views that answer with HTML, and the fragments that scripts put in their place."""

    def __init__(self, assets: Assets) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        away = {code: "" if code == "available" else f" ({words.lower()})" for code, words in AVAILABILITY.items()}
        self._templates.globals.update(root=assets.root, availabilities=AVAILABILITY, away=away)
        self._templates.filters.update(duration=format_span, clock=format_desk_time)

    async def login(self, request: Request) -> HTTPResponse:
        """Return the form; who is signed in already goes on to the queue."""
        try:
            await visit_of(request)
        except Unauthorised:
            return html(self._render("login.html", company=ctx_of(request).support.company))
        return redirect("/desk", status=303)

    async def join(self, request: Request) -> HTTPResponse:
        """Return where an invitation's link leads: choose a password."""
        return html(self._render("join.html", company=ctx_of(request).support.company))

    async def queue(self, request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the work list, with the state of the office beside it."""
        if request.args.get("state") not in (None, *queue_view.VIEWS):
            return redirect("/desk", status=303)
        if visit.signed_in.technician.role == "admin" and not await setup_checklist.was_opened(visit.ctx):
            return redirect("/desk/administration", status=303)
        return self._page(visit, "shell.html", **await self._shell(request, visit), **await self._home(visit))

    async def work_list(self, request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the list beside the work alone."""
        return self._page(visit, "work_list.html", **await self._list(request, visit))

    async def home(self, _request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the panes that are shown while no conversation is chosen."""
        return self._page(visit, "home.html", **await self._home(visit))

    async def notices(self, _request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the list of the notice centre."""
        return self._page(visit, "notices.html", notices=await notices.notices(visit.ctx, visit.signed_in.technician))

    async def views(self, _request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the saved views with their counts."""
        found = await saved_views.list_views(visit.ctx, visit.signed_in.technician)
        return self._page(visit, "views.html", views=found)

    async def preview(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Return what the list of issues shows beside it of one."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        return self._page(visit, "issue_preview.html", issue=issue)

    async def conversation(self, request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
        """Return the conversation with its first ten seconds, its newest messages and its composer, beside the list."""
        panes = await self._found(visit, self._panes(visit, conversation_id))
        if isinstance(panes, HTTPResponse):
            return panes
        return self._page(visit, "shell.html", **await self._shell(request, visit), **panes)

    async def panes(self, _request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
        """Return what the page of a conversation has beside the list."""
        return self._page(visit, "conversation.html", **await self._panes(visit, conversation_id))

    async def facts(self, _request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
        """Return the facts of the conversation page alone."""
        return self._page(visit, "facts.html", **await self._details(visit, conversation_id))

    async def issue_parts(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Return the parts of the issue page that change."""
        technician = visit.signed_in.technician
        issue = await issue_search.by_reference(visit.ctx, technician, reference)
        made = await escalate.list_escalations(visit.ctx, technician, reference)
        return self._page(visit, "issue_parts.html", issue=issue, escalations=made)

    async def edit_fields(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Answer with the form that edits an issue, filled with what stands now."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        return self._page(visit, "edit_fields.html", issue=issue, edit=editable_fields(visit.ctx, issue))

    async def edit_status(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Answer with the form that sets an issue's status, opened on the present one."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        settable = {status: STATUSES[status] for status in SETTABLE}
        waits = await reply_promise.customer_waits(visit.ctx, visit.signed_in.technician, issue["conversation_id"])
        return self._page(visit, "edit_status.html", issue=issue, settable=settable, customer_waits=waits)

    async def escalate(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Answer with the form that brings an issue to a tracker, filled with what is proposed."""
        proposed = await escalate.propose(visit.ctx, visit.signed_in.technician, reference)
        return self._page(visit, "escalate.html", proposed=proposed)

    async def link_preview(self, request: Request, visit: DeskRequest, reference: str, other: str) -> HTTPResponse:
        """Answer with the question before two issues are linked: it shows what the other one is."""
        technician = visit.signed_in.technician
        issue = await issue_search.by_reference(visit.ctx, technician, reference)
        linked = await issue_search.by_reference(visit.ctx, technician, other)
        kind = request.args.get("kind")
        return self._page(visit, "link_preview.html", issue=issue, linked=linked, kind=kind)

    async def _shell(self, request: Request, visit: DeskRequest) -> dict[str, Any]:
        support = visit.ctx.support
        narrowing = {"teams": support.team_titles, "products": filter_choices(support)}
        return {"here": "queue", **narrowing, **await self._list(request, visit)}

    async def _list(self, request: Request, visit: DeskRequest) -> dict[str, Any]:
        team, product, everybody = _team(request, visit), _product(request, visit), request.args.get("state") == "all"
        technician = visit.signed_in.technician
        sections = await work_list.work_list(visit.ctx, technician, team, product=product, everybody=everybody)
        return {"sections": sections, "team": team, "product": product, "everybody": everybody}

    async def _home(self, visit: DeskRequest) -> dict[str, Any]:
        suggestions = await known_problems.suggest_known_problems(visit.ctx)
        return {"conversation_id": None, "suggestions": suggestions, "hours": _hours(visit)}

    async def _panes(self, visit: DeskRequest, conversation_id: str) -> dict[str, Any]:
        technician = visit.signed_in.technician
        details = await self._details(visit, conversation_id)
        news = await conversation_news.newest_news(visit.ctx, technician, conversation_id)
        first = {"state": news.state, "messages": news.messages, "notes": news.notes}
        return {
            **details,
            "first": first,
            "limits": visit.ctx.support.limits,
            "targets": await transfers.transfer_targets(visit.ctx, technician),
        }

    async def _details(self, visit: DeskRequest, conversation_id: str) -> dict[str, Any]:
        technician = visit.signed_in.technician
        details = await conversation_view.conversation_details(visit.ctx, technician, conversation_id)
        presence = visit.presence.seen_by(visit.hub, conversation_id, technician.id)
        return {**details, "presence": presence}

    def know(self, **values: Any) -> None:
        """Give every template these values."""
        self._templates.globals.update(values)

    def page(self, visit: DeskRequest, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        """Return a page of another part of the desk, with what every page is given."""
        return self._page(visit, template, status=status, **values)

    def problem(self, visit: DeskRequest, error: ServiceError) -> HTTPResponse:
        """Return the page that says what went wrong and what to do."""
        return self._page(visit, "problem.html", status=error.status, here="", message=str(error))

    async def _found(self, visit: DeskRequest, work: Awaitable[Result]) -> Result | HTTPResponse:
        """Return what ``work`` brings, or the page that says what went wrong and what to do."""
        try:
            return await work
        except ServiceError as error:
            return self.problem(visit, error)

    def _page(self, visit: DeskRequest, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        support = visit.ctx.support
        shown = self._render(
            template,
            company=support.company,
            me=visit.signed_in.technician,
            zone=support.office_hours.zone,
            now=visit.ctx.clock(),
            logo=logo.find_logo(visit.ctx.home) is not None,
            backup_trouble=_backup_trouble(visit),
            **values,
        )
        return html(shown, status=status, headers={"Cache-Control": "no-store"})

    def _render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(**values)


def _team(request: Request, visit: DeskRequest) -> str | None:
    """Return the team that the queue is narrowed down to; one that is not there narrows nothing down."""
    team = request.args.get("team")
    return team if team in visit.ctx.support.team_titles else None


def _product(request: Request, visit: DeskRequest) -> str | None:
    """Return the product that the queue is narrowed down to; one that is not there narrows nothing down."""
    product = request.args.get("product")
    return product if product in filter_choices(visit.ctx.support) else None


def _hours(visit: DeskRequest) -> dict[str, Any]:
    """Return whether the office is open, and the words for it."""
    now = visit.ctx.clock()
    is_open = visit.ctx.support.office_hours.state_at(now).open
    return {"open": is_open, "words": hours_wording.hours_now(visit.ctx.support, now, None)}


def _backup_trouble(visit: DeskRequest) -> str | None:
    """For those who can do something about it."""
    if visit.signed_in.technician.role not in SUPERVISORS:
        return None
    return backups.backup_trouble(visit.ctx.home, visit.ctx.support, visit.ctx.clock())
