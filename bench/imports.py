"""Compare imported documentation sets with their sources, and print the table of docs/imports.md.

.venv/bin/python bench/imports.py 'Name (package, version)=FOLDER' …

Counts of the source are over the HTML of its pages' bodies, menus left out; of the import over the stored pages.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import lxml.html

from knowledge_base.importers.gather import import_source
from knowledge_base.importers.markup import parse_html
from knowledge_base.pages import Page
from knowledge_base.sources import Library

KINDS = {"code": "//pre", "steps": "//ol/li", "rows": "//tr[td]", "pictures": "//img"}
_NAMED = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
# What is no text of the page: menus, dialogs, and tables that only set a sign beside a note.
_MENUS = "|".join(
    [
        *("//nav", "//header", "//footer", "//*[@role='navigation']", "//div[img[starts-with(@alt, '[')]]"),
        *(f"//*[{_NAMED.format(name)}]" for name in ("sphinxsidebar", "toc", "navheader", "navfooter", "modal")),
        *(f"//div[@class='{name}']/table" for name in ("note", "tip", "warning", "caution", "important")),
    ]
)
HEAD = "| set | pages | left out | blocks of code | numbered steps | table rows | dead anchors | pictures |"


def measure(name: str, folder: Path) -> str:
    """Import the folder; return the row of the table."""
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        source = library.add(name, "folder", str(folder))
        report = import_source(library, source, datetime.now(UTC), lambda *_: None)
        pages = library.pages()
    left = {one for one, _ in report.refused}
    sources = [path for path in sorted(folder.rglob("*.html")) if _is_page(path, folder, left)]
    there = _counts(path.read_bytes() for path in sources)
    here = _counts((page.html or "").encode() for page in pages)
    dead, links = _anchors(pages, {one for path in sources for one in _headings(path)})
    cells = [f"{here[kind]:,} / {there[kind]:,}" for kind in KINDS]
    named = [name, f"{len(pages):,}", f"{len(report.refused):,}", *cells[:3], f"{dead:,} of {links:,}", cells[3]]
    return f"| {' | '.join(named)} |"


def _is_page(path: Path, folder: Path, left: set[str]) -> bool:
    name = path.relative_to(folder).as_posix()
    return name not in left and not any(part.startswith(("_", ".")) for part in name.split("/"))


def _counts(pages: Iterator[bytes]) -> Counter[str]:
    found: Counter[str] = Counter()
    for content in pages:
        tree = lxml.html.document_fromstring(content or b"<p></p>")
        for menu in tree.xpath(_MENUS):
            if menu.getparent() is not None and menu.tag != "body":
                menu.drop_tree()
        for kind, path in KINDS.items():
            found[kind] += len(tree.xpath(path))
    return found


def _anchors(pages: list[Page], headings: set[str]) -> tuple[int, int]:
    """Return how many links of the set to a heading lead to none in the imported page, and how many links there are."""
    known = {page.slug: {section.anchor for section in page.sections} for page in pages}
    links = [
        (match[1], match[2])
        for page in pages
        for link in parse_html(f"<body>{page.html}</body>").iter("a")
        if (match := re.fullmatch(r"/manual/([\w-]+)#([\w.:=~-]+)", link.get("href") or "")) and match[2] in headings
    ]
    return sum(anchor not in known.get(slug, set()) for slug, anchor in links), len(links)


def _headings(page: Path) -> set[str]:
    """Return the ids by which a source page's headings are linked to."""
    tree = lxml.html.document_fromstring(page.read_bytes() or b"<p></p>")
    heading = "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6"
    paths = (f"//*[{heading}]/@id", f"//*[{heading}]//a/@id", f"//*[@id][*[1][{heading}]]/@id")
    return {str(found) for path in paths for found in tree.xpath(path)}


def main() -> None:
    print(HEAD)
    print("|---" * (HEAD.count("|") - 1) + "|")
    for given in sys.argv[1:]:
        name, _, folder = given.rpartition("=")
        print(measure(name, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
