"""Convert the HTML of a message of Teams, or of a mail, to plain text with Markdown for links, lists and code.

Only words come through: no mention, card, picture or style of the original has any effect here.
"""

import html
import re
import warnings
from collections.abc import Callable, Collection
from textwrap import indent

with warnings.catch_warnings():
    # Only CSS selectors need soupsieve, which is not installed (requirements/techref-overrides.txt).
    warnings.filterwarnings("ignore", "The soupsieve package is not installed")
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PreformattedString
    from markdownify import MarkdownConverter

AT = re.compile(r"<at\b[^>]{0,200}>((?:(?!<at\b).){0,500}?)</at>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^>]*>")
ITEM = re.compile(r"(?:-|\d+\.) ")
SPACES = re.compile(r"[ \t\u00a0]+")
REPLY = "http://schema.skype.com/Reply"
MENTION = "http://schema.skype.com/Mention"
# A message has about 28 KB: https://learn.microsoft.com/microsoftteams/limits-specifications-teams
MOST_HTML = 100_000
# The converter calls itself for each level; nobody quotes or nests lists this deep.
DEEPEST = 100
# What else there is counts as the words within it.
FORMS = "a at b blockquote br code del div em emoji h1 h2 h3 h4 h5 h6 hr i img li ol p pre s script span strike strong"
FORMS += " style table td th tr ul"
LINKS = ("http://", "https://", "mailto:")


def plain_of_text(text: str, without: Collection[str]) -> str:
    """Return ``text`` of an activity without mentions of the names ``without``, our own; others keep their names."""
    return _tidy(html.unescape(AT.sub(lambda match: _mention(match[1], without), text)))


def plain_of_html(content: str, without: Collection[str], most: int = MOST_HTML) -> str:
    """Return the words of a message's HTML form, likewise; of the first ``most`` characters."""
    # The tag around it keeps the parser from asking whether this is a file's name or XML.
    whole = f"<div>{content[:most]}</div>"
    soup = BeautifulSoup(whole, "lxml")
    for comment in soup.find_all(string=lambda one: isinstance(one, PreformattedString)):
        comment.extract()
    if _depth(soup) > DEEPEST:
        return _tidy(BeautifulSoup(whole, "html.parser").get_text(" "))
    return _tidy(_Markdown(soup, without).convert_soup(soup))


def _mention(name: str, without: Collection[str]) -> str:
    return _unless_ours(html.unescape(TAG.sub("", name)), without)


def _unless_ours(name: str, without: Collection[str]) -> str:
    plain = name.strip()
    return "" if plain.casefold() in {one.casefold() for one in without} else plain


def _tidy(text: str) -> str:
    """Single spaces and at most one empty line, except within code, where both may matter."""
    parts = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    tidied = [part if index % 2 else _tidy_words(part) for index, part in enumerate(parts)]
    return "".join(tidied).strip()


def _tidy_words(text: str) -> str:
    lines = "\n".join(_tidy_line(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines)


def _tidy_line(line: str) -> str:
    words = SPACES.sub(" ", line).strip()
    indent = len(line) - len(line.lstrip(" \u00a0"))
    return " " * indent + words if ITEM.match(words) else words


def _depth(soup: BeautifulSoup) -> int:
    """Return how many levels of tags there are."""
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())


def _marked(mark: str) -> Callable[["_Markdown", Tag, str, set[str]], str]:
    """Return a conversion that puts ``mark`` around the words; around a space there is nothing to mark."""

    def convert(self: "_Markdown", el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip()
        return text.replace(words, f"{mark}{words}{mark}", 1) if words and "_noformat" not in parent_tags else text

    return convert


class _Markdown(MarkdownConverter):
    """The library's Markdown, with what a chat needs: one line break between blocks, nothing escaped."""

    def __init__(self, soup: BeautifulSoup, without: Collection[str]) -> None:
        super().__init__(
            convert=FORMS.split(), escape_asterisks=False, escape_underscores=False, wrap=True, wrap_width=None
        )
        self._without = without
        lists = (found.find_all("li", recursive=False) for found in soup.find_all("ol"))
        self._numbers = {id(item): number for items in lists for number, item in enumerate(items, 1)}

    convert_b = convert_strong = _marked("**")
    convert_em = convert_i = _marked("_")
    convert_s = convert_del = convert_strike = _marked("~~")

    def _block(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        if words := text.strip(" \t\n"):
            return f"\n{words}\n"
        # An empty line that was typed comes as a block with a break or a no-break space.
        return "\n\n" if text or "\u00a0" in el.get_text() else ""

    convert_p = convert_div = convert_ul = convert_ol = convert_table = convert_tr = _block

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._block(el, text, parent_tags)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        bullet = f"{self._numbers[id(el)]}. " if id(el) in self._numbers else "- "
        return bullet + indent(text.strip(), " " * len(bullet)).lstrip() + "\n"

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" {text.strip()}"

    convert_th = convert_td

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n```\n" + text.strip("\n") + "\n```\n"

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Return the quoted message of a reply stands in the transcript already; a quote of one's own is kept."""
        if el.get("itemtype") == REPLY:
            return ""
        return "\n" + indent(text.strip(" \t\n"), "> ", lambda _: True) + "\n"

    def convert_at(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _unless_ours(el.get_text(), self._without)

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_at(el, text, parent_tags) if el.get("itemtype") == MENTION else text

    def convert_emoji(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(el.get("alt") or "")

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Emoji are pictures with the character as their text; other pictures come as files of their own."""
        return self.convert_emoji(el, text, parent_tags) if "Emoji" in str(el.get("itemtype")) else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Return a link whose text is its own address stays an address."""
        href, shown = str(el.get("href") or ""), text.strip()
        if not href.lower().startswith(LINKS):
            return text
        address = href.removeprefix("mailto:")
        if not shown or shown.rstrip("/") == address.rstrip("/"):
            return address
        return f"[{shown}]({address.replace('(', '%28').replace(')', '%29')})"
