"""Tokenise and stem text, in the same way for pages and questions."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from whoosh.analysis.analyzers import Analyzer
from whoosh.analysis.filters import CharsetFilter, LowercaseFilter, StopFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.support.charset import accent_map

from bot.triage.text.plain_text import canonical

# Scripts that put no spaces between words; each of their characters counts as a word of its own.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = rf"(?:(?![{_UNSPACED}])[^\W_])+"
# A dot holds the numbers of a version together: 12.2.1, v12.2. Other joined names are their parts, so that each part
# finds them: nightly_export_folder, end.Next, invoice.pdf, QB7731 and QB-7731.
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W\d_]?\d+(?:\.\d+)+(?!\w)|[^\W\d_]{{2,}}(?=\d{{3,}}(?![^\W_]))|{_LETTERS}")
_LONGEST_WORD = 64
# Stop words that begin a question and say nothing of its subject. They count in ranking, with a weight near zero, and
# are not marked in an excerpt, where they would distract.
_QUESTION_WORDS = frozenset(
    [
        "am",
        "but",
        "d",
        "did",
        "do",
        "doe",
        "how",
        "i",
        "ll",
        "m",
        "me",
        "my",
        "pleas",
        "re",
        "s",
        "so",
        "t",
        "there",
        "ve",
        "wa",
        "were",
        "what",
        "where",
        "which",
        "who",
        "whi",
    ]
)


def stemming_analyzer() -> Analyzer:
    """Return the analyser of the index: lower case, no accents or stop words, English stems ("printing" is "print")."""
    plain = RegexTokenizer(_WORD) | LowercaseFilter() | StopFilter(minsize=1, maxsize=_LONGEST_WORD)
    return plain | CharsetFilter(accent_map) | StemFilter(cachesize=50_000)


def whole_word_analyzer() -> Analyzer:
    """Return the analyser of spelling suggestions: whole words as they are written, in lower case."""
    return RegexTokenizer(_WORD) | LowercaseFilter() | StopFilter(minsize=4, maxsize=24)


_STEMMING = stemming_analyzer()


def tokenise(text: str) -> list[str]:
    """Tokenise and stem a text in its canonical form, in order, repetitions included."""
    return [token.text for token in _STEMMING(canonical(text))]


def is_subject(word: str) -> bool:
    """Return False for the words that only make a sentence a question."""
    return word not in _QUESTION_WORDS


@lru_cache(maxsize=50_000)
def stem_word(word: str) -> str | None:
    """Stem one word as the index does; None for a stop word."""
    return next(iter(tokenise(word)), None)


def tokenise_with_offsets(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of a text, stemmed, with its start and end: for marking."""
    for match in _WORD.finditer(text):
        if (known := stem_word(match[0])) is not None:
            yield known, match.start(), match.end()


Synonyms = Mapping[str, frozenset[str]]


def synonym_groups(lines: Iterable[str]) -> Synonyms:
    """Return the synonyms of each word, stemmed, from lines such as `bill, invoice`; stop words are no synonyms."""
    groups: dict[str, frozenset[str]] = {}
    for line in lines:
        group = frozenset(word for entry in line.split(",") for word in tokenise(entry)[:1])
        for word in group:
            groups[word] = groups.get(word, frozenset()) | group
    return groups
