"""Imports from end to end: a folder and a site, what stays when they fail, and how an earlier version comes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.installation.manual_pages import OUR_MANUAL, manual_folder
from bot.settings.support.load import shipped
from knowledge_base.importers.gather import import_source
from knowledge_base.importers.patterns import is_wanted
from knowledge_base.importers.reasons import kinds_of
from knowledge_base.index import build_index
from knowledge_base.search import open_search
from knowledge_base.sources import KEPT_VERSIONS, AnotherImport, Library, Report, Source, SourceError
from tests.knowledge_base.files import docx, pdf

NOW = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "guide").mkdir(parents=True)
    (folder / "guide" / "print.md").write_text(
        "# Reprint\n\nSee [backups](../backup.html#make) and [gone](gone.md), or [us](https://x.example/).\n"
    )
    (folder / "backup.html").write_text("<main><h1>Backup</h1><h2 id='make'>Make one</h2><p>Choose Back Up.</p></main>")
    (folder / "manual.pdf").write_bytes(pdf(["Paper about ledgers"]))
    (folder / "letter.docx").write_bytes(docx([("Normal", "About reminders")]))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.md").write_text("secret")
    (folder / "_drafts").mkdir()
    (folder / "_drafts" / "draft.md").write_text("# Draft\n\nNot published.")
    return folder


def take(library: Library, source: Source, *, minutes: int = 0, even_if_fewer: bool = False) -> Report:
    now = NOW + timedelta(minutes=minutes)
    return import_source(library, source, now, lambda *_: None, even_if_fewer=even_if_fewer)


def test_a_folder_becomes_pages_that_link_to_each_other(library: Library, folder: Path) -> None:
    source = library.add("Our docs", "folder", str(folder))
    report = take(library, source)
    assert (report.pages, report.refused, report.failure) == (4, [], None)
    pages = {page.title: page for page in library.pages()}
    assert set(pages) == {"Reprint", "Backup", "Manual", "Letter"}
    assert pages["Reprint"].slug == "our-docs-guide-print" and pages["Reprint"].chapter == "Our docs: guide"
    html = pages["Reprint"].html or ""
    assert 'href="/manual/our-docs-backup#make"' in html and "gone.md" not in html and "https://x.example/" in html


def test_pages_keep_their_source_address_and_cards_link_to_it(library: Library, folder: Path, tmp_path: Path) -> None:
    source = library.add("Docs", "folder", str(folder), base_url="https://docs.example/v12/")
    take(library, source)
    build_index(library.pages(), tmp_path / "index", None)
    passage = open_search(tmp_path / "index", None).find("make a backup, choose back up").passages[0]
    assert passage.url == "https://docs.example/v12/backup.html#make"


def test_what_was_not_taken_is_named_with_the_reason(library: Library, folder: Path) -> None:
    for number in range(3):
        (folder / f"more-{number}.md").write_text("# More\n\nText")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 rubbish")
    (folder / "locked.pdf").write_bytes(pdf(["x"], password="y"))
    (folder / "empty.md").touch()
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "latin.md").write_bytes("é".encode("latin-1"))
    (folder / "outside.md").symlink_to("/etc/passwd")
    report = take(library, library.add("Docs", "folder", str(folder)))
    reasons = {name: reason.partition(":")[0].partition(" (")[0] for name, reason in report.refused}
    assert reasons == {
        "broken.pdf": "broken",
        "locked.pdf": "encrypted",
        "empty.md": "empty",
        "old.doc": "of a kind that is not read",
        "latin.md": "wrongly encoded",
        "outside.md": "a link to another file, which is not followed",
    }
    assert report.pages == 7, "the rest is taken"
    assert library.last_report(library.sources()[0]) == report


def test_when_most_documents_are_refused_nothing_is_put_in_place(library: Library, folder: Path) -> None:
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    for number in range(9):
        (folder / f"a{number}.chm").write_bytes(b"x")
    report = take(library, source, minutes=1)
    assert report.failure == (
        "most documents could not be read, 9 of 13 (of a kind that is not read (.chm): 9); "
        "what was there before is kept"
    )
    assert len(library.versions(source)) == 1
    assert take(library, source, minutes=2, even_if_fewer=True).failure is None


def test_stubs_are_not_counted_as_refused(library: Library, folder: Path) -> None:
    for number in range(9):
        (folder / f"old-{number}.html").write_text('<meta http-equiv="refresh" content="0; url=backup.html">')
    report = take(library, library.add("Docs", "folder", str(folder)))
    assert (report.failure, report.pages) == (None, 4)
    (kind,) = kinds_of(report.refused)
    assert kind.kind == "left out: a page that only leads to another one" and len(kind.names) == 9


def test_patterns_choose_what_is_imported(library: Library, folder: Path) -> None:
    chosen = library.add("Docs", "folder", str(folder), include=["guide/**", "*.html"], exclude=["backup*"])
    assert take(library, chosen).pages == 1
    assert library.source(chosen.id).include == ("guide/**", "*.html")
    nothing = library.add("Docs", "folder", str(folder), include=["nowhere/**"])
    assert "none of its 4 documents is chosen by the patterns (nowhere/**)" in (take(library, nothing).failure or "")


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*.md", "guide/print.md", True),
        ("guide", "guide/print.md", True),
        ("guide/*", "guide/print.md", True),
        ("guide/*", "guide/deep/print.md", True),
        ("guide/*.md", "guide/deep/print.md", False),
        ("guide/**", "guide/deep/print.md", True),
        ("**/changelog*", "a/b/Changelog-12.html", True),
        ("changelog*", "about/changelog.md", True),
        ("/de/", "https://docs.example/de/a", True),
        ("de", "https://docs.example/en/a", False),
        ("v?/**", "v2/a.md", True),
    ],
)
def test_patterns_are_those_of_shells(pattern: str, name: str, matches: bool) -> None:
    assert is_wanted(name, [pattern], []) is matches and is_wanted(name, [], [pattern]) is not matches


def test_links_lead_to_the_page_that_a_site_makes_of_a_file(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "mk"
    (folder / "b").mkdir(parents=True)
    (folder / "a.md").write_text("# A\n\n[one](b/) [two](b.html#x) [three](c.html) [bad](http://[x)\n")
    (folder / "b" / "index.md").write_text("# B\n\nText")
    (folder / "b.md").write_text("# B\n\nText")
    (folder / "c.md").write_text("# C\n\nText")
    take(library, library.add("Mk", "folder", str(folder)))
    (page,) = [page for page in library.pages() if page.title == "A"]
    assert 'href="/manual/mk-b-' in (page.html or "") or 'href="/manual/mk-b"' in (page.html or "")
    assert '/manual/mk-c"' in (page.html or "") and "#x" in (page.html or "")


def test_the_demo_manual_does_not_come_back_by_itself(library: Library, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    failed = library.add("Docs", "folder", str(folder / "nowhere"))
    take(library, failed)
    assert manual_folder(home, shipped()) == OUR_MANUAL, "nothing was imported yet"
    library.remove(failed)
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    library.remove(source)
    assert manual_folder(home, shipped()) is None and library.pages() == []
    library.allow_demo()
    assert manual_folder(home, shipped()) == OUR_MANUAL


def test_the_same_file_has_the_same_name_at_every_import(library: Library, folder: Path) -> None:
    (folder / "guide" / "日本語.md").write_text("# 請求書\n\n再印刷します。")
    (folder / "guide" / ("very-long-" * 20 + ".md")).write_text("# Long\n\nText")
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    first = {page.title: page.slug for page in library.pages()}
    (folder / "backup.html").unlink()
    take(library, source, minutes=1)
    second = {page.title: page.slug for page in library.pages()}
    assert "Backup" not in second and second.items() <= first.items()
    assert all(slug.isascii() and len(slug) < 100 for slug in first.values()) and len(set(first.values())) == len(first)


def test_an_earlier_version_comes_back_and_holds_off_the_night(library: Library, folder: Path) -> None:
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    with pytest.raises(SourceError, match="no earlier version"):
        library.roll_back(source)
    stamp = library.stamp()
    (folder / "guide" / "print.md").write_text("# Nonsense\n\nWrong.")
    take(library, source, minutes=1)
    assert library.stamp() != stamp
    library.roll_back(source)
    assert library.stamp() == stamp and "Nonsense" not in {page.title for page in library.pages()}
    assert library.source(source.id).held
    library.request_import(library.source(source.id))
    assert not library.source(source.id).held and library.is_requested(source)
    newest = library.versions(source)[-1]
    assert library.roll_back(library.source(source.id), newest) == newest
    with pytest.raises(SourceError, match="no such version"):
        library.roll_back(source, "../../etc")


def test_only_the_last_versions_are_kept_and_the_current_among_them(library: Library, folder: Path) -> None:
    source = library.add("Docs", "folder", str(folder))
    for minutes in range(KEPT_VERSIONS + 3):
        library.publish(source, [], Report(NOW + timedelta(minutes=minutes), 0, 0, [], 0.0))
    assert len(library.versions(source)) == KEPT_VERSIONS and library.current(source) == library.versions(source)[-1]


def test_a_source_that_fails_keeps_what_was_there(library: Library, folder: Path) -> None:
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    for path in ("backup.html", "manual.pdf", "letter.docx"):
        (folder / path).unlink()
    fewer = take(library, source, minutes=1)
    assert fewer.failure is not None and "only 1 pages where there were 4" in fewer.failure
    (folder / "guide" / "print.md").unlink()
    assert (take(library, source, minutes=2).failure or "").startswith("nothing could be read")
    folder.rename(folder.with_name("moved"))
    assert "no folder" in (take(library, source, minutes=3).failure or "")
    assert len(library.pages()) == 4
    folder.with_name("moved").rename(folder)
    (folder / "guide" / "print.md").write_text("# Reprint\n\nText")
    assert take(library, source, minutes=4, even_if_fewer=True).failure is None and len(library.pages()) == 1


def test_the_same_folder_again_is_the_same_source_and_two_of_one_name_are_distinguished(
    library: Library, folder: Path
) -> None:
    first = library.add("Docs", "folder", str(folder))
    assert library.add("Docs", "folder", str(folder), base_url="https://a.example").id == first.id
    assert library.add("Docs", "folder", str(folder / "guide")).id == "docs-2"
    assert library.add("取扱説明書", "files", "").id == "manual"


def test_uploaded_files_keep_their_names_and_cannot_leave_their_folder(library: Library) -> None:
    source = library.add("Uploads", "files", "")
    assert library.store_file(source, "../../../etc/cron.d/x.md", b"# One\n\nText") == "etc/cron.d/x.md"
    assert (library.files(source) / "etc/cron.d/x.md").is_file()
    assert library.store_file(source, "C:\\docs\\Zwölf.md", b"# Two\n\nText") == "Zwölf.md"
    for nameless in ("", "..", "/", ".\x00"):
        with pytest.raises(SourceError, match="no name"):
            library.store_file(source, nameless, b"x")
    assert take(library, source).pages == 2
    assert {path.name for path in library.files(source).iterdir()} == {"etc", "Zwölf.md"}


def test_two_imports_at_once_and_a_lost_version_are_reported_in_words(library: Library, folder: Path) -> None:
    source = library.add("Docs", "folder", str(folder))
    take(library, source)
    with library.import_lock():
        assert library.is_importing()
        with pytest.raises(AnotherImport):
            take(library, source)
    assert not library.is_importing()
    (pages,) = (folder.parent / "home").rglob("pages.jsonl")
    pages.write_text("{")
    with pytest.raises(SourceError, match="techref kb sync docs"):
        library.pages()
