"""Issues by reference and by search."""

from sanic import HTTPResponse, Request
from sanic.response import ResponseStream, empty, json

from bot.desk import issue_table
from bot.desk.event_streams import follow
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.http.streams import Event
from bot.services.core.errors import Invalid
from bot.services.desk import (
    bulk_actions,
    delayed_actions,
    edit_issue,
    find_anything,
    find_caller,
    issue_filters,
    issue_search,
    link_issues,
    phone_issue,
    saved_views,
    split_issue,
    status_change,
    tags,
    unlink_issues,
)
from bot.triage.issue.issue_status import IssueStatus


async def show(_request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Return the issue of a reference, in whatever spelling."""
    issue = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
    return json(issue, headers=NO_STORE)


async def events(request: Request, visit: DeskRequest, reference: str) -> ResponseStream | None:
    """``issue`` events: the revision, at first and whenever it moved. Who follows it asks for the issue again."""
    technician = visit.signed_in.technician
    last, conversation_id = 0, (await issue_search.revision_of(visit.ctx, technician, reference))[1]

    async def look() -> list[Event]:
        nonlocal last
        revision, _ = await issue_search.revision_of(visit.ctx, technician, reference)
        if revision == last:
            return []
        last = revision
        return [("issue", {"revision": revision}, None)]

    return await follow(request, visit, [conversation_id], look, hears=lambda _: False)


async def set_status(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """In progress, waiting for the customer, waiting for us until a moment, resolved, or open again.

    Resolving with ``delay`` is 202 and can be undone for a moment.
    """
    fields = json_body(request)
    if fields.get("delay") is True and fields.get("status") == IssueStatus.RESOLVED:
        asked = visit.ctx, visit.signed_in.technician, reference, fields.get("seen")
        return json({"delayed": await delayed_actions.delay_resolve_issue(*asked)}, status=202)
    wanted = fields.get("status"), fields.get("until"), fields.get("seen")
    await status_change.set_status(visit.ctx, visit.signed_in.technician, reference, *wanted)
    return await show(request, visit, reference)


async def search(request: Request, visit: DeskRequest) -> HTTPResponse:
    """``q``: reference, customer, contact or words; the filters narrow it down."""
    filters = issue_filters.read_filters(request.args)
    found = await issue_search.search_issues(visit.ctx, visit.signed_in.technician, filters)
    return json({"issues": found.issues, "total": found.total, "meant": found.meant}, headers=NO_STORE)


async def bulk(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Do one thing with many issues; each has its own result."""
    results = await bulk_actions.act_on_many(visit.ctx, visit.signed_in.technician, json_body(request))
    return json({"results": results})


async def views(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the saved views, each with the number of its issues."""
    return json({"views": await saved_views.list_views(visit.ctx, visit.signed_in.technician)}, headers=NO_STORE)


async def save_view(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Save a view."""
    kept = await saved_views.save_view(visit.ctx, visit.signed_in.technician, json_body(request))
    return json({"id": kept}, status=201)


async def change_view(request: Request, visit: DeskRequest, view_id: int) -> HTTPResponse:
    """Change a view."""
    kept = await saved_views.save_view(visit.ctx, visit.signed_in.technician, json_body(request), view_id)
    return json({"id": kept})


async def remove_view(_request: Request, visit: DeskRequest, view_id: int) -> HTTPResponse:
    """Remove a view."""
    await saved_views.remove_view(visit.ctx, visit.signed_in.technician, view_id)
    return empty()


async def find(request: Request, visit: DeskRequest) -> HTTPResponse:
    """``q``: the few best issues and people for the command bar, and how many issues there are."""
    query = request.args.get("q") or ""
    found = await find_anything.find_anything(visit.ctx, visit.signed_in.technician, query)
    return json(found, headers=NO_STORE)


async def callers(request: Request, visit: DeskRequest) -> HTTPResponse:
    """``q``: who telephones, with what is known of them."""
    found = await find_caller.find_callers(visit.ctx, visit.signed_in.technician, request.args.get("q") or "")
    return json({"callers": found}, headers=NO_STORE)


async def edit(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Put right title, category, team, impact or answers."""
    await edit_issue.edit_issue(visit.ctx, visit.signed_in.technician, reference, json_body(request))
    return await show(request, visit, reference)


async def link(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Say that the issue is related to another, or the same matter."""
    fields = json_body(request)
    other = fields.get("other")
    if not isinstance(other, str):
        raise Invalid("other must be a Tech Reference; nothing was linked.")
    await link_issues.link_issues(visit.ctx, visit.signed_in.technician, reference, other, fields.get("kind"))
    return await show(request, visit, reference)


async def split(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Log a second problem of the conversation as an issue of its own; 201 with its reference."""
    second = await split_issue.split_issue(visit.ctx, visit.signed_in.technician, reference, json_body(request))
    return json({"reference": second}, status=201)


async def unlink(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Take a link back."""
    other = json_body(request).get("other")
    if not isinstance(other, str):
        raise Invalid("other must be a Tech Reference; nothing was changed.")
    await unlink_issues.unlink_issues(visit.ctx, visit.signed_in.technician, reference, other)
    return await show(request, visit, reference)


async def list_tags(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return all tags, each with the number of its issues."""
    return json({"tags": await tags.list_tags(visit.ctx)}, headers=NO_STORE)


async def tag(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Give the issue a tag."""
    await tags.add_tag(visit.ctx, visit.signed_in.technician, reference, json_body(request).get("name"))
    return await show(request, visit, reference)


async def untag(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Take a tag from the issue."""
    await tags.remove_tag(visit.ctx, visit.signed_in.technician, reference, json_body(request).get("name"))
    return await show(request, visit, reference)


async def reopen(_request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Work on an issue that nobody is working on; a closed conversation is open again."""
    conversation_id = await status_change.reopen(visit.ctx, visit.signed_in.technician, reference)
    return json({"conversation_id": conversation_id})


async def open_for_caller(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Log an issue for somebody on the telephone; the answer has the reference as it is read out.

    200 when it was logged before under the same id.
    """
    logged = await phone_issue.open_issue_for(visit.ctx, visit.signed_in.technician, json_body(request))
    return json(logged.issue, status=200 if logged.repeated else 201)


async def export(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the list as CSV, with the same filters."""
    rows = await issue_search.export_issues(
        visit.ctx, visit.signed_in.technician, issue_filters.read_filters(request.args)
    )
    headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="issues.csv"'}
    named = [{**row, "tags": ", ".join(tag["name"] for tag in row["tags"])} for row in rows]
    return HTTPResponse(issue_table.as_csv(named), headers=headers, content_type="text/csv; charset=utf-8")
