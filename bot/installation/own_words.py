"""Gather the installation's own words for the carriers: its manual's headings, its product's name, its keywords.

A bounded sample is drawn by a hash, so that a small change of the manual changes it little. The words of the model in
use are stored with it and stay in use until the installation's words differ much: a page more or less trains nothing,
nor does a home that was copied or restored.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.installation.carriers import Word, trade_words
from bot.installation.manual_pages import manual_pages, manuals, pages_stamp
from bot.installation.places import model_file
from bot.services.understanding.learned_examples import list_intents
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from knowledge_base.pages import Page, PageUnreadable
from knowledge_base.sources import SourceError

# The most words of a kind.
MOST = {"task": 120, "thing": 120, "question": 40, "name": 12}
MOST_WORDS_OF_A_HEADING = 9
# A heading of so many pages ("See also") says nothing of any.
TOO_COMMON = 3
# Stored words stay in use while at least this share of them and of the present ones is common to both.
SIMILAR = 0.6
_NUMBERING = re.compile(r"^(?:step )?[\divx]+(?:\.\d+)*[.):]?\s+", re.IGNORECASE)
_HOW_TO = re.compile(r"^how (?:to|do i|do you|can i|can you) ", re.IGNORECASE)
# A heading that begins so is a sentence or a condition.
_NO_THING = frozenset(
    (
        *("if", "when", "where", "what", "which", "while", "before", "after", "you", "we", "it", "it's", "there"),
        *("nobody", "somebody", "do", "don't", "is", "are", "on", "in", "at", "as", "once", "how", "why", "who"),
        *("for", "from", "to", "with", "without", "first", "then", "tell"),
    )
)
_ARTICLES = frozenset(("the", "a", "an", "my", "our", "your", "this", "that", "all", "two", "one"))
_AFTER_TO = re.compile(r"\b(?:how (?:do|can|would) (?:i|we|you|one)|to) ([a-z]{3,})\b")
_CODE = re.compile(r"\d")
_NOT_A_WORD = re.compile(r"[*|<>\[\](){}/\\]")


def words_for_training(home: Path) -> list[Word]:
    """Return the words to train with: those stored with the model in use, unless the present ones differ much.

    While the manual or support.yml cannot be read, the stored ones. Reads the pages only when they may have changed.
    """
    stamp, kept = _read(_file(home))
    now = _stamp(home)
    if stamp == now:
        return kept
    present = own_words(home)
    return kept if present is None or _are_similar(kept, present) else present


def store_words(home: Path, words: Iterable[Word]) -> None:
    """Store the words of the model that has just been put to use."""
    content = {"stamp": _stamp(home), "words": [[word.kind, word.text] for word in words]}
    _file(home).write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")


def own_words(home: Path) -> list[Word] | None:
    """Return the installation's words, sorted; None while its manual or support.yml cannot be read."""
    try:
        support = load_support(home)
        pages = [page for one in manuals(support) for page in manual_pages(home, one)]
    except (PageUnreadable, SourceError, SettingsError):
        return None
    headings = words_of_pages(pages)
    spoken = " ".join(word.text.casefold() for word in headings)
    views = support.views[1:] or support.views
    of_settings = [word for view in views for word in (Word("name", view.product), *_of_categories(view, spoken))]
    return sample([*of_settings, *headings])


def words_of_pages(pages: Iterable[Page]) -> list[Word]:
    """Return the headings of a manual as tasks, questions and things."""
    verbs = verbs_of_tasks()
    headings = Counter(heading for page in pages for heading in {section.heading for section in page.sections})
    found = [word_of_heading(heading, verbs) for heading, times in headings.items() if times < TOO_COMMON]
    return [word for word in found if word is not None]


def verbs_of_tasks() -> set[str]:
    """Return what begins a task: of the trades' tasks, and in our own questions what follows "how do I" and "to"."""
    asked = " ".join(list_intents()["how_to"]).casefold()
    of_trades = {word.text.split()[0].casefold() for word in trade_words() if word.kind == "task"}
    return (of_trades | set(_AFTER_TO.findall(asked))) - _NO_THING - _ARTICLES


def sample(words: Iterable[Word]) -> list[Word]:
    """Return at most ``MOST`` words of each kind, chosen by their hash, sorted."""
    drawn: list[Word] = []
    different = set(words)
    for kind, most in MOST.items():
        of_kind = sorted((word for word in different if word.kind == kind), key=_hash)
        drawn += of_kind[:most]
    return sorted(drawn)


def _of_categories(support: Support, headings: str) -> list[Word]:
    """Return the categories' titles, and their plain keywords that a heading has: others may be no things."""
    of_titles = [Word("thing", category.title.casefold()) for category in support.categories]
    keywords = {word for category in support.categories for word in category.keywords}
    return of_titles + [Word("thing", word) for word in keywords if re.search(rf"\b{re.escape(word)}\b", headings)]


def word_of_heading(heading: str, verbs: set[str]) -> Word | None:
    """Return a heading as a task that begins with one of the verbs, a question or a thing; None when it is neither."""
    text = _NUMBERING.sub("", " ".join(heading.split())).strip(" .:")
    if not text or _NOT_A_WORD.search(text) or len(text.split()) > MOST_WORDS_OF_A_HEADING or len(text) < 4:
        return None
    if how := _HOW_TO.match(text):
        return Word("task", text[how.end() :].rstrip("?"))
    if text.endswith("?"):
        return Word("question", _lower_first(text.rstrip("?")))
    first, _, rest = text.partition(" ")
    verb = next((verb for verb in _bases(first.casefold()) if verb in verbs), None)
    if verb and rest:
        return Word("task", f"{verb} {rest}")
    return None if first.casefold() in _NO_THING or _CODE.search(text) else Word("thing", _lower_first(text))


def _bases(word: str) -> list[str]:
    """Return a word and, of an -ing form, the verbs that it may be of."""
    if not word.endswith("ing"):
        return [word]
    stem = word.removesuffix("ing")
    return [word, stem, f"{stem}e", stem[:-1]]


def _lower_first(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _are_similar(kept: list[Word], present: list[Word]) -> bool:
    one, other = set(kept), set(present)
    return bool(one) and len(one & other) / len(one | other) >= SIMILAR


def _stamp(home: Path) -> str:
    own = home / "support.yml"
    written = own.stat().st_mtime_ns if own.exists() else 0
    try:
        support = load_support(home)
    except SettingsError:
        return f"unusable|{written}"
    stamps = "|".join(pages_stamp(home, one) for one in manuals(support))
    return f"{stamps}|{written}"


def _read(file: Path) -> tuple[str | None, list[Word]]:
    if not file.exists():
        return None, []
    content = json.loads(file.read_text(encoding="utf-8"))
    return content["stamp"], [Word(kind, text) for kind, text in content["words"]]


def _file(home: Path) -> Path:
    return model_file(home).with_suffix("").with_suffix(".words.json")


def _hash(word: Word) -> bytes:
    return hashlib.sha256(word.text.encode()).digest()
