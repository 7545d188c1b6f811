"""The marks within a line of AsciiDoc, as HTML: https://docs.asciidoctor.org/asciidoc/latest/text/"""

import html
import re
from collections.abc import Mapping

_ATTRIBUTE = re.compile(r"(?<!\\)\{([\w-]+)\}")
_BUILT_IN = {
    "nbsp": "\u00a0", "zwsp": "", "empty": "", "blank": "", "sp": " ", "amp": "&", "lt": "<", "gt": ">", "plus": "+",
    "apos": "'", "quot": '"', "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "asterisk": "*", "caret": "^",
    "backtick": "`", "tilde": "~", "backslash": "\\", "startsb": "[", "endsb": "]", "vbar": "|", "deg": "°",
    "two-colons": "::", "two-semicolons": ";;", "wj": "", "brvbar": "¦", "cpp": "C++", "pp": "++",
}  # fmt: skip
# A mark begins and ends at the edge of a word; two of them may stand within one.
_PAIRS = (("**", "*", "strong"), ("__", "_", "em"), ("##", "#", "mark"))
_CODE = re.compile(r"``(.+?)``|(?<![\w`\\])`(\S|\S.*?\S)`(?![\w`])|(?<![\w+\\])\+(\S|\S.*?\S)\+(?![\w+])")
_ADDRESS = r"(?:https?|ftp|irc|mailto):[^\s\[\]<>\"]+"
_MACROS = re.compile(
    rf"(?P<link>(?:link:)(?P<target>[^\s\[\]]+)\[(?P<words>(?:[^\]\\]|\\.)*)\])"
    rf"|(?P<url>(?<![\w\"'/]){_ADDRESS})(?:\[(?P<url_words>(?:[^\]\\]|\\.)*)\])?"
    r"|xref:(?P<xref>[^\s\[\]]+)\[(?P<xref_words>(?:[^\]\\]|\\.)*)\]"
    r"|(?:&lt;&lt;)(?P<cross>[^,&]+?)(?:,\s*(?P<cross_words>.+?))?(?:&gt;&gt;)"
    r"|menu:(?P<menu>[^\[\]\n]+?)\[(?P<items>[^\]]*)\]"
    r"|(?P<key>kbd|btn):\[(?P<keys>(?:[^\]\\]|\\.)+)\]"
    r"|image:(?!:)(?P<image>[^\s\[\]]+)\[(?P<alt>[^\]]*)\]"
    r"|(?:icon|anchor|indexterm2?|pass|stem|latexmath|asciimath|footnote(?:ref)?):[\w.-]*\[(?P<other>[^\]]*)\]"
    r"|\[\[(?P<anchor>[\w.:-]+)(?:,[^\]]*)?\]\]"
    r"|\(\(\((?P<hidden>[^()]*)\)\)\)|\(\((?P<term>[^()]*)\)\)"
)
_ROLE = re.compile(r"\[[.#%][\w.#%-]*\](?=[*_`#])")
_REPLACED = ((" -- ", " – "), ("...", "…"), ("(C)", "©"), ("(R)", "®"), ("(TM)", "™"))


def with_attributes(text: str, attributes: Mapping[str, str]) -> str:
    """Return the text with the values of the attributes that it names; unknown names stay."""
    return _ATTRIBUTE.sub(
        lambda match: attributes.get(match[1].lower(), _BUILT_IN.get(match[1].lower(), match[0])), text
    )


def inline_html(text: str, titles: Mapping[str, str]) -> str:
    """Return a line as HTML; ``titles`` are the headings behind the document's ids, which references show."""
    kept: list[str] = []

    def keep(markup: str) -> str:
        kept.append(markup)
        return f"\ue100{len(kept) - 1}\ue101"

    escaped = html.escape(text, quote=False)
    escaped = _CODE.sub(lambda match: keep(f"<code>{next(filter(None, match.groups())).strip('+')}</code>"), escaped)
    escaped = _MACROS.sub(lambda match: keep(_macro(match, titles)), _ROLE.sub("", escaped))
    for double, single, tag in _PAIRS:
        twice, once = re.escape(double), re.escape(single)
        escaped = re.sub(rf"{twice}(?=\S)(.+?)(?<=\S){twice}", rf"<{tag}>\1</{tag}>", escaped)
        escaped = re.sub(
            rf"(?<![\w\\{once}]){once}(?=\S)([^{once}]+?)(?<=\S){once}(?![\w{once}])", rf"<{tag}>\1</{tag}>", escaped
        )
    escaped = re.sub(r"\^([^\s^]+)\^", r"<sup>\1</sup>", escaped)
    escaped = re.sub(r"(?<![~\w/])~([^\s~]+)~", r"<sub>\1</sub>", escaped)
    escaped = re.sub(r"[ \t]\+$", "<br>", escaped, flags=re.MULTILINE)
    for written, shown in _REPLACED:
        escaped = escaped.replace(written, shown)
    while "\ue100" in escaped:
        escaped = re.sub("\ue100(\\d+)\ue101", lambda match: kept[int(match[1])], escaped)
    return re.sub(r"\\([*_`#{<\[+])", r"\1", escaped)


def _macro(match: re.Match[str], titles: Mapping[str, str]) -> str:
    found = match.groupdict()
    if match["link"]:
        return _link(match["target"], match["words"])
    if match["url"]:
        address = match["url"] if match["url_words"] is not None else match["url"].rstrip(".,;:!?)")
        return _link(address, match["url_words"] or "") + match["url"][len(address) :]
    if match["xref"] or match["cross"]:
        return _cross(match["xref"] or match["cross"], match["xref_words"] or match["cross_words"] or "", titles)
    if match["menu"]:
        places = [match["menu"], *re.split(r"\s*&gt;\s*", match["items"])]
        return f"<strong>{' &gt; '.join(filter(None, places))}</strong>"
    if match["key"]:
        tag = "kbd" if match["key"] == "kbd" else "strong"
        return f"<{tag}>{match['keys']}</{tag}>"
    if match["image"]:
        alt = match["alt"].split(",")[0].strip(' "')
        return f'<img src="{match["image"]}" alt="{html.escape(alt)}">'
    if match["anchor"]:
        return f'<a id="{match["anchor"]}"></a>'
    if match["term"]:
        return match["term"]
    return (found["other"] or "") if match[0].startswith(("pass:", "stem:", "indexterm2:")) else _note(match)


def _note(match: re.Match[str]) -> str:
    """Return a footnote in its place, in brackets; nothing of other macros."""
    return f" ({match['other']})" if match[0].startswith("footnote") and match["other"] else ""


def _link(target: str, words: str) -> str:
    shown = re.split(r",\s*(?:window|role|opts|id|title)=", words)[0].strip().strip('"').removesuffix("^")
    return f'<a href="{html.escape(html.unescape(target))}">{shown or html.escape(target.removeprefix("mailto:"))}</a>'


def _cross(target: str, words: str, titles: Mapping[str, str]) -> str:
    """Return a reference to an id of this document, or to another file of the manual."""
    path, hash_, anchor = target.strip().partition("#")
    if not hash_ and not path.endswith((".adoc", ".asciidoc")):
        path, anchor = "", path
    # Antora writes component:module:page.adoc and module$page.adoc.
    path = re.split(r"[:$]", path)[-1]
    shown = words.strip() or html.escape(
        titles.get(anchor, "") or re.sub(r"[-_]+", " ", anchor or path.rpartition(".")[0]).strip()
    )
    return f'<a href="{path}{"#" if anchor else ""}{anchor}">{shown}</a>'
