"""What somebody wrote in Teams, as plain text with the Markdown that keeps its links, lists and code.

Only words come through: no mention, card, picture or style of the original has any effect here.
"""

import html
import re
from collections.abc import Collection
from html.parser import HTMLParser

AT = re.compile(r"<at\b[^>]*>(.*?)</at>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^>]*>")
ITEM = re.compile(r"(?:-|\d+\.) ")
SPACES = re.compile(r"[ \t\u00a0]+")
MARKS = {"b": "**", "strong": "**", "i": "_", "em": "_", "s": "~~", "strike": "~~", "del": "~~"}
BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "pre", "hr"}
SILENT = {"script", "style"}
MOST_HTML = 200_000
REPLY = "http://schema.skype.com/Reply"
MENTION = "http://schema.skype.com/Mention"


def plain_of_text(text: str, without: Collection[str]) -> str:
    """``text`` of an activity without mentions of the names ``without``, our own; others keep their names."""
    return _tidy(html.unescape(AT.sub(lambda match: _mention(match[1], without), text)))


def plain_of_html(content: str, without: Collection[str]) -> str:
    """The words of a message's HTML form, likewise."""
    reader = _Reader(without)
    reader.feed(content[:MOST_HTML])
    reader.close()
    return _tidy("".join(reader.parts))


def _mention(name: str, without: Collection[str]) -> str:
    plain = html.unescape(TAG.sub("", name)).strip()
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


class _Reader(HTMLParser):
    """Collects the words. Tags it does not know are dropped, their words kept."""

    def __init__(self, without: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._without = without
        self._links: list[tuple[str, int]] = []
        self._silent, self._quote, self._pre = 0, 0, 0
        self._dropped_quotes: list[bool] = []
        self._lists: list[int | None] = []
        self._mention: int | None = None
        self._mention_tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag in SILENT:
            self._silent += 1
        elif tag == "blockquote":
            self._open_quote(about.get("itemtype") == REPLY)
        elif self._silent:
            return
        elif tag == "at" or (tag == "span" and about.get("itemtype") == MENTION):
            self._mention, self._mention_tag = len(self.parts), tag
        elif tag == "a":
            self._links.append((about.get("href") or "", len(self.parts)))
        elif tag in ("img", "emoji"):
            self._picture(about)
        elif tag == "br":
            self._line()
        elif tag == "pre":
            self._new_line()
            self.parts.append("```\n")
            self._pre += 1
        elif tag == "code" and not self._pre:
            self.parts.append("`")
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
            self._new_line()
        elif tag == "li":
            self._new_line()
            self.parts.append(self._bullet())
        elif tag in BLOCKS:
            self._new_line()
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in MARKS and not self._pre:
            self.parts.append(MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "blockquote":
            self._close_quote()
        elif self._silent:
            return
        elif self._mention is not None and tag == self._mention_tag:
            self._close_mention()
        elif tag == "a" and self._links:
            self._close_link()
        elif tag == "pre" and self._pre:
            self._pre -= 1
            self._new_line()
            self.parts.append("```\n")
        elif tag == "code" and not self._pre:
            self._close_mark("`")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._new_line()
        elif tag in BLOCKS:
            self._new_line()
        elif tag in MARKS and not self._pre:
            self._close_mark(MARKS[tag])

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        # Line breaks of the HTML's own layout are no line breaks of the message.
        words = data if self._pre else re.sub(r"[ \t\r\n]+", " ", data)
        at_line_start = not self._pre and (not self.parts or self.parts[-1].endswith("\n"))
        if words := words.lstrip(" ") if at_line_start else words:
            self.parts.append(words)

    def _line(self) -> None:
        self.parts.append("\n" + "> " * self._quote)

    def _new_line(self) -> None:
        end = self._end().removesuffix("> " * self._quote)
        if end and not end.endswith("\n"):
            self._line()

    def _end(self) -> str:
        """The last few characters so far, without the spaces after them."""
        return "".join(self.parts[-8:]).rstrip(" ") if not self._quote else "".join(self.parts[-8:])

    def _open_quote(self, is_reply: bool) -> None:
        """The quoted message of a reply stands in the transcript already; a quote of one's own is kept."""
        self._dropped_quotes.append(is_reply)
        if is_reply:
            self._silent += 1
        elif not self._silent:
            self._quote += 1
            self._new_line()
            if not self._end().endswith("> "):
                self.parts.append("> ")

    def _close_quote(self) -> None:
        if not self._dropped_quotes:
            return
        if self._dropped_quotes.pop():
            self._silent = max(0, self._silent - 1)
        elif not self._silent:
            while self.parts and self.parts[-1].strip(" >\n") == "":
                self.parts.pop()
            self._quote = max(0, self._quote - 1)
            self._line()

    def _close_mark(self, mark: str) -> None:
        """Around nothing there is nothing to mark."""
        if self.parts and self.parts[-1] == mark:
            self.parts.pop()
        else:
            self.parts.append(mark)

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "  " * max(0, len(self._lists) - 1) + "- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{number}. "

    def _picture(self, about: dict[str, str | None]) -> None:
        """Emoji are pictures with the character as their text; other pictures come as files of their own."""
        if "Emoji" in (about.get("itemtype") or about.get("itemscope") or "") or about.get("src") is None:
            self.parts.append(about.get("alt") or "")

    def _close_mention(self) -> None:
        start = self._mention or 0
        name = "".join(self.parts[start:])
        del self.parts[start:]
        self.parts.append(_mention(name, self._without))
        self._mention = None

    def _close_link(self) -> None:
        """A link whose text is its own address stays an address."""
        href, start = self._links.pop()
        shown = "".join(self.parts[start:]).strip()
        if not href.lower().startswith(("http://", "https://", "mailto:")):
            return
        address = href.removeprefix("mailto:")
        if not shown or shown.rstrip("/") == address.rstrip("/"):
            written = address
        else:
            written = f"[{shown}]({address.replace('(', '%28').replace(')', '%29')})"
        del self.parts[start:]
        self.parts.append(written)
