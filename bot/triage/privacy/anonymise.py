"""Anonymise a customer's sentence for lists that other people read: Learning, Gaps, and training examples.

Each kind of identifying text becomes a mark in square brackets. Error codes (QB-2107), versions (12.2.1) and amounts of
up to four digits stay, because they are what a question is about. ``as_example`` replaces the marks with stand-ins,
because brackets annotate entities in Rasa's training data:
https://legacy-docs-oss.rasa.com/docs/rasa/training-data-format#entities
"""

import re
from collections.abc import Callable, Iterable

from bot.triage.privacy.redaction import CODE_MASK, NUMBER_MASK
from bot.triage.reading.contact_details import EMAIL as EMAIL_PATTERN
from bot.triage.reading.contact_details import find_phone
from bot.triage.reading.tech_reference import find_references
from bot.triage.text.plain_text import fold

EMAIL, PHONE, NAME, NUMBER = "[e-mail]", "[phone]", "[name]", "[number]"
LINK, ADDRESS, REFERENCE = "[link]", "[address]", "[reference]"
STAND_INS = {
    EMAIL: "someone@company.example",
    PHONE: "555-0142",
    NAME: "Alex",
    NUMBER: "12",
    LINK: "www.company.example",
    ADDRESS: "12 Main Street",
    REFERENCE: "my reference",
    NUMBER_MASK: "12",
    CODE_MASK: "12",
}
LONGEST = 200
# Text beyond this is never shown; finding telephone numbers in it would take time.
_LONGEST_READ = 2000
_SHORTEST_NAME = 3

_LINK = re.compile(r"(?<!\w)(?:https?://|www\.)\S+")
_STREETS = "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|close|square|way|terrace"
_STREET = re.compile(rf"(?<!\w)\d{{1,5}}[a-z]?,?\s+(?:[^\W\d_][\w'-]*\s+){{1,3}}(?:{_STREETS})(?!\w)\.?")
_LICENCE = re.compile(
    r"(?<!\w)(?=[a-z-]{0,60}\d)[a-z\d]{4,6}(?:-[a-z\d]{4,6}){2,9}(?![\w-])"  # letters alone are words with dashes
)
_LONG_NUMBER = re.compile(r"\+?\(?\d(?:[ ./()-]{0,2}\d){4,}")
_ANY_NUMBER = re.compile(r"\d+(?:[.,:/'’ -]?\d+)*")
# People introduce themselves: "this is Mia Jones from the bakery", "my name is mia".
_INTRODUCED = re.compile(
    r"(?P<before>\b(?:[Mm]y name(?: is|'s|’s)|[Ii] am called|[Tt]his is|[Ii](?:'|’)?m|[Ii] am|[Rr]egards,?|[Hh]ere is)"
    r"\s+)"
    r"(?P<name>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
)
_CALLED = re.compile(r"(?P<before>\bmy name(?: is|'s|’s)\s+)(?P<name>[\w'’-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"[\[\]{}<>`|]")
_MARKS = "|".join(map(re.escape, STAND_INS))


def anonymise(text: str, names: Iterable[str] = (), company: str | None = None, longest: int = LONGEST) -> str:
    """Return the text on one line of at most ``longest`` characters, with everything that identifies somebody masked.

    Masks Tech References, links, e-mail and street addresses, telephone numbers, licence keys, every number of five
    digits or more, each word of ``names``, the ``company``, and the name after "my name is".
    """
    shown = " ".join(text.split())
    if len(shown) > _LONGEST_READ:
        shown = shown[:_LONGEST_READ].rpartition(" ")[0]
    for rule in RULES:
        shown = rule(shown)
    shown = _mask_names(shown, [*([company] if company else []), *_words_of(names)])
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def customer_names(name: str | None, email: str | None) -> list[str]:
    """Return the names to mask for a customer: their name and the local part of their e-mail address."""
    return [one for one in (name, (email or "").partition("@")[0]) if one]


def as_example(shown: str) -> str:
    """Return an anonymised sentence as a training example: stand-ins for marks and numbers, no markup."""
    shown = _outside_marks(_ANY_NUMBER.pattern, lambda _number: STAND_INS[NUMBER], shown)
    for mark, stand_in in STAND_INS.items():
        shown = shown.replace(mark, stand_in)
    return " ".join(_MARKUP.sub(" ", shown).removesuffix("…").split()).lstrip("/-# ")


def phrase_key(shown: str) -> str:
    """Return the normal form by which phrases are deduplicated: words and marks in lower case, numbers all alike."""
    alike = _outside_marks(_ANY_NUMBER.pattern, lambda _number: NUMBER, shown).casefold()
    return " ".join(re.findall(r"\[[^\[\]]{1,40}\]|[\w'’]+", alike))


def _mask_references(text: str) -> str:
    return _replaced(text, [(one.start, one.end) for one in find_references(text)], REFERENCE)


def _mask_phones(text: str) -> str:
    while (phone := find_phone(text)) is not None:
        text = text.replace(phone, PHONE)
    return text


def _mask_introductions(text: str) -> str:
    for pattern in (_INTRODUCED, _CALLED):
        text = pattern.sub(lambda found: found["before"] + NAME, text)
    return text


def _mask_pattern(pattern: re.Pattern[str], mark: str) -> Callable[[str], str]:
    return lambda text: _replaced(text, [match.span() for match in pattern.finditer(fold(text))], mark)


# In this order: a link may hold an e-mail address, an address a name, a street a number.
RULES: tuple[Callable[[str], str], ...] = (
    _mask_references,
    _mask_pattern(_LINK, LINK),
    _mask_pattern(EMAIL_PATTERN, EMAIL),
    _mask_pattern(_LICENCE, NUMBER),
    _mask_phones,
    _mask_pattern(_STREET, ADDRESS),
    _mask_pattern(_LONG_NUMBER, NUMBER),
    _mask_introductions,
)


def _mask_names(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = _outside_marks(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _name: NAME, text)
    return text


def _outside_marks(pattern: str, replace: Callable[[str], str], text: str) -> str:
    """Replace the pattern's matches, except inside a mark: a customer may be called Mail."""
    either = re.compile(rf"(?P<mark>{_MARKS})|{pattern}", re.IGNORECASE)
    return either.sub(lambda found: found[0] if found["mark"] else replace(found[0]), text)


def _replaced(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    pieces: list[str] = []
    place = 0
    for start, end in spans:
        pieces += [text[place:start], mark]
        place = end
    return "".join([*pieces, text[place:]])


def _words_of(names: Iterable[str]) -> list[str]:
    words = {word for name in names for word in re.findall(r"[^\W\d_][\w'’-]+", name) if len(word) >= _SHORTEST_NAME}
    return sorted(words, key=len, reverse=True)
