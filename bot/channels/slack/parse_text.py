"""Parse Slack's mrkdwn into our own notation, with the names of people and channels that it mentions.

Slack escapes ``&``, ``<`` and ``>`` in what people type, so every ``<…>`` is a token of its own:
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping

from bot.channels.emoji_names import from_names
from bot.triage.text.markup import Code, Emphasis, Inlines, Link, Strike, Strong, Text, words_of
from bot.triage.text.parse_inline import Dialect
from bot.triage.text.parse_markup import CODE, item_pattern, parse_blocks
from bot.triage.text.print_lines import to_notation

SOMEBODY, A_CHANNEL, A_GROUP = "@someone", "#channel", "@group"
_MENTION = re.compile(r"<([@#])([A-Z0-9]+)(?:\|([^<>\n]*))?>")
_ANGLED = r"<(?P<target>[^<>\n|]+)(?P<bar>\|)?(?P<label>[^<>\n]*)>"
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
# What Slack's own lists begin with, by their depth.
_BULLETS = "-•◦▪"


def from_mrkdwn(text: str, bot_user: str | None = None, names: Mapping[str, str] | None = None) -> str:
    """Return what somebody wrote in Slack; a mention of ``bot_user`` is how we were called and is left out.

    ``names`` are those of mentioned people and channels, by their ids. No id is ever shown: who has no name here is
    called ``@someone``.
    """
    reader = _Reader(bot_user, names or {})
    return to_notation(parse_blocks(text, reader.dialect)).strip()


def mentioned(text: str) -> set[str]:
    """Return the ids of people and channels that are mentioned without a name."""
    return {found[2] for found in _MENTION.finditer(text) if not found[3]}


def speaks_to_another(text: str) -> bool:
    """Return whether a message begins with the mention of a person: then it is meant for them."""
    found = _MENTION.match(text.lstrip())
    return found is not None and found[1] == "@"


class _Reader:
    """Reads the tokens of one message."""

    def __init__(self, bot_user: str | None, names: Mapping[str, str]) -> None:
        self._bot_user, self._names = bot_user, names
        self.dialect = Dialect(
            pattern=_PATTERN,
            marks={"*": Strong, "_": Emphasis, "~": Strike},
            read_token=self._token,
            read_text=_prose,
            read_code=self._code,
            quote=_QUOTE,
            item=_ITEM,
        )

    def _token(self, found: re.Match[str]) -> tuple[Inlines, int]:
        if found["code"] is not None:
            return (Code(self._code(found["code"])),), found.end()
        return self._read(found), found.end()

    def _code(self, text: str) -> str:
        """Return the words of code, in which Slack marks addresses and mentions as elsewhere."""
        words, place = "", 0
        for found in _TOKENS.finditer(text):
            words += _unescaped(text[place : found.start()]) + words_of(self._read(found))
            place = found.end()
        return words + _unescaped(text[place:])

    def _read(self, found: re.Match[str]) -> Inlines:
        target, label = _unescaped(found["target"]), _unescaped(found["label"])
        return self._meaning(target, label, bare=found["bar"] is None)

    def _meaning(self, target: str, label: str, *, bare: bool) -> Inlines:
        kind, name = target[0], target[1:]
        if kind == "@":
            return () if name == self._bot_user else (Text(_called("@", label or self._names.get(name)) or SOMEBODY),)
        if kind == "#":
            return (Text(_called("#", label or self._names.get(name)) or A_CHANNEL),)
        return (Text(_special(name, label)),) if kind == "!" else (_link(target, "" if bare else label),)


def _called(sign: str, name: str | None) -> str:
    return f"{sign}{name.removeprefix(sign)}" if name else ""


def _special(name: str, label: str) -> str:
    """Return ``<!here>``, a group of users, or a date with the words to show instead."""
    if label:
        return label
    return A_GROUP if name.startswith("subteam") else f"@{name.partition('^')[0]}"


def _link(target: str, label: str) -> Text | Link:
    plain = _SCHEME.sub("", target)
    if not label:
        return Link(target, (Text(target),)) if target.lower().startswith("http") else Text(plain)
    if label in (target, plain, plain.rstrip("/")) or not _LINKED.match(target):
        return Text(label)
    return Link(target, (Text(label),))


def _prose(text: str) -> str:
    return _unescaped(from_names(text))


def _unescaped(text: str) -> str:
    """Slack escapes these three and no others; ``&amp;`` last, so that ``&amp;lt;`` stays what it was."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_LINKED = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_TOKENS = re.compile(_ANGLED)
_PATTERN = re.compile(rf"{CODE}|{_ANGLED}|(?P<run>\*+|_+|~+)")
_QUOTE = re.compile(r"(?:&gt;|>)(?!&gt;|>) ?")
_ITEM = item_pattern(_BULLETS)
