"""Our notation as Slack's mrkdwn, in which nothing that anybody wrote can ping a channel or become markup."""

import re

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_LINK = re.compile(
    r"\[(?P<label>[^\[\]\n]+)\]\((?P<target>(?:https?://|mailto:)[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)"
    r"|(?P<bare>https?://[^\s<>\"|]*[^\s<>\"|.,;:!?)\]'*_~`])"
)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_STRIKE = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_BOLD_MARK = "\N{START OF TEXT}"


def to_mrkdwn(text: str) -> str:
    """Escaped text with Slack's own marks for emphasis and links; code is left as it is."""
    parts = _CODE.split(text)
    for place, part in enumerate(parts):
        parts[place] = escaped(part) if place % 2 else _prose(part)
    return "".join(parts)


def escaped(text: str) -> str:
    """Return the three characters by which Slack begins a mention, a link or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(target: str, label: str) -> str:
    """Return a link with its words; neither can end it early."""
    return f"<{escaped(target).replace('|', '%7C')}|{escaped(label)}>"


def _prose(text: str) -> str:
    written, end = [], 0
    for found in _LINK.finditer(text):
        written.append(_emphasised(escaped(text[end : found.start()])))
        bare = found["bare"]
        written.append(f"<{escaped(bare)}>" if bare else link(found["target"], found["label"]))
        end = found.end()
    written.append(_emphasised(escaped(text[end:])))
    return "".join(written)


def _emphasised(text: str) -> str:
    # Bold is marked first by a character of its own, lest its one asterisk be taken for Markdown's italics.
    text = _BOLD.sub(lambda found: f"{_BOLD_MARK}{found[1] or found[2]}{_BOLD_MARK}", text)
    text = _HEADING.sub(rf"{_BOLD_MARK}\1{_BOLD_MARK}", text)
    text = _STRIKE.sub(r"~\1~", _ITALIC.sub(r"_\1_", text))
    return text.replace(_BOLD_MARK, "*")
