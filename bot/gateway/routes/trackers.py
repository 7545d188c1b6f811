"""Events of GitHub and Jira: signed with the tracker's secret, answered at once."""

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from bot.http.requests import LARGEST_NUMBER, ctx_of, json_body
from bot.services.tracker import tracker_events

trackers = Blueprint("trackers")


@trackers.post("/trackers/<tracker_id:int>/events")
async def take(request: Request, tracker_id: int) -> HTTPResponse:
    """Take an event; 204 also for one that is none of ours, so that it is not sent again."""
    ctx = ctx_of(request)
    # GitHub names the header after the hash, Jira does not.
    signature = request.headers.get("X-Hub-Signature-256") or request.headers.get("X-Hub-Signature") or ""
    known = tracker_id if 0 < tracker_id <= LARGEST_NUMBER else 0
    tracker = await tracker_events.verify(ctx, known, signature, request.body)
    event = request.headers.get("X-GitHub-Event") or ""
    outside = tracker_events.reported_state(tracker, event, json_body(request, large_numbers=True))
    if outside is not None:
        await tracker_events.take_state(ctx, tracker, outside)
    return empty()
