"""The checklist of a new installation: each item is detected as done, or ticked by a person."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.services.administration import logo, operator_settings
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.manual.tips import FILE_NAME, SLUG
from bot.settings.support.entry_lists import CATEGORIES, QUESTIONS
from bot.settings.support.own_file import default_at, text_of, value_at
from bot.store.tables import ChecklistMark, Technician
from knowledge_base.sources import Library

OPENED = "opened"
# What customers read of another company until it is set.
NAMES = ("company", "product", "phone")
TIPS = f"/desk/manual/pages/{SLUG}"


@dataclass(frozen=True)
class Item:
    """``where``: the page for it. ``done`` items that cannot be detected are ticked by hand."""

    id: str
    title: str
    what: str
    where: str | None
    done: bool
    ticked: bool


async def list_items(ctx: Context) -> list[Item]:
    """Return the checklist in the order of work."""
    async with ctx.db.read() as session:
        marks = set(await session.scalars(select(ChecklistMark.item)))
        people = await session.scalar(select(func.count()).select_from(Technician).where(Technician.active)) or 0
    own = operator_settings.values_of(text_of(ctx.home))
    year = str(ctx.clock().astimezone(ctx.support.office_hours.zone).year)
    closings = value_at(own, "hours.holidays.own") or {}
    seen = {
        "company": set(NAMES) <= set(own),
        "logo": logo.find_logo(ctx.home) is not None,
        "colour": "colour" in own,
        "hours": bool(value_at(own, "hours.week") or value_at(own, "hours.zone")),
        "closings": any(str(day).startswith(year) for day in closings),
        "questions": has_own_lists(ctx.home),
        "manual": any((ctx.home / "manual").rglob("*.md")) or bool(Library(ctx.home).stamp()),
        "tips": (ctx.home / FILE_NAME).exists(),
        "people": people > 1,
    }
    return [
        Item(name, title, what, where, seen.get(name, False) or name in marks, name in marks)
        for name, title, what, where in _what(year)
    ]


def has_own_lists(home: Path) -> bool:
    """Return whether the department has categories or questions of its own, not only changed words of the shipped."""
    own = operator_settings.values_of(text_of(home))
    return any(
        isinstance(own.get(key), list) or any(default_at(f"{key}.{name}") is None for name in own.get(key) or ())
        for key in (CATEGORIES, QUESTIONS)
    )


def _what(year: str) -> list[tuple[str, str, str, str | None]]:
    settings = "/desk/administration/settings"
    return [
        (
            "company",
            "Company and product",
            "The names, telephone and web site that customers read.",
            f"{settings}/company",
        ),
        ("logo", "Logo", "Shown above the chat and at the desk.", None),
        (
            "colour",
            "Colour",
            "Of buttons and links; readable shades for light and dark are made of it.",
            f"{settings}/company",
        ),
        (
            "hours",
            "Office hours",
            "When technicians are there, in which time zone. Every promise follows them.",
            f"{settings}/hours",
        ),
        (
            "closings",
            f"Closing dates of {year}",
            "Days on which you close besides your country's holidays.",
            f"{settings}/hours",
        ),
        ("tips", "Tips for Faster Service", "The page that customers read before they call, in your words.", TIPS),
        (
            "questions",
            "Teams, categories and questions",
            "What customers are asked for each kind of problem, and who answers.",
            f"{settings}/teams",
        ),
        (
            "manual",
            "Your own manual",
            "In place of the demo product's, which is only there to try things out.",
            "/desk/manual/sources",
        ),
        ("mail", "A test e-mail", "So that codes, replies and reminders arrive.", None),
        ("people", "Colleagues", "Invite the technicians who answer.", "/desk/administration/people"),
        ("embed", "The chat on your web site", "One line of HTML before </body>.", None),
    ]


async def was_opened(ctx: Context) -> bool:
    """Return True when an administrator has seen the checklist; until then their sign-in leads to it."""
    async with ctx.db.read() as session:
        return await session.get(ChecklistMark, OPENED) is not None


async def open_it(ctx: Context, admin: Technician) -> None:
    """Mark the checklist as seen."""
    if not await was_opened(ctx):
        async with ctx.db.write() as session:
            await session.merge(ChecklistMark(item=OPENED, technician_id=admin.id, at=ctx.clock()))


async def tick_item(ctx: Context, admin: Technician, item: str, done: bool) -> dict[str, Any]:
    """Mark an item as done, or as open again; raise NotFound for an unknown one."""
    now = ctx.clock()
    if item not in [one[0] for one in _what("")]:
        raise NotFound("There is no such item on the checklist.")
    async with ctx.db.write() as session:
        mark = await session.get(ChecklistMark, item)
        if done and mark is None:
            session.add(ChecklistMark(item=item, technician_id=admin.id, at=now))
        elif not done and mark is not None:
            await session.delete(mark)
        audit.record(
            session, audit.technician_actor(admin), "checklist.tick", now, details={"item": item, "done": done}
        )
    return {"item": item, "done": done}
