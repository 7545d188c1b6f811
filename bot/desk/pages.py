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
from bot.services.desk import conversation_view, issue_search, queue_view, transfers
from bot.services.desk.edit_form import editable_fields
from bot.services.desk.labels import STATUSES
from bot.services.desk.status_change import SETTABLE
from bot.services.issue import known_problems
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
        """Return who waits, what is mine, and everything."""
        view = request.args.get("state") or "waiting"
        if view not in queue_view.VIEWS:
            return redirect("/desk", status=303)
        if visit.signed_in.technician.role == "admin" and not await setup_checklist.was_opened(visit.ctx):
            return redirect("/desk/administration", status=303)
        technician, team = visit.signed_in.technician, _team(request, visit)
        rows = await queue_view.list_queue(visit.ctx, technician, view, team)
        counts = await queue_view.queue_counts(visit.ctx, technician)
        suggestions = await known_problems.suggest_known_problems(visit.ctx)
        shown: dict[str, Any] = {
            "suggestions": suggestions,
            "hours": _hours(visit),
            "teams": visit.ctx.support.team_titles,
            "team": team,
        }
        return self._page(visit, "queue.html", here="queue", view=view, rows=rows, counts=counts, **shown)

    async def queue_rows(self, request: Request, visit: DeskRequest) -> HTTPResponse:
        """Return the list of the queue page alone."""
        view = request.args.get("state") or "waiting"
        rows = await queue_view.list_queue(visit.ctx, visit.signed_in.technician, view, _team(request, visit))
        return self._page(visit, "queue_rows.html", view=view, rows=rows, hours=_hours(visit))

    async def conversation(self, _request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
        """Return the conversation with its first ten seconds, its transcript and its composer."""
        details = await self._found(visit, self._details(visit, conversation_id))
        if isinstance(details, HTTPResponse):
            return details
        targets = await transfers.transfer_targets(visit.ctx, visit.signed_in.technician)
        limits = visit.ctx.support.limits
        shown: dict[str, Any] = {"limits": limits, "targets": targets, "statuses": STATUSES}
        return self._page(visit, "conversation.html", here="", **shown, **details)

    async def facts(self, _request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
        """Return the facts of the conversation page alone."""
        return self._page(visit, "facts.html", **await self._details(visit, conversation_id))

    async def issue_parts(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Return the parts of the issue page that change."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        return self._page(visit, "issue_parts.html", issue=issue)

    async def edit_fields(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Answer with the form that edits an issue, filled with what stands now."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        return self._page(visit, "edit_fields.html", issue=issue, edit=editable_fields(visit.ctx, issue))

    async def edit_status(self, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
        """Answer with the form that sets an issue's status, opened on the present one."""
        issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
        settable = {status: STATUSES[status] for status in SETTABLE}
        return self._page(visit, "edit_status.html", issue=issue, settable=settable)

    async def link_preview(self, request: Request, visit: DeskRequest, reference: str, other: str) -> HTTPResponse:
        """Answer with the question before two issues are linked: it shows what the other one is."""
        technician = visit.signed_in.technician
        issue = await issue_search.by_reference(visit.ctx, technician, reference)
        linked = await issue_search.by_reference(visit.ctx, technician, other)
        kind = request.args.get("kind")
        return self._page(visit, "link_preview.html", issue=issue, linked=linked, kind=kind)

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
