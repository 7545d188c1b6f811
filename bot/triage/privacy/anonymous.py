"""What a customer wrote, without what points at anybody: for people who only need to see how it was put.

Marks stand in square brackets. ``as_example`` puts everyday words in their place, because a sentence is taught as
customers write it and brackets mean something in Rasa's training data.
"""

import re
from collections.abc import Iterable

from bot.triage.privacy.redaction import CODE_MASK, NUMBER_MASK
from bot.triage.reading.contact_details import find_email, find_phone

EMAIL, PHONE, NAME, NUMBER, LINK = "[e-mail]", "[phone]", "[name]", "[number]", "[link]"
STAND_INS = {
    EMAIL: "someone@company.example",
    PHONE: "555-0142",
    NAME: "Alex",
    NUMBER: "12",
    LINK: "www.company.example",
    NUMBER_MASK: "12",
    CODE_MASK: "12",
}
LONGEST = 200

_LINK = re.compile(r"(?<!\w)(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/'’ -]?\d+)*")
# People introduce themselves: "this is Mia Jones from the bakery", "my name is mia".
_INTRODUCED = re.compile(
    r"(?P<before>\b(?:[Mm]y name(?: is|'s|’s)|[Ii] am called|[Tt]his is|[Ii](?:'|’)?m|[Ii] am|[Rr]egards,?|[Hh]ere is)"
    r"\s+)"
    r"(?P<name>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
)
_CALLED = re.compile(r"(?P<before>\bmy name(?: is|'s|’s)\s+)(?P<name>[\w'’-]+)", re.IGNORECASE)
_SHORTEST_NAME = 3
_MARKUP = re.compile(r"[\[\]{}<>`|]")


def anonymous(text: str, names: Iterable[str] = (), company: str | None = None) -> str:
    """The text in one line of at most 200 characters without e-mail addresses, links, telephone numbers and other
    numbers, without ``names`` (each word of them), the company's name, and what follows "my name is"."""
    shown = " ".join(text.split())
    while (address := find_email(shown)) is not None:
        shown = shown.replace(address, EMAIL)
    shown = _LINK.sub(LINK, shown)
    while (phone := find_phone(shown)) is not None:
        shown = shown.replace(phone, PHONE)
    for pattern in (_INTRODUCED, _CALLED):
        shown = pattern.sub(lambda found: found["before"] + NAME, shown)
    for name in [*([company] if company else []), *_words_of(names)]:
        shown = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME, shown, flags=re.IGNORECASE)
    shown = _NUMBER.sub(NUMBER, shown)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1].rstrip() + "…"


def as_example(shown: str) -> str:
    """An anonymous sentence as one to learn from: stand-ins for the marks, nothing that training data could misread."""
    for mark, stand_in in STAND_INS.items():
        shown = shown.replace(mark, stand_in)
    return " ".join(_MARKUP.sub(" ", shown).removesuffix("…").split()).lstrip("/-# ")


def same(shown: str) -> str:
    """What two ways of writing one sentence have in common: words and marks, in small letters."""
    return " ".join(re.findall(r"\[[^\[\]]{1,40}\]|[\w'’]+", shown.casefold()))


def _words_of(names: Iterable[str]) -> list[str]:
    words = {word for name in names for word in re.findall(r"[^\W\d_][\w'’-]+", name) if len(word) >= _SHORTEST_NAME}
    return sorted(words, key=len, reverse=True)
