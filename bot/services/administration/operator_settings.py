"""Edit, preview and undo changes of support.yml in TECHREF_HOME, with every version kept.

A change is validated whole, by the models that validate the file at the start, before anything is written. It applies
at once; the result names any further step that it needs.
"""

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
from bot.settings.support.load import FILE_NAME, parsed
from bot.settings.support.own_file import DEFAULT, check, difference, digest_of, edited, text_of, value_at, write
from bot.settings.support.support import Support
from bot.store.tables import SettingsVersion, Technician

LONGEST = 200_000
SHOWN_VERSIONS = 50
SHOWN_CLOSINGS = 12
# Keys on which more than a running program depends, and the step that a change of each needs.
NEEDS = {
    "categories": "The page Tips for Faster Service shows it at once; the search finds it after: techref index",
    "questions": "The page Tips for Faster Service shows it at once; the search finds it after: techref index",
    "product": "The page Tips for Faster Service names the product; the search finds it after: techref index",
}


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
    return {"base": digest_of(text), "groups": settings_fields.fields_of_section(name, _own(ctx, text))}


async def read_file(ctx: Context) -> dict[str, str]:
    """Return the own file as text, with its digest."""
    text = text_of(ctx.home)
    return {"base": digest_of(text), "text": text}


def propose_change(ctx: Context, base: object, edits: object) -> Proposal:
    """Return the file with ``edits`` applied: ``[{path, text}]``, ``{path, default: true}`` to reset a value, or
    ``{path, remove: true}`` to remove a request.

    Raises Conflict (``changed_meanwhile``) when the file is not the one that was shown, Invalid (``bad_settings``) with
    a line for every invalid key.
    """
    text = _unchanged(ctx, base)
    own = _own(ctx, text)
    if not isinstance(edits, list) or not edits:
        raise BadSettings("There is nothing to change.")
    values = dict(_edit(one, own) for one in edits)
    return _checked(ctx, text, edited(text, values))


def propose_whole(ctx: Context, base: object, new: object) -> Proposal:
    """Return the proposal of a whole new file; raises as ``propose_change`` does."""
    text = _unchanged(ctx, base)
    if not isinstance(new, str) or len(new) > LONGEST:
        raise BadSettings("The file must be text of at most 200,000 characters; nothing was changed.")
    return _checked(ctx, text, new.replace("\r\n", "\n"))


async def apply_change(ctx: Context, technician: Technician, proposal: Proposal) -> dict[str, Any]:
    """Write the change, keep the version before, and apply it; return the further steps."""
    await _keep_and_write(ctx, technician, proposal, "settings.change")
    return {"diff": proposal.diff, "needs": _needs(ctx, proposal)}


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
    return {"diff": proposal.diff, "needs": _needs(ctx, proposal)}


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


def _edit(one: object, own: dict[str, Any]) -> tuple[str, Any]:
    if not isinstance(one, dict) or not isinstance(one.get("path"), str):
        raise BadSettings("Each edit needs a path; nothing was changed.")
    path, text = one["path"], one.get("text")
    if one.get("default") is True:
        return path, DEFAULT
    if one.get("remove") is True:
        return path, settings_fields.removed(path)
    if not isinstance(text, str):
        raise BadSettings(f"{path}: the text is missing; nothing was changed.")
    return path, settings_fields.value_of(path, text, own)


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


def _needs(ctx: Context, proposal: Proposal) -> list[str]:
    changed = _changed_keys(ctx, proposal)
    return sorted({NEEDS[key] for key in changed if key in NEEDS})
