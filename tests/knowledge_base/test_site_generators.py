"""Pages as Sphinx, MkDocs, Docusaurus, VitePress, Hugo, Confluence and AsciiDoc write them come in clean."""

import pytest

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.readers import read_file
from tests.knowledge_base.imported import imported, marked, text

ENOUGH = (
    "<p>A page of the manual with so many words that its main part is taken for the main part by whoever reads.</p>"
)

PERMALINKS = {
    "Read the Docs": '<h2 id="x">Install<a class="headerlink" href="#x" title="Permalink">\uf0c1</a></h2>',
    "Sphinx": '<section id="x"><h2>Install<a class="headerlink" href="#x">¶</a></h2></section>',
    "Sphinx with a table of contents": (
        '<section id="x"><h2><a class="toc-backref" href="#id7">Install</a><a class="headerlink" href="#x">¶</a></h2>'
        "</section>"
    ),
    "Material": '<h2 id="x">Install<a class="headerlink" href="#x" title="Permanent link">&para;</a></h2>',
    "Docusaurus": '<h2 class="anchor" id="x">Install<a class="hash-link" href="#x" title="Direct link">\u200b</a></h2>',
    "VitePress": (
        '<h2 id="x">Install <a class="header-anchor" href="#x" aria-label="Permalink to &quot;Install&quot;">#</a></h2>'
    ),
    "Docsy": '<h2 id="x">Install<a class="td-heading-self-link" href="#x" aria-label="Heading self-link"></a></h2>',
    "Starlight": (
        '<h2 id="x">Install<a class="sl-anchor-link" href="#x"><svg></svg><span class="sr-only">Section titled Install'
        "</span></a></h2>"
    ),
    "a link around the words": '<h2><a href="#x">Install</a></h2>',
    "an old anchor": '<h2><a name="x"></a>Install</h2>',
    "a target before it": '<span id="x"></span><h2>Install</h2>',
}


@pytest.mark.parametrize("heading", PERMALINKS.values(), ids=PERMALINKS)
def test_headings_have_their_anchor_and_no_sign(heading: str) -> None:
    _, sections = imported(f"<main><h1>T</h1>{ENOUGH}{heading}<p>Run it.</p></main>", "a.html")
    assert [(section.anchor, section.heading) for section in sections[1:]] == [("x", "Install")]


def test_a_heading_keeps_signs_that_are_words() -> None:
    html = f'<main><h1>C#</h1>{ENOUGH}<h2>F#<a href="#f">#</a></h2><p>See <a href="#f">#12</a>.</p></main>'
    document, sections = imported(html, "a.html")
    assert document.title == "C#" and sections[1].heading == "F#" and sections[1].text == "See #12."


BOXES = {
    "Sphinx": (
        '<div class="admonition warning"><p class="admonition-title">Warning</p><p>Save.</p></div>',
        "> **Warning:** Save.",
    ),
    "MkDocs": (
        '<details class="question"><summary>Why?</summary><p>So.</p></details>',
        "> **Question: Why?**\n> So.",
    ),
    "Docusaurus": (
        '<div class="theme-admonition theme-admonition-tip alert alert--success"><div class="admonitionHeading_x">'
        '<span class="admonitionIcon_x"><svg></svg></span>tip</div><div class="admonitionContent_x"><p>Save.</p></div>'
        "</div>",
        "> **Tip:** Save.",
    ),
    "VitePress": (
        '<div class="danger custom-block"><p class="custom-block-title">STOP</p><p>Save.</p></div>',
        "> **Danger: STOP**\n> Save.",
    ),
    "Docsy": (
        '<div class="alert alert-primary" role="alert"><h4 class="alert-heading">Note</h4>Save.</div>',
        "> **Note:** Save.",
    ),
    "Hugo Book": ('<blockquote class="book-hint warning"><p>Save.</p></blockquote>', "> **Warning:** Save."),
    "Relearn": (
        '<div class="box notices cstyle info"><div class="box-label"><i></i> Info</div>'
        '<div class="box-content"><p>Save.</p></div></div>',
        "> **Info:** Save.",
    ),
    "GitHub": (
        '<div class="markdown-alert markdown-alert-important"><p class="markdown-alert-title"><svg></svg>Important</p>'
        "<p>Save.</p></div>",
        "> **Important:** Save.",
    ),
    "Confluence": (
        '<div class="confluence-information-macro confluence-information-macro-note"><p class="title">Careful</p>'
        '<span class="aui-icon confluence-information-macro-icon"></span>'
        '<div class="confluence-information-macro-body"><p>Save.</p></div></div>',
        "> **Note: Careful**\n> Save.",
    ),
    "Asciidoctor": (
        '<div class="admonitionblock tip"><table><tr><td class="icon"><div class="title">Tip</div></td>'
        '<td class="content">Save.</td></tr></table></div>',
        "> **Tip:** Save.",
    ),
    "a list in it": (
        '<div class="admonition note"><p class="admonition-title">Note</p><ol><li><p>Save.</p></li></ol></div>',
        "> **Note**\n> 1. Save.",
    ),
}


@pytest.mark.parametrize(("html", "lines"), BOXES.values(), ids=BOXES)
def test_boxes_are_quotes_that_say_what_they_are(html: str, lines: str) -> None:
    assert marked(f"<main><h1>T</h1>{html}</main>", "a.html") == lines


def test_a_table_is_no_box_for_its_class() -> None:
    html = '<main><h1>T</h1><table class="deprecated"><tr><td>a</td><td>b</td></tr></table></main>'
    assert text(html, "a.html") == "a | b"


TABS = {
    "Docusaurus": (
        '<div class="tabs-container"><ul role="tablist"><li role="tab">A</li><li role="tab">B</li></ul><div>'
        '<div role="tabpanel"><p>one</p></div><div role="tabpanel" hidden>two</div></div></div>'
    ),
    "Docsy": (
        '<ul role="tablist"><li><button role="tab" aria-controls="p1">A</button></li><li>'
        '<button role="tab" aria-controls="p2">B</button></li></ul><div class="tab-content">'
        '<div role="tabpanel" id="p1">one</div><div role="tabpanel" id="p2">two</div></div>'
    ),
    "Material": (
        '<div class="tabbed-set"><input type="radio" id="a"><input type="radio" id="b"><div class="tabbed-labels">'
        '<label for="a">A</label><label for="b">B</label></div><div class="tabbed-content"><div>one</div><div>two</div>'
        "</div></div>"
    ),
    "Furo": (
        '<div class="sd-tab-set"><input type="radio"><label>A</label><div><p>one</p></div>'
        '<input type="radio"><label>B</label><div><p>two</p></div></div>'
    ),
    "VitePress": (
        '<div class="vp-code-group"><div class="tabs"><input type="radio" id="a"><label for="a">A</label>'
        '<input type="radio" id="b"><label for="b">B</label></div><div class="blocks">'
        '<div><button></button><span class="lang">sh</span><pre>one</pre></div><div><pre>two</pre></div></div></div>'
    ),
}


@pytest.mark.parametrize("html", TABS.values(), ids=TABS)
def test_tabs_stand_below_each_other_with_their_labels(html: str) -> None:
    assert text(f"<main><h1>T</h1>{html}</main>", "a.html") == "A\none\nB\ntwo"


CODE = {
    "Pygments": (
        '<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>'
        '<td class="code"><pre>a\nb</pre></td></tr></table>'
    ),
    "Chroma": (
        '<table class="lntable"><tr><td class="lntd"><pre>1\n2</pre></td>'
        '<td class="lntd"><pre><code>a\nb</code></pre></td></tr></table>'
    ),
    "numbers in the lines": '<pre><span class="linenos">1</span>a\n<span class="linenos">2</span>b</pre>',
    "Prism": '<pre><code><span class="token-line">a<br></span><span class="token-line">b<br></span></code></pre>',
    "a box a line": '<pre><code><div class="line">a</div><div class="line">b</div></code></pre>',
}


@pytest.mark.parametrize("html", CODE.values(), ids=CODE)
def test_code_is_its_lines(html: str) -> None:
    assert marked(f"<main><h1>T</h1>{html}</main>", "a.html") == "```\na\nb\n```"


def test_pictures_are_their_alternative_texts() -> None:
    html = (
        '<main><h1>T</h1><figure><img src="m.png" alt="Main window"><figcaption>All lists</figcaption></figure>'
        '<p>Choose <img src="gear.svg" alt="Gear"> now. <img src="x.png" alt="x.png"><img src="y.png"></p></main>'
    )
    assert text(html, "a.html") == "Picture: Main window\nAll lists\nChoose Gear now."


STUBS = {
    "a redirect": ("a.html", '<meta http-equiv="refresh" content="0; url=../new/"><title>Redirecting</title>x'),
    "noindex": ("a.html", '<meta name="robots" content="noindex, follow"><main>Some words of a page</main>'),
    "Docusaurus' search": ("s.html", '<meta property="robots" content="noindex"><main>Search</main>'),
    "by its title": ("x.html", "<title>Page Not Found | Docs</title><main><h1>Page Not Found</h1><p>Sorry.</p></main>"),
    "by its name": ("404.html", "<main><h1>Oh</h1><p>There is nothing here.</p></main>"),
    "Sphinx' search": (
        "search.html",
        '<main><h1>Search</h1><p>Turn on scripts.</p><div id="search-results"></div></main>',
    ),
    "Sphinx' index": ("genindex.html", "<main><h1>Index</h1><p>A | B | C</p></main>"),
    "a part of it": ("genindex-A.html", "<main><h1>Index</h1><p>abc</p></main>"),
    "modules": ("py-modindex.html", "<main><h1>Modules</h1><p>abc</p></main>"),
    "sources": ("https://x.example/_modules/a.html", "<main><h1>Source code for a</h1><p>abc</p></main>"),
}


@pytest.mark.parametrize(("name", "html"), STUBS.values(), ids=STUBS)
def test_stubs_are_left_out_with_their_kind(name: str, html: str) -> None:
    with pytest.raises(NotImported, match=r"^left out: "):
        imported(html, name)


@pytest.mark.parametrize("name", ["robots.txt", "llms.txt", "requirements-dev.txt"])
def test_files_for_programs_are_left_out(name: str) -> None:
    with pytest.raises(NotImported, match=r"^left out: a file for programs"):
        imported("User-agent: *\nDisallow: /", name)


def test_pages_about_searching_and_missing_pages_are_pages() -> None:
    long = "Type a number into the search field of the invoices, and choose what you look for. " * 8
    assert imported(f"<main><h1>Search for an invoice</h1><p>{long}</p></main>", "search.html")[0].title
    assert imported(f"<main><h1>404 Not Found from the server</h1><p>{long}</p></main>", "errors.html")[0].title


@pytest.mark.parametrize(
    "shell",
    [
        '<div id="main-content" class="wiki-content group">{}</div>',
        '<div class="theme-doc-markdown markdown">{}</div>',
        '<div class="vp-doc"><div>{}</div></div>',
        '<main><div class="td-content">{}</div></main>',
        '<div class="bodywrapper"><div class="body">{}</div></div>',
    ],
)
def test_the_main_part_is_known_by_each_generators_marks(shell: str) -> None:
    inner = f"<h1>Install</h1>{ENOUGH}<pre>run it</pre>"
    menu = "".join(f'<li><a href="/{n}">Entry {n}</a></li>' for n in range(40))
    document, sections = imported(f"<body><ul>{menu}</ul>{shell.format(inner)}<div>Imprint</div></body>", "a.html")
    assert document.title == "Install" and "run it" in sections[0].text
    assert "Entry" not in document.html and "Imprint" not in document.html


def test_a_page_that_marks_nothing_and_has_no_menu_is_taken_whole() -> None:
    options = "<h2 id='_options'>Options</h2><pre>git add</pre><dl><dt>-n</dt><dd>No.</dd></dl>"
    html = f"<body><h1>git-add</h1>{ENOUGH}{options}</body>"
    _, sections = imported(html, "git-add.html")
    assert [(section.anchor, section.text) for section in sections[1:]] == [("_options", "git add\n-n\nNo.")]


def test_one_overlong_page_is_cut_at_its_headings() -> None:
    release = "".join(f"<h2 id='v{n}'>Version {n}</h2><p>{'words ' * 4000}</p>" for n in range(60))
    found = read_file(f"<main><h1>Changes</h1>{release}</main>".encode(), "changes.html", ".html")
    assert [document.title for document, _ in found[:2]] == ["Changes", "Changes: Version 9"]
    assert [document.part for document, _ in found[:2]] == ["", "2"]
    assert [section.anchor for _, sections in found for section in sections] == [f"v{n}" for n in range(60)]
