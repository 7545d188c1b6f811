"""Parse one line of a formatted text: code, links, bold, italic and struck words.

Marks stand around whole words: within a word, in a path and in ``*.bak`` they are characters. Whatever is not closed
stays as it was typed. The time is in proportion to the length.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.triage.text.markup import Emphasis, Inline, Inlines, Strike, Strong, Text

Form = type[Strong] | type[Emphasis] | type[Strike]
_SLASHES = "\\/"
# What no emphasised word begins with, though `*.bak` does.
_NO_BEGINNING = ".,;:!?*"
# Bold and italic at once; every other mark is one run of one character.
_BOTH = "***"


@dataclass(frozen=True)
class Dialect:
    """A way to write marks. ``pattern`` finds a mark as its group ``run`` or a token, which ``read_token`` reads.

    ``read_token`` returns what the match stands for and where it ends; ``read_text`` and ``read_code``
    return what a stretch between, and the text of a code block, means.
    """

    pattern: re.Pattern[str]
    marks: Mapping[str, Form]
    read_token: Callable[[re.Match[str]], tuple[Inlines, int]]
    read_text: Callable[[str], str]
    read_code: Callable[[str], str]
    quote: re.Pattern[str]
    item: re.Pattern[str]


@dataclass
class _Open:
    """A form whose closing mark has not come; the outermost has no mark."""

    mark: str
    parts: list[Inline]


def parse_line(line: str, dialect: Dialect) -> Inlines:
    """Return the inlines of one line."""
    forms, place = [_Open("", [])], 0
    while found := dialect.pattern.search(line, place):
        _add_text(forms[-1].parts, dialect.read_text(line[place : found.start()]))
        if found["run"] is None:
            parts, place = dialect.read_token(found)
            for one in parts:
                _add(forms[-1].parts, one)
        else:
            _read_mark(forms, line, found, dialect.marks)
            place = found.end()
    _add_text(forms[-1].parts, dialect.read_text(line[place:]))
    while len(forms) > 1:
        _give_up(forms)
    return tuple(forms[0].parts)


def _read_mark(forms: list[_Open], line: str, found: re.Match[str], marks: Mapping[str, Form]) -> None:
    run, (start, end) = found["run"], found.span()
    before, after = line[start - 1 : start] or " ", line[end : end + 1] or " "
    names = ["**", "*"] if run == _BOTH and "**" in marks else [run]
    is_open = {form.mark for form in forms}
    if all(name in is_open for name in names) and not before.isspace() and _ends_here(after):
        for name in _innermost_first(forms, names):
            _close(forms, name, marks[name])
    elif all(name in marks and name not in is_open for name in names) and _begins_here(before, after):
        forms.extend(_Open(name, []) for name in names)
    else:
        _add_text(forms[-1].parts, run)


def _begins_here(before: str, after: str) -> bool:
    return not (_is_word(before) or before in _SLASHES or after.isspace() or after in _NO_BEGINNING)


def _ends_here(after: str) -> bool:
    return not (_is_word(after) or after in _SLASHES)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _innermost_first(forms: list[_Open], names: list[str]) -> list[str]:
    return [form.mark for form in reversed(forms) if form.mark in names]


def _close(forms: list[_Open], mark: str, form: Form) -> None:
    while forms[-1].mark != mark:
        _give_up(forms)
    closed = forms.pop()
    _add(forms[-1].parts, form(tuple(closed.parts)))


def _give_up(forms: list[_Open]) -> None:
    """Let the innermost form be its characters."""
    given_up = forms.pop()
    _add_text(forms[-1].parts, given_up.mark)
    for one in given_up.parts:
        _add(forms[-1].parts, one)


def _add(parts: list[Inline], one: Inline) -> None:
    if isinstance(one, Text):
        _add_text(parts, one.text)
    else:
        parts.append(one)


def _add_text(parts: list[Inline], text: str) -> None:
    if text and parts and isinstance(parts[-1], Text):
        parts[-1] = Text(parts[-1].text + text)
    elif text:
        parts.append(Text(text))
