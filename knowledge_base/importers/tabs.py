"""Lay out tabs one below the other, each headed by its label: a reader of plain text sees all of them.

Two shapes cover the site generators: labels and panels joined by ARIA roles (Sphinx tabs, Docusaurus, Docsy), and radio
buttons with labels that style sheets switch (sphinx-design, Furo, MkDocs Material, VitePress, Hugo Book).
"""

from collections.abc import Sequence

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.markup import words_of


def lay_out_tabs(tree: HtmlElement) -> None:
    """Put each tab's label before its content and remove what only switches."""
    for tablist in list(tree.xpath("//*[@role='tablist']")):
        if tablist.getparent() is not None:
            _by_roles(tree, tablist)
    for button in list(tree.xpath("//input[@type='radio']")):
        if button.getparent() is not None:
            _by_radio_buttons(button)


def _by_roles(tree: HtmlElement, tablist: HtmlElement) -> None:
    tabs = [tab for tab in tablist.iter() if tab.get("role") == "tab"]
    by_id = {panel.get("id"): panel for panel in tree.xpath("//*[@role='tabpanel'][@id]")}
    panels = [by_id.get(tab.get("aria-controls") or "") for tab in tabs]
    if not all(panel is not None for panel in panels):
        around = tablist.getparent()
        panels = [panel for panel in around.iter() if panel.get("role") == "tabpanel" and _outermost(panel, around)]
    if tabs and len(panels) == len(tabs):
        for tab, panel in zip(tabs, panels, strict=True):
            _head(panel, words_of(tab))
        tablist.drop_tree()


def _outermost(panel: HtmlElement, around: HtmlElement) -> bool:
    """Return True for a panel that lies in no other one below ``around``."""
    for other in panel.iterancestors():
        if other is around:
            return True
        if other.get("role") == "tabpanel":
            return False
    return False


def _by_radio_buttons(button: HtmlElement) -> None:
    """Lay out the set of tabs to which a radio button belongs."""
    around = button.getparent()
    for other in [child for child in around if child.tag == "input"]:
        other.drop_tree()
    labels = [child for child in around if child.tag == "label"]
    if labels and all(_is_content(label.getnext()) for label in labels):
        for label in labels:
            _head(label.getnext(), words_of(label))
            label.drop_tree()
        return
    # The labels stand together, the contents beside them in the same order.
    boxes = [child for child in around if child.tag == "div"] if not labels else [around]
    for box in boxes:
        inside = [child for child in box if child.tag == "label"]
        contents = _contents(box.getnext(), len(inside))
        if inside and contents:
            for label, content in zip(inside, contents, strict=True):
                _head(content, words_of(label) or label.get("data-title") or "")
            box.drop_tree()
            return


def _is_content(element: HtmlElement | None) -> bool:
    return element is not None and element.tag not in ("label", "input")


def _contents(box: HtmlElement | None, count: int) -> Sequence[HtmlElement]:
    return list(box) if box is not None and len(box) == count else []


def _head(panel: HtmlElement, label: str) -> None:
    """Begin the panel with its label in bold."""
    panel.attrib.pop("hidden", None)
    if not label:
        return
    if panel.tag == "pre":
        box = lxml.html.Element("div")
        panel.addprevious(box)
        box.append(panel)
        panel = box
    paragraph, strong = lxml.html.Element("p"), lxml.html.Element("strong")
    strong.text = label
    paragraph.append(strong)
    paragraph.tail, panel.text = panel.text, None
    panel.insert(0, paragraph)
