"""Edit, preview and undo changes of support.yml in TECHREF_HOME, with every version kept.

A change is validated whole, by the models that validate the file at the start, before anything is written. It applies
at once, and the search finds what changed of *Tips for Faster Service* within a minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.administration import settings_fields
from bot.services.core import audit, hours_wording
from bot.services.core.context import Context
from bot.services.core.errors import BadSettings, NotFound, SettingsChanged
from bot.settings.problems import SettingsError
from bot.settings.support.entry_lists import CATEGORIES, LAST_RESORT, QUESTIONS, REQUESTS, TEAMS
from bot.settings.support.load import FILE_NAME, parsed
from bot.settings.support.own_file import (
    DEFAULT,
    Order,
    check,
    default_at,
    difference,
    digest_of,
    edited,
    text_of,
    value_at,
    write,
)
from bot.settings.support.support import Support
from bot.store.tables import SettingsVersion, Technician

LONGEST = 200_000
SHOWN_VERSIONS = 50
SHOWN_CLOSINGS = 12


@dataclass(frozen=True)
class Proposal:
    """A valid change: the file before and after, and the resulting settings."""

    before: str
    after: str
    support: Support

    @property
    def diff(self) -> str:
        return difference(self.before, self.after)


async def read_section(ctx: Context, name: str) -> dict[str, Any]:
    """Return the fields of a section and the digest of the file that they were read from."""
    text = text_of(ctx.home)
    own = _own(ctx, text)
    groups = settings_fields.fields_of_section(name, own)
    return {"base": digest_of(text), "groups": groups, "lists": settings_fields.lists_of_section(name, own)}


async def read_file(ctx: Context) -> dict[str, str]:
    """Return the own file as text, with its digest."""
    text = text_of(ctx.home)
    return {"base": digest_of(text), "text": text}


def propose_change(ctx: Context, base: object, edits: object) -> Proposal:
    """Return the file with ``edits`` applied: ``[{path, text}]``, ``{path, default: true}`` to reset a value, or
    ``{path, ids}`` for the entries of a list: these and no others, in this order.

    Raises Conflict (``changed_meanwhile``) when the file is not the one that was shown, Invalid (``bad_settings``) with
    a line for every invalid key.
    """
    text = _unchanged(ctx, base)
    own = _own(ctx, text)
    if not isinstance(edits, list) or not edits:
        raise BadSettings("There is nothing to change.")
    values = [pair for one in edits for pair in _edit(one, own)]
    # The lists first: what is said of an entry goes into the list as it is then.
    values.sort(key=lambda pair: "." in pair[0])
    return _checked(ctx, text, edited(text, dict(values)))


def propose_values(ctx: Context, values: Mapping[str, Any]) -> Proposal:
    """Return the file with these keys set, or with DEFAULT reset; raises Invalid (``bad_settings``)."""
    text = text_of(ctx.home)
    _own(ctx, text)
    return _checked(ctx, text, edited(text, values))


def propose_empty_lists(ctx: Context) -> Proposal:
    """Return the file without any of the product's own categories, questions and requests.

    One category is left, which takes what fits nowhere else and asks nothing.
    """
    text = text_of(ctx.home)
    return _checked(ctx, text, edited(text, {key: Order(()) for key in (QUESTIONS, CATEGORIES, REQUESTS)}))


def propose_whole(ctx: Context, base: object, new: object) -> Proposal:
    """Return the proposal of a whole new file; raises as ``propose_change`` does."""
    text = _unchanged(ctx, base)
    if not isinstance(new, str) or len(new) > LONGEST:
        raise BadSettings("The file must be text of at most 200,000 characters; nothing was changed.")
    return _checked(ctx, text, new.replace("\r\n", "\n"))


async def apply_change(ctx: Context, technician: Technician, proposal: Proposal) -> dict[str, Any]:
    """Write the change, keep the version before, and apply it; return the difference."""
    await _keep_and_write(ctx, technician, proposal, "settings.change")
    return {"diff": proposal.diff}


async def restore_version(ctx: Context, technician: Technician, version_id: int) -> dict[str, Any]:
    """Restore a kept version; that is a change of its own, which can be undone.

    Raises NotFound, or Invalid when the present program rejects that version.
    """
    async with ctx.db.read() as session:
        version = await session.get(SettingsVersion, version_id)
    if version is None:
        raise NotFound("There is no such version; nothing was changed.")
    proposal = _checked(ctx, text_of(ctx.home), version.text)
    await _keep_and_write(ctx, technician, proposal, "settings.undo")
    return {"diff": proposal.diff}


async def list_versions(ctx: Context) -> list[dict[str, Any]]:
    """Return the newest 50 versions, each with its changes and their author."""
    query = (
        select(SettingsVersion, Technician.name)
        .outerjoin(Technician, Technician.id == SettingsVersion.technician_id)
        .order_by(SettingsVersion.id.desc())
        .limit(SHOWN_VERSIONS + 1)
    )
    async with ctx.db.read() as session:
        rows = list(await session.execute(query))
    current = text_of(ctx.home)
    return [
        {
            "id": version.id,
            "at": version.at.isoformat(),
            "who": name or "by hand",
            "diff": difference(rows[place + 1][0].text, version.text) if place + 1 < len(rows) else "",
            "current": version.text == current and place == 0,
        }
        for place, (version, name) in enumerate(rows[:SHOWN_VERSIONS])
    ]


def preview_settings(support: Support, now: datetime) -> dict[str, Any]:
    """Return what customers would see: name, greeting, hours right now, the next closing dates."""
    today = now.astimezone(support.office_hours.zone).date()
    closed = support.office_hours.holidays_between(today, today + timedelta(days=365))[:SHOWN_CLOSINGS]
    return {
        "company": support.company,
        "colour": support.colour,
        "greeting": support.greeting,
        "quick_replies": [reply.title for reply in support.quick_replies],
        "hours": hours_wording.hours_now(support, now, None),
        "closed": [f"{day:%A %d %B %Y}: {name}" for day, name in closed],
    }


def _own(ctx: Context, text: str) -> dict[str, Any]:
    try:
        return parsed(text, FILE_NAME)
    except SettingsError as error:
        raise BadSettings(str(error)) from None


def values_of(text: str) -> dict[str, Any]:
    """Return keys and values of an own file; one that was broken by hand sets none."""
    try:
        return parsed(text, FILE_NAME)
    except SettingsError:
        return {}


def _unchanged(ctx: Context, base: object) -> str:
    text = text_of(ctx.home)
    if base != digest_of(text):
        message = "The settings were changed meanwhile; nothing was saved. Load the page again and make your change."
        raise SettingsChanged(message)
    return text


def _edit(one: object, own: dict[str, Any]) -> list[tuple[str, Any]]:
    if not isinstance(one, dict) or not isinstance(one.get("path"), str):
        raise BadSettings("Each edit needs a path; nothing was changed.")
    path, text = one["path"], one.get("text")
    if one.get("default") is True:
        return [(path, DEFAULT)]
    if "ids" in one:
        return _ordered(path, settings_fields.ids_of(path, one["ids"]), own)
    if not isinstance(text, str):
        raise BadSettings(f"{path}: the text is missing; nothing was changed.")
    return [(path, settings_fields.value_of(path, text, own))]


def _ordered(key: str, ids: tuple[str, ...], own: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the edits that give a list these entries in this order.

    Where categories or requests are only removed or added at the end, the file goes on naming the differences alone, so
    that it takes part in what a later version ships. What the product ships follows lists of teams and questions only.
    """
    before = settings_fields.current_ids(key, own)
    kept = [name for name in before if name in ids]
    new = [name for name in ids if name not in before]
    last = [name for name in (*kept, *new) if name == LAST_RESORT]
    same_order = [*(name for name in (*kept, *new) if name != LAST_RESORT), *last] == list(ids)
    if key in (TEAMS, QUESTIONS) or not kept or isinstance(own.get(key), list) or not same_order:
        return [(key, Order(ids))]
    gone = [name for name in before if name not in ids]
    return [(f"{key}.{name}", DEFAULT if default_at(f"{key}.{name}") is None else None) for name in gone]


def _checked(ctx: Context, before: str, after: str) -> Proposal:
    try:
        return Proposal(before, after, check(after, ctx.home))
    except SettingsError as error:
        raise BadSettings("\n".join(["Nothing was saved.", *error.problems])) from None


async def _keep_and_write(ctx: Context, technician: Technician, proposal: Proposal, action: str) -> None:
    now = ctx.clock()
    async with ctx.db.write() as session:
        newest = await _newest(session)
        if newest != proposal.before:
            # Edited by hand, or never kept yet: it must be kept before it is replaced.
            session.add(SettingsVersion(at=now, technician_id=None, text=proposal.before))
            await session.flush()
        session.add(SettingsVersion(at=now, technician_id=technician.id, text=proposal.after))
        details = {"keys": _changed_keys(ctx, proposal)}
        audit.record(session, audit.technician_actor(technician), action, now, details=details)
        write(ctx.home, proposal.after)
    await ctx.refresh_support()


async def _newest(session: AsyncSession) -> str | None:
    newest: str | None = await session.scalar(select(SettingsVersion.text).order_by(SettingsVersion.id.desc()).limit(1))
    return newest


def _changed_keys(ctx: Context, proposal: Proposal) -> list[str]:
    """Return the top-level keys whose values differ: names, never words."""
    before, after = values_of(proposal.before), values_of(proposal.after)
    return sorted(key for key in {*before, *after} if value_at(before, key) != value_at(after, key))
