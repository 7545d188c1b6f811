"""Pages of the manual that are written at the desk: drafts, a preview, publishing, and every version.

A published page is a file of TECHREF_HOME/manual, *Tips for Faster Service* TECHREF_HOME/tips.md; site and search take
it up by themselves. Drafts and versions are rows. Only a person publishes, and only what was saved and shown before.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import ChangedMeanwhile, Invalid, NotFound
from bot.services.core.worker_threads import FILES
from bot.services.manual import tips
from bot.services.manual.manual_place import manual_place, tips_prose
from bot.services.manual.page_files import (
    NO_SUCH,
    Written,
    file_of,
    own_pages,
    published_text,
    taken_slugs,
    write_page,
    written_of,
)
from bot.settings.support.support import Support
from bot.store.tables import PageVersion, Technician
from knowledge_base.pages import Page, page_from_markdown

DRAFT, PUBLISHED, REMOVED = "draft", "published", "removed"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_SLUG = 120, 200_000, 60
SHOWN_VERSIONS = 50
OTHER_CHAPTER = "More"
_CHANGED = "Somebody has changed this page meanwhile; nothing was saved. Copy your text and load the page again."


@dataclass(frozen=True)
class OwnManual:
    """The manual whose pages are written: the installation's own, or that of one of several products by its id."""

    ctx: Context
    product: str | None = None

    @property
    def support(self) -> Support:
        """Return the settings of the manual's product."""
        return self.ctx.support.for_product(self.product or self.ctx.support.main_product)

    @property
    def place(self) -> Path:
        """Return the folder of the manual."""
        return manual_place(self.ctx.home, self.support)

    @property
    def key(self) -> str | None:
        """Return how rows name the manual: None for the installation's own, which may be a product's, too."""
        return self.product if self.support.manual_folder else None

    def text(self, slug: str) -> str | None:
        """Return the file of a published page; None where there is none."""
        return tips_prose(self.ctx.home, self.support) if slug == tips.SLUG else published_text(self.place, slug)


@dataclass(frozen=True)
class Listed:
    """A page in the list. ``draft``: there is one that is not published."""

    slug: str
    title: str
    chapter: str
    published: bool
    draft: bool


@dataclass(frozen=True)
class Version:
    """A state of a page, with its author and the fields that it held."""

    id: int
    at: datetime
    who: str
    state: str
    title: str


@dataclass(frozen=True)
class Editable:
    """A page with what is edited: its open draft, else what is published. ``base``: the newest version's id."""

    slug: str
    written: Written
    base: int
    draft_id: int | None
    published: bool
    origin: str | None
    versions: list[Version]

    @property
    def is_tips(self) -> bool:
        return self.slug == tips.SLUG


async def list_pages(manual: OwnManual) -> list[Listed]:
    """Return the department's own pages and drafts, *Tips for Faster Service* first."""
    files = await FILES.run(own_pages, manual.place)
    async with manual.ctx.db.read() as session:
        newest = list(await session.scalars(select(PageVersion).where(PageVersion.id.in_(_newest_ids(manual)))))
    drafts = {row.page: row for row in newest if row.state == DRAFT}
    shown = {slug: Listed(slug, page.title, page.chapter, True, slug in drafts) for slug, page in files.items()}
    for slug, row in drafts.items():
        page = page_from_markdown(slug, row.text)
        shown.setdefault(slug, Listed(slug, page.title, page.chapter, False, True))
    prose = page_from_markdown(tips.SLUG, await FILES.run(tips_prose, manual.ctx.home, manual.support))
    shown[tips.SLUG] = Listed(tips.SLUG, prose.title, "", True, tips.SLUG in drafts)
    return sorted(shown.values(), key=lambda one: (one.slug != tips.SLUG, one.chapter.casefold(), one.title.casefold()))


async def read_page(manual: OwnManual, slug: str) -> Editable:
    """Return a page to edit. Raises NotFound."""
    published = await FILES.run(manual.text, slug)
    async with manual.ctx.db.read() as session:
        rows = await _versions(session, manual, slug)
    newest = rows[0][0] if rows else None
    draft = newest if newest is not None and newest.state == DRAFT else None
    text = draft.text if draft is not None else published
    if text is None:
        raise NotFound(NO_SUCH)
    return Editable(
        slug=slug,
        written=written_of(slug, text),
        base=newest.id if newest is not None else 0,
        draft_id=draft.id if draft is not None else None,
        published=published is not None,
        origin=draft.origin if draft is not None else None,
        versions=[
            Version(row.id, row.at, name or "by hand", row.state, page_from_markdown(slug, row.text).title)
            for row, name in rows
        ],
    )


async def save_draft(
    manual: OwnManual, technician: Technician, slug: str | None, fields: dict[str, Any], origin: str | None = None
) -> str:
    """Save a draft of a page, a new one without ``slug``; return its slug. Nothing is published.

    Raises Invalid, NotFound, and ChangedMeanwhile when the page has a newer version than ``fields["base"]``.
    """
    written = _checked(fields, is_tips=slug == tips.SLUG)
    published = await FILES.run(manual.text, slug) if slug else None
    taken = await FILES.run(taken_slugs, manual.place) if slug is None else set()
    now = manual.ctx.clock()
    async with manual.ctx.db.write() as session:
        if slug is None:
            slug = await _free_slug(session, manual, written.title, taken)
        rows = await _versions(session, manual, slug)
        newest = rows[0][0] if rows else None
        if published is None and newest is None and fields.get("base"):
            raise NotFound(NO_SUCH)
        if (newest.id if newest is not None else 0) != fields.get("base", 0):
            raise ChangedMeanwhile(_CHANGED)
        if published is not None and (newest is None or (newest.state != DRAFT and newest.text != published)):
            # Written by hand or shipped: kept before it is replaced.
            session.add(PageVersion(product=manual.key, page=slug, at=now, state=PUBLISHED, text=published))
            await session.flush()
        kept = origin or (newest.origin if newest is not None and newest.state == DRAFT else None)
        row = PageVersion(
            product=manual.key, page=slug, at=now, technician_id=technician.id, state=DRAFT, text=written.as_file()
        )
        row.origin = kept
        session.add(row)
        audit.record(session, audit.technician_actor(technician), "page.draft", now, details=_named(manual, slug))
    return slug


async def publish_draft(manual: OwnManual, technician: Technician, slug: str, draft_id: int) -> None:
    """Publish the draft of this id, which must be the newest version. Raises NotFound, ChangedMeanwhile."""
    now = manual.ctx.clock()
    async with manual.ctx.db.write() as session:
        draft = await _open_draft(session, manual, slug, draft_id)
        row = PageVersion(
            product=manual.key, page=slug, at=now, technician_id=technician.id, state=PUBLISHED, text=draft.text
        )
        row.origin = draft.origin
        session.add(row)
        audit.record(session, audit.technician_actor(technician), "page.publish", now, details=_named(manual, slug))
        await FILES.run(write_page, file_of(manual.place, slug), draft.text)


async def discard_draft(manual: OwnManual, technician: Technician, slug: str, draft_id: int) -> bool:
    """Discard the draft; what is published stays. Return whether the page is still there."""
    published, now = await FILES.run(manual.text, slug), manual.ctx.clock()
    async with manual.ctx.db.write() as session:
        await _open_draft(session, manual, slug, draft_id)
        state, text = (REMOVED, "") if published is None else (PUBLISHED, published)
        session.add(
            PageVersion(product=manual.key, page=slug, at=now, technician_id=technician.id, state=state, text=text)
        )
        audit.record(session, audit.technician_actor(technician), "page.discard", now, details=_named(manual, slug))
    return published is not None


async def restore_version(manual: OwnManual, technician: Technician, slug: str, version_id: int) -> None:
    """Make an earlier version the draft, to be looked at and published. Raises NotFound."""
    now = manual.ctx.clock()
    async with manual.ctx.db.write() as session:
        version = await session.get(PageVersion, version_id)
        if version is None or (version.page, version.product) != (slug, manual.key) or version.state == REMOVED:
            raise NotFound("There is no such version; nothing was changed.")
        session.add(
            PageVersion(
                product=manual.key, page=slug, at=now, technician_id=technician.id, state=DRAFT, text=version.text
            )
        )
        audit.record(session, audit.technician_actor(technician), "page.restore", now, details=_named(manual, slug))


async def remove_page(manual: OwnManual, technician: Technician, slug: str) -> None:
    """Take a page out of the manual; its versions stay. *Tips for Faster Service* goes back to the product's words.

    Raises NotFound.
    """
    published, now = await FILES.run(manual.text, slug), manual.ctx.clock()
    file = file_of(manual.place, slug)
    if published is None or not file.exists():
        raise NotFound(NO_SUCH)
    async with manual.ctx.db.write() as session:
        session.add(
            PageVersion(
                product=manual.key, page=slug, at=now, technician_id=technician.id, state=PUBLISHED, text=published
            )
        )
        await session.flush()
        session.add(
            PageVersion(product=manual.key, page=slug, at=now, technician_id=technician.id, state=REMOVED, text="")
        )
        audit.record(session, audit.technician_actor(technician), "page.remove", now, details=_named(manual, slug))
        await FILES.run(file.unlink)


def rendered_page(manual: OwnManual, slug: str, written: Written) -> Page:
    """Return the page as readers would see it, *Tips for Faster Service* with its placeholders filled."""
    text = written.as_file()
    return tips.tips_page(text, manual.support) if slug == tips.SLUG else page_from_markdown(slug, text)


def _named(manual: OwnManual, slug: str) -> dict[str, str]:
    return {"page": slug, **({"product": manual.key} if manual.key else {})}


def _checked(fields: dict[str, Any], *, is_tips: bool) -> Written:
    title, chapter = _line(fields.get("title"), "title"), _line(fields.get("chapter") or "", "chapter")
    text = fields.get("text")
    if not title:
        raise Invalid("title: write a title; nothing was saved.")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise Invalid("text: write the page, at most 200,000 characters; nothing was saved.")
    if is_tips and (unknown := tips.unknown_placeholders(text)):
        raise Invalid(" ".join(["Nothing was saved.", *unknown]))
    order = str(fields.get("order") or "0").strip()
    if not re.fullmatch(r"-?\d{1,4}", order):
        raise Invalid("order: write a whole number, or nothing; nothing was saved.")
    return Written(title, "" if is_tips else chapter or OTHER_CHAPTER, int(order), text.replace("\r\n", "\n"))


def _line(value: object, name: str) -> str:
    line = " ".join(value.split()).replace('"', "'") if isinstance(value, str) else ""
    if not isinstance(value, str) or len(line) > LONGEST_TITLE:
        raise Invalid(f"{name}: write text of at most {LONGEST_TITLE} characters; nothing was saved.")
    return line


async def _free_slug(session: AsyncSession, manual: OwnManual, title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    wanted = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "page"
    known = taken | set(
        await session.scalars(select(PageVersion.page).where(PageVersion.product == manual.key).distinct())
    )
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(known) + 3)))
    return next(slug for slug in candidates if slug not in known)


async def _open_draft(session: AsyncSession, manual: OwnManual, slug: str, draft_id: int) -> PageVersion:
    rows = await _versions(session, manual, slug)
    if not rows:
        raise NotFound(NO_SUCH)
    newest = rows[0][0]
    if newest.id != draft_id or newest.state != DRAFT:
        raise ChangedMeanwhile("Somebody has changed this page meanwhile; nothing was published. Load the page again.")
    return newest


async def _versions(session: AsyncSession, manual: OwnManual, slug: str) -> list[tuple[PageVersion, str | None]]:
    query = (
        select(PageVersion, Technician.name)
        .outerjoin(Technician, Technician.id == PageVersion.technician_id)
        .where(PageVersion.page == slug, PageVersion.product == manual.key)
        .order_by(PageVersion.id.desc())
        .limit(SHOWN_VERSIONS)
    )
    return [(row, name) for row, name in await session.execute(query)]


def _newest_ids(manual: OwnManual) -> Any:
    return select(func.max(PageVersion.id)).where(PageVersion.product == manual.key).group_by(PageVersion.page)
