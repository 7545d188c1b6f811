"""Take the trade out of a sentence: its form is the words that people of every trade use, with gaps between them.

"How do I reprint an invoice" and "how do I descale the boiler" have one form. The common words are found in the
examples: those of many intents are nobody's trade.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

# A common word is in so many examples, of so many intents.
FEWEST_EXAMPLES, FEWEST_INTENTS = 12, 6
_GAP, _NUMBER, _BEGIN, _END = "_", "#", "<", ">"
_WORD = re.compile(r"[a-z0-9']+|[?!.,:]")


def common_words(texts: Sequence[str], intents: Sequence[str]) -> list[str]:
    """Return the words that belong to no trade, sorted."""
    examples, of_intents = Counter[str](), defaultdict[str, set[str]](set)
    for text, intent in zip(texts, intents, strict=True):
        for word in set(_WORD.findall(text.casefold())):
            examples[word] += 1
            of_intents[word].add(intent)
    return sorted(
        word for word in examples if examples[word] >= FEWEST_EXAMPLES and len(of_intents[word]) >= FEWEST_INTENTS
    )


def form_of(text: str, common: Collection[str]) -> str:
    """Return the form: common words, "#" for a number, "_" for any run of other words, between "<" and ">"."""
    form = [_BEGIN]
    for word in _WORD.findall(text.casefold()):
        part = word if word in common else _NUMBER if word[0].isdigit() else _GAP
        if part != _GAP or form[-1] != _GAP:
            form.append(part)
    return " ".join([*form, _END])
