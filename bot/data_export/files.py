"""Export the files of conversations, the manual and the settings."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.installation.manual_pages import manual_folder, manual_pages, manuals
from bot.services.administration import logo
from bot.services.conversation import attachments
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.understanding import learned_examples
from bot.settings.support.load import DEFAULTS, FILE_NAME
from bot.settings.support.support import Support
from bot.store.tables import Attachment
from knowledge_base.pages import Page

_NOT_IN_NAMES = re.compile(r"[^\w .()-]")
LONGEST_NAME = 100


def kept_as(file: Attachment) -> str:
    """Return the name of a customer's file in the folder ``files``: unique, and safe on every system."""
    safe = _NOT_IN_NAMES.sub("_", file.name).strip(" .")[-LONGEST_NAME:]
    return f"{file.id}-{safe or 'file'}"


async def write_files(session: AsyncSession, ctx: Context, folder: Path, each: Callable[[], None]) -> list[str]:
    """Copy the files; return the names of missing ones, removed by a technician or by retention."""
    gone = []
    for file in list(await session.scalars(select(Attachment).order_by(Attachment.id))):
        try:
            stored = await attachments.find_attachment(ctx, file.conversation_id, file.id)
            shutil.copyfile(stored.path, folder / kept_as(file))
        except (NotFound, FileNotFoundError):
            gone.append(kept_as(file))
        each()
    return gone


def write_manuals(ctx: Context, folder: Path) -> int:
    """Write every page as Markdown that can be imported again, and the pictures; return the number of pages.

    The manual of each of several products has a folder of its own.
    """
    return sum(_write_manual(ctx, one, folder / one.manual_folder) for one in manuals(ctx.support))


def _write_manual(ctx: Context, support: Support, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    pages = manual_pages(ctx.home, support)
    for page in pages:
        (folder / f"{page.slug}.md").write_text(_markdown(page), encoding="utf-8")
    own = manual_folder(ctx.home, support)
    for path in own.rglob("*") if own else ():
        if path.is_file() and path.suffix != ".md":
            target = folder / path.relative_to(own or path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return len(pages)


def _markdown(page: Page) -> str:
    about = {"title": page.title, "chapter": page.chapter, "order": page.order, "source_url": page.source_url}
    lines = ["---", *(f"{name}: {value}" for name, value in about.items() if value), "---", ""]
    if page.markdown is not None:
        return "\n".join([*lines, page.markdown.strip(), ""])
    for section in page.sections:
        heading = [f"## {section.heading}", ""] if section.anchor else []
        lines += [*heading, section.text, ""]
    return "\n".join(lines)


def write_settings(ctx: Context, folder: Path) -> None:
    """Write the department's own support.yml, its defaults, learned sentences and the logo."""
    shutil.copyfile(DEFAULTS, folder / "support-defaults.yml")
    for file in (ctx.home / FILE_NAME, learned_examples.own_file(ctx.home), *(_logo(ctx))):
        if file.exists():
            shutil.copyfile(file, folder / file.name)


def _logo(ctx: Context) -> list[Path]:
    found = logo.find_logo(ctx.home)
    return [found[0]] if found else []
