"""Our plain text as the HTML that Teams shows (``textFormat: xml``).

Everything is escaped first, so that nobody's words can become a mention, a card or a tag. Of Markdown only what
cannot be meant otherwise is turned into form; the rest stays on the screen as it was typed.
"""

import html
import re

FENCE = re.compile(r"```[^\S\n]*\n?(.*?)\n?```", re.DOTALL)
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<shown>[^\[\]\n]+)\]\((?P<target>(?:https?://|mailto:)[^\s()<>\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)\)"
    r"|(?P<url>https?://[^\s<>\"']+)"
    r"|(?<![\w*])\*\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*\*(?![\w*])"
    r"|(?<![\w~])~~(?P<gone>[^\s~](?:[^~\n]*[^\s~])?)~~(?![\w~])"
)
TAIL = re.compile(r"[.,;:!?]+$")


def to_html(text: str) -> str:
    """Return the text as HTML; what it shows is the text itself, less the marks that became form."""
    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts.append(_lines(text[end : fence.start()].removesuffix("\n")))
        parts.append(f"<pre>{escaped(fence[1])}</pre>")
        end = fence.end() + (1 if text[fence.end() : fence.end() + 1] == "\n" else 0)
    return "".join([*parts, _lines(text[end:])])


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    return f"<b>{escaped(text)}</b>"


def small(text: str) -> str:
    return f"<i>{escaped(text)}</i>"


def _lines(text: str) -> str:
    return "<br>".join(_inline(line) for line in text.split("\n")) if text else ""


def _inline(line: str) -> str:
    """Return one line: its indentation is kept, as lists in plain text need it."""
    body = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(body)) + _forms(body)


def _forms(text: str) -> str:
    parts, end = [], 0
    for match in INLINE.finditer(text):
        parts.append(escaped(text[end : match.start()]))
        parts.append(_form(match))
        end = match.end()
    parts.append(escaped(text[end:]))
    return "".join(parts)


def _form(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found["code"] is not None:
        return f"<code>{escaped(found['code'])}</code>"
    if found["shown"] is not None:
        target = found["target"] if ":" in found["target"] else f"mailto:{found['target']}"
        return _link(target, found["shown"])
    if found["url"] is not None:
        address = _without_tail(found["url"])
        return _link(address, address) + escaped(found["url"][len(address) :])
    for name, tag in (("bold", "b"), ("gone", "s")):
        if found[name] is not None:
            return f"<{tag}>{_forms(found[name])}</{tag}>"
    raise AssertionError("the pattern has a form that is not written")


def _link(target: str, shown: str) -> str:
    return f'<a href="{html.escape(target)}">{escaped(shown)}</a>'


def _without_tail(address: str) -> str:
    """Return a full stop or a bracket after an address belongs to the sentence, unless the bracket was opened
    within it.
    """
    kept = TAIL.sub("", address)
    while kept.endswith(")") and kept.count(")") > kept.count("("):
        kept = TAIL.sub("", kept[:-1])
    return kept
