"""The list that stays beside the work: what is a technician's turn, who waits and in which class, what reminds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.desk import mentions, queue_view, tags, target_warnings
from bot.services.desk.labels import ENTITLEMENTS_IN_SHORT, IMPACTS, STATUSES, word_for
from bot.services.desk.last_words import LastWords, last_words
from bot.services.desk.product_choice import NOT_SAID, product_title
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.technician import access
from bot.store.tables import Customer, HandOff, Issue, Technician
from bot.triage.issue.issue_status import IssueStatus

Row = dict[str, Any]
MOST_REMINDERS = 50
# A mark that every one of so many rows has tells nothing.
COMMON_FROM = 3
# Last words that begin like the title say nothing more.
TITLE_CHARACTERS = 40


@dataclass(frozen=True)
class Section:
    """Rows under one heading. ``kind``: turn, for_me, reminders, queue, waiting, colleagues or ended."""

    kind: str
    key: str
    title: str
    rows: Sequence[Row]


async def work_list(
    ctx: Context,
    technician: Technician,
    team: str | None = None,
    *,
    product: str | None = None,
    everybody: bool = False,
) -> list[Section]:
    """Return the sections that have rows, most pressing first. ``everybody`` adds colleagues' work and what ended.

    ``team`` and ``product`` narrow down the queue and the colleagues, never what is mine. Each row has the last words
    (``said``), how much of it is unread, since when somebody waits (``since``), and whether that is ``soon`` or
    ``late`` by the silence rule. The reading is recorded. Nine queries, ten with targets, whatever the number of rows.
    """
    now = ctx.clock()
    async with ctx.db.read() as session:
        rows = await queue_view.view_of_queue(session, ctx, technician, "all" if everybody else "work")
        reminders = await _reminders(session, ctx, technician, {row["reference"] for row in rows if row["mine"]})
        named = await mentions.mentions_of(session, ctx, technician, unread_only=True)
        ids = {row["conversation_id"] for row in (*rows, *reminders)}
        said = await last_words(session, technician, ids)
        due = await target_warnings.target_marks(session, ctx, {row["reference"] for row in (*rows, *reminders)}, now)
        given = await tags.tags_of(session, {row["reference"] for row in (*rows, *reminders)})
        lately = await access.read_lately(session, technician, now)
    await access.record_list(ctx, technician, lately, now)
    listed = [
        {**_with_words(ctx, row, said.get(row["conversation_id"]), now), "tags": given.get(row["reference"], [])}
        for row in (*rows, *reminders)
    ]
    listed = _with_mentions([_with_target(row, due) for row in listed], named)
    shown = [row for row in listed if row["mine"] or row["for_me"] or _is_asked_for(row, team, product)]
    _hide_common_marks(shown)
    return [section for section in _sections(ctx, shown) if section.rows]


def _is_asked_for(row: Row, team: str | None, product: str | None) -> bool:
    return team in (None, row["team"]) and product in (None, row["product"] or NOT_SAID)


async def _reminders(session: AsyncSession, ctx: Context, technician: Technician, held: set[str]) -> list[Row]:
    """Return my issues without an open conversation that remind me or wait for us until a moment."""
    open_one = exists().where(HandOff.issue_id == Issue.id, HandOff.state.in_(OPEN_STATES))
    dated = or_(Issue.reminded_at.is_not(None), Issue.status == IssueStatus.WAITING_UNTIL)
    query = (
        select(Issue, Customer.name.label("customer"))
        .join(Customer, Customer.id == Issue.customer_id)
        .where(and_(Issue.technician_id == technician.id, Issue.status != IssueStatus.RESOLVED, dated), ~open_one)
        .order_by(Issue.reminded_at.is_(None), Issue.waiting_until, Issue.id)
        .limit(MOST_REMINDERS)
    )
    found = (await session.execute(query)).all()
    return [_reminder(ctx, row.Issue, row.customer) for row in found if row.Issue.reference not in held]


def _reminder(ctx: Context, issue: Issue, customer: str | None) -> Row:
    return {
        "id": f"issue-{issue.id}",
        "conversation_id": issue.conversation_id,
        "reference": issue.reference,
        "title": issue.title,
        "product": issue.product,
        "product_title": product_title(ctx.support, issue.product),
        "team": issue.team,
        "state": "reminder",
        "status": issue.status,
        "status_text": word_for(STATUSES, issue.status),
        "since": issue.updated_at.isoformat(),
        "entitlement": issue.entitlement,
        "impact": issue.impact,
        "impact_text": word_for(IMPACTS, issue.impact),
        "customer": customer,
        "contact": None,
        "technician": None,
        "mood": None,
        "mine": True,
        "for_me": False,
        "for": None,
        "reminded": issue.reminded_at is not None,
        "waiting_until": issue.waiting_until.isoformat() if issue.waiting_until else None,
        "known_problem": issue.known_problem_id is not None,
        "details_complete": issue.details_complete,
        "asked_out_of_hours": False,
        "not_answered": False,
        "transferred": False,
        "together": [],
    }


def _with_target(row: Row, due: dict[str, tuple[str, str]]) -> Row:
    """Return the row with the mark of its target in front, when that is near or missed."""
    mark = due.get(row["reference"])
    return row if mark is None or row["kind"] == "ended" else {**row, "marks": [mark, *row["marks"]]}


def _with_mentions(rows: Sequence[Row], named: Sequence[mentions.MentionView]) -> list[Row]:
    """Return the rows with a mark where I am mentioned, and a row for each conversation that is not among them."""
    listed = {row["conversation_id"] for row in rows}
    newest = {one["conversation_id"]: one for one in reversed(named)}
    marked = [
        {**row, "marks": [("mine", f"{newest[row['conversation_id']]['by']} mentioned you"), *row["marks"]]}
        if row["conversation_id"] in newest
        else row
        for row in rows
    ]
    return [*marked, *(_mention(one) for one in newest.values() if one["conversation_id"] not in listed)]


def _mention(mention: mentions.MentionView) -> Row:
    return {
        "id": f"mention-{mention['id']}",
        "conversation_id": mention["conversation_id"],
        "reference": mention["reference"] or "",
        "title": mention["title"] or "Conversation with the assistant",
        "team": mention["team"],
        "state": "mention",
        "kind": "for_me",
        "since": mention["at"],
        "waited": None,
        "pressing": False,
        "urgency": "",
        "marks": [("mine", f"{mention['by']} mentioned you")],
        "tags": [],
        "said": mention["said"],
        "said_by": None,
        "unread": 1,
        "impact": None,
        "customer": None,
        "contact": None,
        "mine": False,
        "for_me": True,
    }


def _with_words(ctx: Context, row: Row, said: LastWords | None, now: datetime) -> Row:
    """Return the row with its last words, and with the wait that counts: of the queue, or for my answer."""
    mine_to_answer = row["mine"] and said is not None and said.unanswered_since is not None
    since = _since(row, said)
    waited = max(0, int((now - since).total_seconds()))
    pressing = row["state"] == "waiting" or (mine_to_answer and row["status"] == IssueStatus.IN_PROGRESS)
    return {
        **row,
        "kind": _kind(row),
        "said": said.text if said and not said.text.startswith(row["title"][:TITLE_CHARACTERS]) else "",
        "said_by": said.author if said else None,
        "unread": said.unread if said and row["mine"] else 0,
        "since": since.isoformat(),
        "waited": waited,
        "pressing": pressing,
        "urgency": _urgency(ctx, since, now) if pressing else "",
        "marks": _marks(row),
    }


def _since(row: Row, said: LastWords | None) -> datetime:
    """Return since when the customer waits for my answer, or I for theirs; in the queue since they joined it."""
    if row["mine"] and said is not None:
        return said.unanswered_since or said.at
    return datetime.fromisoformat(row["since"])


def _urgency(ctx: Context, since: datetime, now: datetime) -> str:
    """Return ``soon`` from half the time of the silence rule on, ``late`` from all of it on; opening time counts."""
    allowed = timedelta(minutes=ctx.support.queue.silence_minutes)
    waited = ctx.support.office_hours.open_time(since, now)
    if waited >= allowed:
        return "late"
    return "soon" if waited >= allowed / 2 else ""


def _kind(row: Row) -> str:
    if row["state"] == "waiting":
        return "for_me" if row["for_me"] else "queue"
    if not row["mine"]:
        return "colleagues" if row["state"] == "claimed" else "ended"
    if row["state"] == "reminder" or row["reminded"] or row["status"] == IssueStatus.WAITING_UNTIL:
        return "reminders"
    return "waiting" if row["status"] == IssueStatus.WAITING_CUSTOMER else "turn"


def _marks(row: Row) -> list[tuple[str, str]]:
    """Return the marks of a row as (tone, words); the gravest first."""
    return [
        (tone, words)
        for tone, words in (
            ("grave", row["impact_text"]),
            ("grave", row["not_answered"] and "Was not answered in time"),
            ("grave", row["mood"] and f"Customer is {row['mood']}"),
            ("product", row["product_title"]),
            ("", row["state"] == "waiting" and row["for"] and not row["for_me"] and f"For {row['for']}"),
            ("", row["transferred"] and not row["for"] and "Transferred"),
            *(("", f"Together with {other}") for other in row["together"]),
            ("", row["known_problem"] and "Known problem"),
            ("", row["asked_out_of_hours"] and "Asked out of hours"),
            ("", not row["details_complete"] and "Details incomplete"),
        )
        if words
    ]


def _hide_common_marks(rows: Sequence[Row]) -> None:
    """Take away the marks without weight that all rows have."""
    if len(rows) < COMMON_FROM:
        return
    common = set.intersection(*({mark for mark in row["marks"] if not mark[0]} for row in rows))
    for row in rows:
        row["marks"] = [mark for mark in row["marks"] if mark not in common]


def _sections(ctx: Context, rows: Sequence[Row]) -> Iterable[Section]:
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    turn = sorted(by_kind.get("turn", []), key=lambda row: row["since"])
    waiting = sorted(by_kind.get("waiting", []), key=lambda row: row["since"])
    reminders = sorted(by_kind.get("reminders", []), key=lambda row: (not row["reminded"], row["waiting_until"] or ""))
    yield Section("turn", "turn", "Your turn", turn)
    yield Section("for_me", "for_me", "For you", by_kind.get("for_me", []))
    yield Section("reminders", "reminders", "Reminders", reminders)
    yield from _queue(ctx, by_kind.get("queue", []))
    yield Section("waiting", "waiting", "Waiting for customer", waiting)
    yield Section("colleagues", "colleagues", "With colleagues", by_kind.get("colleagues", []))
    yield Section("ended", "ended", "Ended lately", by_kind.get("ended", []))


def _queue(ctx: Context, rows: Sequence[Row]) -> Iterable[Section]:
    """Group the queue, which comes in the order of service, by class; impacts that go ahead are a group before it."""
    policy = ctx.support.queue_policy
    rank = {str(kind): place for place, kinds in enumerate(policy.classes) for kind in kinds}
    groups: dict[tuple[int, bool], list[Row]] = {}
    for row in rows:
        place = rank.get(row["entitlement"], len(policy.classes))
        groups.setdefault((place, row["impact"] in policy.moves_ahead), []).append(row)
    for (place, ahead), members in groups.items():
        named = dict.fromkeys(word_for(ENTITLEMENTS_IN_SHORT, row["entitlement"]) or "" for row in members)
        title = ", ".join(sorted(named))
        if ahead:
            title += f": {', '.join(dict.fromkeys(row['impact_text'].lower() for row in members))}"
        yield Section("queue", f"queue-{place}-{int(ahead)}", title, members)
