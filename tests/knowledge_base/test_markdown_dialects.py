"""Nothing that a site generator adds to Markdown is shown or searched as a mark."""

import pytest

from tests.knowledge_base.imported import imported, marked, text

NOTES = {
    "MkDocs": '!!! warning "Save first"\n\n    Text.',
    "MkDocs, folded": '??? warning "Save first"\n    Text.',
    "Docusaurus": ":::warning Save first\n\nText.\n\n:::",
    "Docusaurus 3": ":::warning[Save first]\nText.\n:::",
    "VitePress": "::: warning Save first\nText.\n:::",
    "GitHub with a title": "> [!WARNING] Save first\n> Text.",
    "Hugo": '{{% alert title="Save first" color="warning" %}}\nText.\n{{% /alert %}}'.replace("color", "type"),
    "Hugo, by its name": '{{< warning title="Save first" >}}\nText.\n{{< /warning >}}',
    "a component": '<Warning title="Save first">\n  Text.\n</Warning>',
    "Docusaurus' component": '<Admonition type="warning" title="Save first">\n\nText.\n\n</Admonition>',
}


@pytest.mark.parametrize("markdown", NOTES.values(), ids=NOTES)
def test_notes_are_quotes_with_their_title(markdown: str) -> None:
    assert marked(f"# T\n\nBefore.\n\n{markdown}\n\nAfter.\n", "a.md") == (
        "Before.\n> **Warning: Save first**\n> Text.\nAfter."
    )


PLAIN_NOTES = {
    "MkDocs": "!!! note\n    Text.",
    "Docusaurus": ":::note\nText.\n:::",
    "GitHub": "> [!NOTE]\n> Text.",
    "GitBook": '{% hint style="note" %}\nText.\n{% endhint %}',
    "on one line": "<Note>Text.</Note>",
    "Hugo": "{{< note >}}\nText.\n{{< /note >}}",
}


@pytest.mark.parametrize("markdown", PLAIN_NOTES.values(), ids=PLAIN_NOTES)
def test_a_note_without_a_title_says_what_it_is(markdown: str) -> None:
    assert marked(f"# T\n\n{markdown}\n\nAfter.\n", "a.md") == "> **Note:** Text.\nAfter."


TABS = {
    "MkDocs": '=== "A"\n\n    one\n\n=== "B"\n\n    two',
    "Docusaurus": (
        '<Tabs>\n<TabItem value="a" label="A">one</TabItem>\n'
        '<TabItem value="b" label="B">\n\ntwo\n\n</TabItem>\n</Tabs>'
    ),
    "Hugo": '{{< tabs >}}\n{{< tab "A" >}}\none\n{{< /tab >}}\n{{< tab "B" >}}\ntwo\n{{< /tab >}}\n{{< /tabs >}}',
    "GitBook": (
        '{% tabs %}\n{% tab title="A" %}\none\n{% endtab %}\n{% tab title="B" %}\ntwo\n{% endtab %}\n{% endtabs %}'
    ),
}


@pytest.mark.parametrize("markdown", TABS.values(), ids=TABS)
def test_tabs_stand_below_each_other_with_their_labels(markdown: str) -> None:
    assert text(f"# T\n\n{markdown}\n", "a.md") == "A\none\nB\ntwo"


def test_steps_of_components_are_numbered() -> None:
    steps = (("First", "Do it."), ("Second", "Go on."))
    inner = "".join(f'  <Step title="{title}">\n    {words}\n  </Step>\n' for title, words in steps)
    markdown = f"<Steps>\n{inner}</Steps>"
    assert text(markdown, "a.mdx") == "1. First\nDo it.\n2. Second\nGo on."


@pytest.mark.parametrize(
    ("heading", "anchor", "words"),
    [
        ("## Again { #activate-again }", "activate-again", "Again"),
        ("## Again {#again-2 .wide}", "again-2", "Again"),
        ("## Again {: #kram }", "kram", "Again"),
        ("## Use {name} here", "use-name-here", "Use {name} here"),
        ("## `{x}`", "x", "{x}"),
    ],
)
def test_the_id_behind_a_heading_is_its_anchor(heading: str, anchor: str, words: str) -> None:
    _, sections = imported(f"# T\n\nOne.\n\n{heading}\n\nTwo.\n", "a.md")
    assert (sections[1].anchor, sections[1].heading) == (anchor, words)


@pytest.mark.parametrize(
    "line",
    ["[TOC]", "[[toc]]", '--8<-- "includes/x.md"', "<<< @/snippets/x.js", "*[CRM]: Customers", "{: .lead }",
     "import Tabs from '@theme/Tabs';", "<Badge />", "{{< toc >}}", "{% include x.html %}", "[[_TOC_]]"],
)  # fmt: skip
def test_marks_without_words_vanish(line: str) -> None:
    assert text(f"# T\n\nBefore.\n\n{line}\n\nAfter.\n", "a.md") == "Before.\nAfter."


def test_marks_within_lines_are_what_the_reader_sees() -> None:
    markdown = "Press ++ctrl+s++ :material-content-save: or [save](x.md){ .md-button } it[^1].\n\n[^1]: Soon.\n"
    assert text(markdown, "a.md").startswith("Press Ctrl+S or save it[1].")


def test_code_keeps_every_mark() -> None:
    code = "!!! note\n    x\n:::tip\n{{< x >}}\nimport a from 'b'\n<Tabs>\n++a++"
    assert marked(f"# T\n\n```md\n{code}\n```\n\nAnd `{{{{< x >}}}}` `<Tab>`.\n", "a.mdx") == (
        f"```\n{code}\n```\nAnd `{{{{< x >}}}}` `<Tab>`."
    )


def test_javascript_of_mdx_is_no_text() -> None:
    code = "import X from './x'\n\nexport const a = {\n  b: 1,\n}\n\n{/* hidden */}"
    markdown = f"---\ntitle: T\n---\n{code}\n\nVersion {{props.v}} of it.\n"
    assert text(markdown, "a.mdx") == "Version of it."
