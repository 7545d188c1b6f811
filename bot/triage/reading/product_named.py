"""Read which of several products a message names, and whether it says nothing else."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

Names = Mapping[str, Sequence[str]]

_WORD = re.compile(r"\w+(?:['’]\w+)?")
# What stands around a name in a message that only says which product is meant.
_AROUND = frozenset(
    (
        *("a", "about", "actually", "all", "am", "and", "app", "application", "as", "asking", "at", "but", "edition"),
        *("for", "from", "hello", "hi", "i", "i'd", "i'm", "in", "is", "issue", "it", "it's", "its", "just"),
        *("mean", "meant", "mine", "no", "nope", "of", "oh", "ok", "okay", "on", "one", "only", "ours", "please"),
        *("problem", "product", "program", "question", "rather", "software", "sorry", "talking", "thank", "thanks"),
        *("that", "that's", "the", "this", "to", "tool", "use", "using", "version", "was", "we", "we're", "well"),
        *("with", "working", "wrong", "yes", "you", "your", "isn't", "not", "instead", "than", "other"),
    )
)
# Before an ordinary word that happens to be a product's name as well, written small: "the ledger does not balance".
_ORDINARY = re.compile(r"\b(?:the|an?|my|our|your|his|her|their|its|general|each|every|this|that|no) $", re.IGNORECASE)
_A_PROGRAM = re.compile(r" (?:app|application|edition|product|program|software|tool|version)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|isn['’]?t|is no|rather than|instead of|other than|no longer)"
    r"(?: (?:about|for|in|with|on|to|the|using|a))? $",
    re.IGNORECASE,
)
_NO_IDEA = re.compile(
    r"(?:i |we )?(?:really )?(?:do not|don['’]?t|dont) know(?: (?:which|that|it))?|(?:i have |i['’]?ve )?no idea|"
    r"(?:i['’]?m |i am )?not (?:really )?sure|unsure|skip(?: (?:this|that|it))?|neither|none(?: of (?:them|these))?|"
    r"both|(?:all|any|either)(?: of them)?|other|another(?: one)?|something else|whatever",
    re.IGNORECASE,
)
_LONGEST_LOOK = 40


def products_named(text: str, names: Names) -> tuple[str, ...]:
    """Return the ids of the products that the text names, in the order of their first mention; none that it rules out.

    A name is found in any letters. One that is written small behind "the" or "my" is taken for an ordinary word.
    """
    found: dict[str, None] = {}
    for match in _pattern(_key(names)).finditer(text):
        if not _NEGATED.search(_before(text, match)) and not _is_ordinary(text, match):
            found[_owner(match[0], names)] = None
    return tuple(found)


def product_said_alone(text: str, names: Names) -> str | None:
    """Return the product when the text says no more than which one is meant: "no, it is about Ledger"."""
    named = products_named(text, names)
    rest = _pattern(_key(names)).sub(" ", text)
    if len(named) != 1 or any(word.casefold().replace("’", "'") not in _AROUND for word in _WORD.findall(rest)):
        return None
    return named[0]


def says_no_product(text: str) -> bool:
    """Return whether the text says no more than that nobody knows, or that it is none of them."""
    return _NO_IDEA.fullmatch(text.strip(" .!,?")) is not None


def _key(names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for of_one in names.values() for name in of_one))


@lru_cache(maxsize=16)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    each = "|".join(r"\s{1,3}".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE)


def _owner(words: str, names: Names) -> str:
    said = " ".join(words.split()).casefold()
    return next(one for one, of_one in names.items() if any(" ".join(n.split()).casefold() == said for n in of_one))


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _LONGEST_LOOK) : match.start()]


def _is_ordinary(text: str, match: re.Match[str]) -> bool:
    if not match[0].islower() or _A_PROGRAM.match(text[match.end() : match.end() + _LONGEST_LOOK]):
        return False
    return _ORDINARY.search(_before(text, match)) is not None
