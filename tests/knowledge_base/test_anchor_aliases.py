"""A heading with several ids is reached by each of them."""

from datetime import UTC, datetime
from pathlib import Path

from knowledge_base.importers.anchor_aliases import anchor_aliases
from knowledge_base.importers.gather import import_source
from knowledge_base.sources import Library

SETTINGS = """<html><body><article><h1>Settings</h1><p>All that can be set, and what it is set to at first.</p>
<div class="section" id="s-debug"><span id="std-DEBUG"></span><span id="debug"></span>
<h2>Debug<a class="headerlink" href="#debug">#</a></h2><p>Shows more, see <a href="#std-DEBUG">above</a>.</p></div>
</article></body></html>"""
OTHER = """<html><body><article><h1>Start</h1><p>Begin here and read on when something of it is unclear to you.</p>
<p><a href="settings.html#std-DEBUG">the setting</a></p></article></body></html>"""


def test_links_to_any_id_of_a_heading_lead_to_its_anchor(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "settings.html").write_text(SETTINGS)
    (folder / "start.html").write_text(OTHER)
    library = Library(tmp_path / "home")
    import_source(library, library.add("Docs", "folder", str(folder)), datetime.now(UTC), lambda *_: None)
    settings, start = library.pages()
    assert settings.sections[1].anchor == "debug" and 'href="#debug"' in (settings.html or "")
    assert 'href="/manual/docs-settings#debug"' in (start.html or "")


def test_ids_of_other_things_than_headings_are_left_alone() -> None:
    markup = '<div id="a"><span id="b"></span><p>Text</p><h2 id="c">C</h2></div><p id="d">e</p>'
    assert anchor_aliases(markup, {"c"}) == {}
    assert anchor_aliases('<section id="x"><span id="y"></span><h2>X</h2>', {"y"}) == {"x": "y"}
    assert anchor_aliases("<div " * 100_000, {"x"}) == {}
