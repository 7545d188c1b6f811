"""Number the items of lists as browsers do: https://html.spec.whatwg.org/multipage/grouping-content.html#the-ol-element"""

import re

from lxml.html import HtmlElement

_WHOLE = re.compile(r"\s*([+-]?\d{1,6})\s*")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def item_number(item: HtmlElement) -> int | None:
    """Return the number of an item of a numbered list; None in any other list."""
    around = item.getparent()
    if around is None or around.tag != "ol":
        return None
    items = [other for other in around if other.tag == "li"]
    backwards = around.get("reversed") is not None
    first = _whole(around.get("start"))
    number = first if first is not None else (len(items) if backwards else 1)
    for other in items:
        own = _whole(other.get("value"))
        number = own if own is not None else number
        if other is item:
            return number
        number += -1 if backwards else 1
    return None


def shown_number(item: HtmlElement) -> str:
    """Return the number of an item as it is shown: `3`, or `c` and `iii` in lists that say so; empty without one."""
    number = item_number(item)
    if number is None:
        return ""
    kind = item.getparent().get("type") or "1"
    written = _letters(number) if kind in "aA" else _roman(number) if kind in "iI" else str(number)
    return written.upper() if kind in "AI" else written


def _whole(text: str | None) -> int | None:
    match = _WHOLE.fullmatch(text or "")
    return int(match[1]) if match else None


def _letters(number: int) -> str:
    if number < 1:
        return str(number)
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    if not 0 < number < 400:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written
