"""Extract the passage of a section to show as the answer: its best sentences, with the question's words marked."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge_base.words import tokenise_with_offsets

LONGEST_EXCERPT = 320
# A step's number ("3. ") does not end a sentence, nor does the dot in 12.2 or "e.g.".
_SENTENCE = re.compile(r"[^\n]+?(?:(?<=[^\d\s][.!?])(?<!e\.g\.)(?<!i\.e\.)(?=\s)|(?<=[。！？])|(?=\n)|\Z)")


@dataclass(frozen=True)
class Excerpt:
    """The same words as plain text and as HTML, which holds nothing but text and `<mark>`."""

    text: str
    html: str


def excerpt(text: str, asked: frozenset[str], rarity: Callable[[str], float]) -> Excerpt:
    """Return the stretch of whole sentences, at most LONGEST_EXCERPT characters, with most of the question's words.

    `asked` are the question's words as indexed, `rarity` gives the weight of each. A text that contains none of them
    (it was found by its meaning) is shown from its beginning.
    """
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text) if match[0].strip()]
    start, end = max(_stretches(sentences), key=_worth(text, asked, rarity), default=(0, 0))
    shown = text[start:end].strip()
    if len(shown) > LONGEST_EXCERPT:
        shown = shown[:LONGEST_EXCERPT].rsplit(None, 1)[0] + " …"
    return Excerpt(" ".join(shown.split()), _marked(" ".join(shown.split()), asked))


def _stretches(sentences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield from each sentence on the stretch that fits the limit, at least one sentence long."""
    for first, (start, end) in enumerate(sentences):
        for _, further in sentences[first + 1 :]:
            if further - start > LONGEST_EXCERPT:
                break
            end = further
        yield start, end


def _worth(
    text: str, asked: frozenset[str], rarity: Callable[[str], float]
) -> Callable[[tuple[int, int]], tuple[float, int]]:
    """Return the key that rates a stretch by the rarity of the asked words in it, each counted once; ties go to the
    earlier.
    """
    places = [(word, start) for word, start, _ in tokenise_with_offsets(text) if word in asked]

    def worth(stretch: tuple[int, int]) -> tuple[float, int]:
        held = {word for word, place in places if stretch[0] <= place < stretch[1]}
        return sum(rarity(word) for word in held), -stretch[0]

    return worth


def _marked(text: str, asked: frozenset[str]) -> str:
    parts: list[str] = []
    done = 0
    for word, start, end in tokenise_with_offsets(text):
        if word in asked:
            parts += [html.escape(text[done:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
            done = end
    return "".join([*parts, html.escape(text[done:])])
