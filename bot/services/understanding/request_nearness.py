"""Compare what a customer wrote with the examples of the requests in support.yml, by meaning.

The examples are embedded once for each state of the settings, so that an operator's edit holds from the next message on
and needs no training.
"""

import re

from bot.services.core.manual_search import Manual
from bot.settings.support.support import Support
from bot.triage.issue.requests import SentenceNearness
from knowledge_base.embedder import Embedded, Vectors

MOST_SENTENCES = 6
FEWEST_WORDS = 2
_SENTENCE_END = re.compile(r"[.?!:;](?=\s)|\n")


async def nearness_to_requests(
    manual: Manual, support: Support, text: str, embedded: Embedded | None
) -> tuple[SentenceNearness, ...]:
    """Return the nearness of the text and of each of its first six sentences; nothing without the embedding.

    ``embedded`` is the text's embedding if the caller has it.
    """
    taught = await embed_examples(manual, support)
    if taught is None:
        return ()
    rows = {text: embedded.vector} if embedded is not None and embedded.is_of(text) else {}
    texts = [text, *sentences_of(text)]
    missing = [one for one in dict.fromkeys(texts) if one not in rows]
    vectors = await manual.meanings(missing) if missing else ()
    if vectors is None:
        return ()
    rows.update(zip(missing, vectors, strict=True))
    return tuple(_compared(one, rows[one], taught, support) for one in texts)


async def embed_examples(manual: Manual, support: Support) -> Vectors | None:
    """Return the embedded examples, made once for each state of the settings; None without embedding or requests."""
    return await manual.kept_meanings(_taught(support)) if support.requests else None


def sentences_of(text: str) -> list[str]:
    """Return the first six sentences of two words at least; none when the text is a single sentence."""
    found = [" ".join(part.split()) for part in _SENTENCE_END.split(text)]
    return [part for part in found if len(part.split()) >= FEWEST_WORDS][:MOST_SENTENCES] if len(found) > 1 else []


def _taught(support: Support) -> tuple[str, ...]:
    """Return the examples of the requests, request by request, then the sentences that are none."""
    examples = (example for request in support.requests for example in request.examples)
    return (*examples, *(sentence for request in support.requests for sentence in request.unlike))


def _compared(text: str, vector: Vectors, taught: Vectors, support: Support) -> SentenceNearness:
    """Compare with ``taught``: the rows of each request's examples in order, then those of what is none."""
    cosines, near, start = taught @ vector, {}, 0
    for request in support.requests:
        near[request.id] = float(cosines[start : start + len(request.examples)].max())
        start += len(request.examples)
    return SentenceNearness(text, near, float(cosines[start:].max()) if len(cosines) > start else 0.0)
