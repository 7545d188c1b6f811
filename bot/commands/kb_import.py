"""`techref kb import`, `sync`, `sources`, `rollback`, `forget`: manage imported manuals."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.index import index_if_needed
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation.manual_pages import manual_folder
from bot.services.manual.manual_place import manual_place
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from knowledge_base.cli import shown_progress
from knowledge_base.importers.document import LEFT_OUT
from knowledge_base.importers.gather import import_source
from knowledge_base.importers.reasons import kinds_of
from knowledge_base.sources import AnotherImport, Kind, Library, Report, Source, SourceError

SourceId = Annotated[str, typer.Argument(help="The source's id, as `techref kb sources` shows it.")]
EvenIfFewer = Annotated[
    bool, typer.Option("--even-if-fewer", help="Take it though most documents are refused, or half of the pages gone.")
]
Product = Annotated[
    str | None, typer.Option("--product", help="The id of the one of several products whose manual it is.")
]
AllNames = Annotated[bool, typer.Option("--all-names", help="Name every document that was not taken.")]
# Names that are printed for each reason; the desk and last.json have all.
_SHOWN_NAMES = 3


def register(app: typer.Typer) -> None:
    """Add the commands to `techref kb`."""
    app.command("import")(import_manual)
    app.command("sync")(sync_sources)
    app.command("sources")(list_sources)
    app.command("rollback")(roll_back_source)
    app.command("forget")(forget_source)


def import_manual(
    source: Annotated[str, typer.Argument(help="A folder, a file, or the address of a site or of its sitemap.")],
    name: Annotated[str | None, typer.Option(help="What it is called; it begins the names of its chapters.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Where a folder's files are published, for the links.")] = None,
    private_addresses: Annotated[
        bool, typer.Option("--private-addresses", help="Allow a site in your own network.")
    ] = False,
    include: Annotated[
        list[str] | None, typer.Option(help="Only paths like this, such as guide/** or *.md; may be repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="No paths like this, such as changelog* or drafts; may be repeated.")
    ] = None,
    product: Product = None,
    even_if_fewer: EvenIfFewer = False,
    all_names: AllNames = False,
) -> None:
    """Import a manual: the documents of a folder, or a site by its sitemap."""
    settings = load_settings_or_exit()
    if base_url and urlsplit(base_url).scheme not in ("http", "https"):
        exit_with_error("--base-url must begin with http:// or https://. Nothing was imported.")
    is_site = urlsplit(source).scheme in ("http", "https")
    location = source if is_site else str(Path(source).expanduser().resolve())
    if not is_site and not Path(location).exists():
        exit_with_error(f"There is no folder or file at {location}. Nothing was imported.")
    called = name or (urlsplit(source).hostname if is_site else Path(location).stem) or "Manual"
    library = Library(place_of_product(settings.home, product))
    before = {known.id for known in library.sources()}
    kind: Kind = "site" if is_site else "folder"
    added = library.add(called, kind, location, base_url, private_addresses, include or (), exclude or ())
    report = _import(library, added, even_if_fewer, all_names)
    if report.failure and added.id not in before:
        library.remove(added)
    _finish(settings, [(added, report)])


def sync_sources(
    source: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; without any, all folders and sites.")
    ] = None,
    product: Product = None,
    even_if_fewer: EvenIfFewer = False,
    all_names: AllNames = False,
) -> None:
    """Import every source again; a source that cannot be read keeps the version in use."""
    settings = load_settings_or_exit()
    library = Library(place_of_product(settings.home, product))
    try:
        chosen = [library.source(one) for one in source or []]
    except SourceError as error:
        exit_with_error(error)
    wanted = chosen or [one for one in library.sources() if one.kind != "files" and not one.held]
    _finish(settings, [(one, _import(library, one, even_if_fewer, all_names)) for one in wanted])


def list_sources(product: Product = None) -> None:
    """List the imported manuals with their versions."""
    library = Library(place_of_product(load_settings_or_exit().home, product))
    table = Table("id", "name", "from", "pages", "last import", "result", "versions")
    for source in library.sources():
        report = library.last_report(source)
        result = "not yet" if report is None else report.failure or f"{len(report.refused)} not taken"
        when = f"{report.at:%Y-%m-%d %H:%M} UTC" if report else "–"
        cells = (source.id, source.name, source.location or "uploaded files", str(len(library.pages_of(source))), when)
        held = " (held at an earlier version)" if source.held else ""
        table.add_row(*map(Text, cells), Text(result + held), "\n".join(_versions(library, source)))
    console.print(table) if table.row_count else print_done(
        "nothing was imported yet: techref kb import FOLDER-OR-ADDRESS"
    )


def roll_back_source(
    source: SourceId,
    version: Annotated[str | None, typer.Option(help="A version's name; without one, the one before.")] = None,
    product: Product = None,
) -> None:
    """Restore an earlier version of an imported manual; its nightly imports stop until `techref kb sync`."""
    settings = load_settings_or_exit()
    library = Library(place_of_product(settings.home, product))
    try:
        restored = library.roll_back(library.source(source), version)
    except SourceError as error:
        exit_with_error(error)
    print_done(f"{source} is at {restored} again, and is not imported by night until `techref kb sync {source}`")
    index_if_needed(settings)


def forget_source(
    source: SourceId,
    demo_manual: Annotated[
        bool, typer.Option("--demo-manual", help="When it is the last, show the demo product's manual again.")
    ] = False,
    product: Product = None,
) -> None:
    """Remove an imported manual with all its versions."""
    settings = load_settings_or_exit()
    support = _support(settings.home)
    library = Library(place_of_product(settings.home, product))
    try:
        library.remove(library.source(source))
    except SourceError as error:
        exit_with_error(error)
    if demo_manual:
        library.allow_demo()
    print_done(f"{source} is removed; what it was made from is untouched")
    if not demo_manual and not library.sources() and manual_folder(settings.home, support.for_product(product)) is None:
        print_done(
            "no manual is left: the assistant finds nothing until you import one; "
            "--demo-manual would have brought the demo product's back"
        )
    index_if_needed(settings)


def _support(home: Path) -> Support:
    try:
        return load_support(home)
    except SettingsError as error:
        exit_with_error(error)


def place_of_product(home: Path, product: str | None) -> Path:
    """Return where the manual is kept; end the command for a product that support.yml does not have."""
    support = _support(home)
    if product is not None and product not in support.products:
        known = f" There are {', '.join(support.products)}." if support.products else " support.yml names none."
        exit_with_error(f"There is no product {product!r}.{known} Nothing was changed.")
    return manual_place(home, support.for_product(product))


def _import(library: Library, source: Source, even_if_fewer: bool, all_names: bool) -> Report:
    try:
        with shown_progress() as progress:
            report = import_source(library, source, datetime.now(UTC), progress, even_if_fewer=even_if_fewer)
    except (AnotherImport, SourceError) as error:
        exit_with_error(error)
    if report.refused:
        console.print(_not_taken(source, report, all_names))
    return report


def _not_taken(source: Source, report: Report, all_names: bool) -> Table:
    """Return the refused documents by the kind of reason."""
    table = Table("why", "how many", "which", title=f"{source.name}: {len(report.refused)} not taken")
    for one in kinds_of(report.refused):
        shown = one.names if all_names or len(one.names) <= _SHOWN_NAMES else one.names[:_SHOWN_NAMES]
        more = len(one.names) - len(shown)
        names = [*shown, *([f"and {more} more (--all-names)"] if more else [])]
        reason = one.example.removeprefix(LEFT_OUT) if len(one.names) == 1 or _alike(report, one.names) else one.kind
        table.add_row(Text(reason), str(len(one.names)), Text("\n".join(names), overflow="fold"))
    return table


def _alike(report: Report, names: list[str]) -> bool:
    """Return True when all of these were refused for the very same reason."""
    wanted = set(names)
    return len({reason for name, reason in report.refused if name in wanted}) == 1


def _finish(settings: Settings, imported: list[tuple[Source, Report]]) -> None:
    """Print the result, index it, and end with status 1 when a source failed."""
    for source, report in imported:
        if report.failure:
            errors.print(f"{source.name} was not imported: {report.failure}", style="red", markup=False)
        else:
            print_done(
                f"{source.name} ({source.id}): {report.pages} pages, {report.sections} sections in {report.seconds} s"
            )
    if not imported:
        print_done("there is nothing to import again")
    index_if_needed(settings)
    if any(report.failure for _, report in imported):
        raise typer.Exit(1)


def _versions(library: Library, source: Source) -> list[str]:
    current = library.current(source)
    return [f"{'>' if version == current else ' '} {version}" for version in reversed(library.versions(source))]
