"""Pictures of imported pages: stored with the source, shown from there alone, and named in sections and answers."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.manual_site.rendering import render
from knowledge_base.importers import html_file
from knowledge_base.importers.gather import import_source
from knowledge_base.index import build_index
from knowledge_base.search import open_search
from knowledge_base.sources import PICTURES_ADDRESS, Library

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = """
<html><body><article><h1>Crop</h1><p>Cut away the borders of an image with the crop tool of the toolbox.</p>
<h2 id="steps">Steps</h2>
<div class="figure"><p class="title">The options of the tool</p><img src="../pictures/options.png"></div>
<ol><li>Draw a rectangle <img src="../pictures/rectangle.png" alt="rectangle sign"> over the image.</li>
<li>Press Enter.</li></ol>
<p><img src="../pictures/gone.png" alt="The cropped image"></p>
<p><img src="https://elsewhere.example/spy.png" alt="A counter"></p>
<p><img src="../pictures/scripts.png" alt="A picture that is a page"></p>
<p><img src="../../outside.png" alt="A file outside"></p></article></body></html>
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "docs"
    (folder / "guide").mkdir(parents=True)
    (folder / "pictures").mkdir()
    (folder / "guide" / "crop.html").write_text(PAGE)
    for name in ("options", "rectangle"):
        (folder / "pictures" / f"{name}.png").write_bytes(PIXEL + name.encode())
    (folder / "pictures" / "scripts.png").write_text("<script>alert(1)</script>")
    (tmp_path / "outside.png").write_bytes(PIXEL)
    library = Library(tmp_path / "home")
    report = import_source(library, library.add("Help", "folder", str(folder)), datetime.now(UTC), lambda *_: None)
    assert report.failure is None
    return library


def test_pictures_of_a_folder_are_stored_and_all_others_are_their_text(library: Library, tmp_path: Path) -> None:
    (page,) = library.pages()
    shown = render(page).html
    assert shown.count(f'<img loading="lazy" src="{PICTURES_ADDRESS}help/') == 2 == shown.count("<img")
    for text in ("The cropped image", "A counter", "A picture that is a page", "A file outside"):
        assert f"<em>Picture: {text}</em>" in shown
    source_id, name = page.sections[1].picture.removeprefix(PICTURES_ADDRESS).split("/")
    stored = library.picture(source_id, name)
    assert stored is not None and stored.read_bytes() == PIXEL + b"options"
    assert page.sections[1].picture_text == "The options of the tool"
    assert "1. Draw a rectangle rectangle sign over the image." in page.sections[1].text
    for wrong in ("../../source.json", "x.png", name.replace(".png", ".svg")):
        assert library.picture(source_id, wrong) is None
    assert library.picture("..", name) is None


def test_a_picture_goes_with_the_last_version_that_shows_it(library: Library, tmp_path: Path) -> None:
    (source,) = library.sources()
    (tmp_path / "docs" / "pictures" / "options.png").unlink()
    pictures = tmp_path / "home" / "manual_sources" / "help" / "pictures"
    for _ in range(5):
        assert len(list(pictures.iterdir())) == 2
        import_source(library, source, datetime.now(UTC), lambda *_: None)
    assert len(list(pictures.iterdir())) == 1


def test_the_answer_of_a_section_has_its_picture(library: Library, tmp_path: Path) -> None:
    build_index(library.pages(), tmp_path / "index", None)
    answer = open_search(tmp_path / "index", None).answer("how do I crop: draw a rectangle").answers[0]
    assert answer.kind == "steps" and answer.picture.startswith(PICTURES_ADDRESS)
    assert answer.picture_text == "The options of the tool"


def test_menus_boxes_and_numbers_of_docbook_are_left_out() -> None:
    markup = """<html><head><meta name="generator" content="DocBook XSL Stylesheets V1"><title>6.22. Crop</title></head>
    <body><div class="navheader"><table><tr><th>6.22. Crop</th></tr><tr><td><a href="a"><img alt="Prev" src="p.png">
    </a></td></tr></table></div><div class="sect2"><h3>6.22.&nbsp;Crop the image</h3><p>Cut away what is not wanted.</p>
    <div class="note"><table><tr><td rowspan="2"><img alt="[Note]" src="n.png"></td><th>Note</th></tr>
    <tr><td><p>This crops all layers at once.</p></td></tr></table></div></div></body></html>"""
    (document,) = html_file.read(markup.encode(), "crop.html")
    assert document.title == "Crop"
    assert "<strong>Note:</strong>" in document.html and "This crops all layers" in document.html
    for gone in ("Prev", "[Note]", "6.22", "<table"):
        assert gone not in document.html, gone
