"""Manage imported manuals from the desk. The import itself runs in the gateway's upkeep."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadKind, Conflict, Invalid, NotFound
from bot.services.core.worker_threads import FILES
from bot.services.manual.manual_place import manual_place
from bot.store.tables import Technician
from knowledge_base.importers.kinds import KINDS, NAMES, PICTURES, file_kind
from knowledge_base.importers.patterns import LONGEST_PATTERN, MOST_PATTERNS
from knowledge_base.importers.reasons import kinds_of
from knowledge_base.sources import Library, Report, Source, SourceError

NIGHT_HOUR = 2
LONGEST_NAME = 60
LONGEST_ADDRESS = 500
MOST_SOURCES = 50
_SHOWN_REFUSED = 200

Result = TypeVar("Result")


def library_of(ctx: Context, product: str | None) -> Library:
    """Return the imported sources of the manual of one of several products; of the installation's own for None."""
    return Library(manual_place(ctx.home, ctx.support.for_product(product)))


async def list_sources(ctx: Context, product: str | None = None) -> list[dict[str, Any]]:
    """Return every source with its age, the result of its last import and the versions to restore."""
    return await FILES.run(_listed, library_of(ctx, product))


async def add_site(
    ctx: Context,
    technician: Technician,
    name: Any,
    address: Any,
    include: Any = None,
    exclude: Any = None,
    product: str | None = None,
) -> str:
    """Add a site to import by its sitemap, now and every night; return its id.

    ``include`` and ``exclude`` are patterns of paths, one a line or with commas between them.

    One in our own network can only be allowed on the command line. Raises Invalid.
    """
    address = _site_address(address)
    called = _text(name, "The name", LONGEST_NAME)
    only, without = _patterns(include, "include"), _patterns(exclude, "exclude")
    add = partial(Library.add, name=called, kind="site", location=address, include=only, exclude=without)
    return await _add(ctx, technician, add, product)


async def add_upload(
    ctx: Context, technician: Technician, name: Any, base_url: Any = None, product: str | None = None
) -> str:
    """Add a source for uploaded files, or empty the files of the one of this name; return its id. Raises Invalid.

    ``base_url`` is the address below which the files are published.
    """
    called = _text(name, "The name", LONGEST_NAME)
    published = _site_address(base_url) if base_url else None
    return await _add(ctx, technician, lambda library: library.add_upload(called, published), product)


async def store_file(ctx: Context, source_id: str, name: str, content: bytes, product: str | None = None) -> str:
    """Store one uploaded file, ``name`` with its path in an uploaded folder; return its stored path.

    Raises Invalid, NotFound.
    """
    if file_kind(name) not in KINDS | PICTURES:
        raise BadKind(f"{name[:80]!r} is of a kind that is not read; these are: {NAMES}.")
    limit = ctx.support.limits.file_bytes
    if len(content) > limit:
        raise Invalid(f"{name[:80]!r} is larger than {limit // 1_048_576} MB; save it in smaller parts.")

    def keep(library: Library) -> str:
        source = library.source(source_id)
        if source.kind != "files":
            raise SourceError("Files can only be added to a manual that was uploaded.")
        return library.store_file(source, name, content)

    return await _at(ctx, keep, product)


async def ask_for_import(ctx: Context, technician: Technician, source_id: str, product: str | None = None) -> None:
    """Request an import of the source, within seconds. Raises NotFound."""
    await _at(ctx, lambda library: library.request_import(library.source(source_id)), product)
    await _recorded(ctx, technician, "manual.import", source_id)


async def roll_back_source(
    ctx: Context, technician: Technician, source_id: str, version: str | None, product: str | None = None
) -> str:
    """Restore an earlier version; return its name. Raises NotFound, Conflict."""
    restored = await _at(ctx, lambda library: library.roll_back(library.source(source_id), version), product)
    await _recorded(ctx, technician, "manual.roll_back", source_id)
    return restored


async def remove_source(ctx: Context, technician: Technician, source_id: str, product: str | None = None) -> None:
    """Delete the source with all its versions. Raises NotFound."""
    await _at(ctx, lambda library: library.remove(library.source(source_id)), product)
    await _recorded(ctx, technician, "manual.remove", source_id)


def due_sources(library: Library, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return the ids of the sources to import now: requested ones, and each night sites and folders not held.

    A missed night (nothing ran) is caught up as soon as a gateway runs again.
    """
    night = last_night(now, zone)
    return [
        source.id for source in library.sources() if library.is_requested(source) or _is_due(library, source, night)
    ]


def last_night(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the last time it was two o'clock at night at the office."""
    local = now.astimezone(zone)
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    # In UTC at once: on the night that skips two o'clock a local time would equal no moment at all.
    return (night if night <= local else night - timedelta(days=1)).astimezone(UTC)


def _is_due(library: Library, source: Source, night: datetime) -> bool:
    report = library.last_report(source)
    return source.kind != "files" and not source.held and report is not None and report.at < night


async def _add(ctx: Context, technician: Technician, add: Callable[[Library], Source], product: str | None) -> str:
    def added(library: Library) -> Source:
        if len(library.sources()) >= MOST_SOURCES:
            raise SourceError(f"There are {MOST_SOURCES} sources already; remove one first.")
        source = add(library)
        if source.kind == "site":
            library.request_import(source)
        return source

    source = await _at(ctx, added, product)
    await _recorded(ctx, technician, "manual.add", source.id)
    return source.id


async def _at(ctx: Context, work: Callable[[Library], Result], product: str | None) -> Result:
    """Run ``work`` in a thread; convert its errors to ServiceErrors."""
    library = library_of(ctx, product)
    try:
        return await FILES.run(work, library)
    except SourceError as error:
        if "no source" in str(error):
            raise NotFound("There is no such source any more. Nothing was changed; load the page again.") from error
        raise Conflict(str(error)) from error


async def _recorded(ctx: Context, technician: Technician, action: str, source_id: str) -> None:
    async with ctx.db.write() as session:
        audit.record(session, audit.technician_actor(technician), action, ctx.clock(), details={"source": source_id})


def _site_address(value: Any) -> str:
    address = _text(value, "The address", LONGEST_ADDRESS)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Invalid("The address must be one of a web site, such as https://docs.example.com. Nothing was added.")
    return address


def _patterns(value: Any, field: str) -> list[str]:
    given = value if isinstance(value, str) else "" if value is None else None
    patterns = [one.strip() for one in re.split(r"[,\n]", given) if one.strip()] if given is not None else []
    if given is None or len(patterns) > MOST_PATTERNS or any(len(one) > LONGEST_PATTERN for one in patterns):
        raise Invalid(
            f"{field} must be text: at most {MOST_PATTERNS} patterns of at most {LONGEST_PATTERN} characters, "
            "with commas between them. Nothing was added."
        )
    return patterns


def _text(value: Any, what: str, longest: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > longest or not text.isprintable():
        raise Invalid(f"{what} must be text of at most {longest} characters. Nothing was added.")
    return text


def _listed(library: Library) -> list[dict[str, Any]]:
    importing = library.is_importing()
    return [_described(library, source, importing) for source in library.sources()]


def _described(library: Library, source: Source, importing: bool) -> dict[str, Any]:
    report = library.last_report(source)
    current = library.current(source)
    shown = library.report_of(source, current) if current else None
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "location": source.location,
        "held": source.held,
        "include": list(source.include),
        "exclude": list(source.exclude),
        "waiting": library.is_requested(source),
        "importing": importing,
        "pages": shown.pages if shown else 0,
        "sections": shown.sections if shown else 0,
        "last": _report(report) if report else None,
        "versions": [_version(library, source, version, current) for version in reversed(library.versions(source))],
    }


def _report(report: Report) -> dict[str, Any]:
    told = {**asdict(report), "at": report.at.isoformat(), "refused_count": len(report.refused)}
    told["refused_kinds"] = [{"why": one.kind, "count": len(one.names)} for one in kinds_of(report.refused)]
    told["refused"] = [{"name": name, "reason": reason} for name, reason in report.refused[:_SHOWN_REFUSED]]
    return told


def _version(library: Library, source: Source, version: str, current: str | None) -> dict[str, Any]:
    report = library.report_of(source, version)
    return {
        "version": version,
        "current": version == current,
        "at": report.at.isoformat() if report else None,
        "pages": report.pages if report else 0,
    }
