"""Decide a turn with the look-ups that it wants: each is made as soon as the decision asks for it."""

from typing import TYPE_CHECKING

from bot.dialogue.context import TurnContext
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Answer, Evidence, LookUp, LookUpWanted, ManualResult
from bot.dialogue.plan import Plan
from bot.dialogue.reading import Reading
from bot.services.core.manual_search import Manual
from bot.services.manual.harm_warning import warning_for
from bot.settings.support.support import Support
from bot.triage.reading.impact import Impact

if TYPE_CHECKING:
    from knowledge_base.embedder import Embedded
    from knowledge_base.pieces import Piece
    from knowledge_base.search import Passage, Result

CARDS = 3
MOST_LOOK_UPS = 8


async def decide_with_evidence(
    context: TurnContext, reading: Reading, support: Support, manual: Manual, embedded: "Embedded | None" = None
) -> tuple[Plan, Evidence]:
    """Return the plan, and the evidence that it rests on. Raises LookUpWanted for more than eight look-ups.

    ``embedded`` is the message's embedding when the reader has made it.
    """
    evidence = Evidence()
    for _ in range(MOST_LOOK_UPS):
        try:
            return decide(context, reading, evidence, support), evidence
        except LookUpWanted as wanted:
            evidence = evidence.joined(wanted.look_up, await _made(wanted.look_up, manual, embedded))
    return decide(context, reading, evidence, support), evidence


async def _made(look_up: LookUp, manual: Manual, embedded: "Embedded | None") -> ManualResult:
    if look_up.harm:
        return await _warning(look_up, look_up.harm, manual, embedded)
    if look_up.pages and look_up.code is None:
        return await _lines(look_up, manual)
    return await _cards(look_up, manual, embedded)


async def _warning(look_up: LookUp, harm: str, manual: Manual, embedded: "Embedded | None") -> ManualResult:
    found = await warning_for(manual, Impact(harm), look_up.question, embedded)
    if found is None:
        return ManualResult(searched=True)
    warning, page = found
    return ManualResult(searched=True, warning=warning, page=page)


async def _lines(look_up: LookUp, manual: Manual) -> ManualResult:
    found = await manual.find_lines(look_up.question, look_up.former, look_up.pages)
    if found is None:
        return ManualResult(searched=False)
    if found.section is None:
        return ManualResult(searched=True)
    section, title = found.section, _title(found.section)
    return ManualResult(
        searched=True,
        confident=found.confident,
        score=found.score,
        cards=({"title": title, "url": section.url, "excerpt": " ".join(found.texts)},),
        pages=(section.page_slug,),
        answer=Answer("passage", title, section.url, found.texts) if found.confident or found.known else None,
    )


async def _cards(look_up: LookUp, manual: Manual, embedded: "Embedded | None") -> ManualResult:
    result = await _result(look_up, manual, embedded)
    if result is None:
        return ManualResult(searched=False)
    return ManualResult(
        searched=True,
        confident=result.confident,
        score=result.score,
        cards=tuple(
            {"title": _title(passage), "url": passage.url, "excerpt": passage.excerpt} for passage in result.passages
        ),
        pages=tuple(passage.page_slug for passage in result.passages),
        answer=_answer(result.passages[0]) if result.passages else None,
    )


async def _result(look_up: LookUp, manual: Manual, embedded: "Embedded | None") -> "Result | None":
    if look_up.code is not None:
        return await manual.find_code(look_up.code, look_up.pages)
    return await manual.find(look_up.question, CARDS, embedded, look_up.pages)


def _answer(passage: "Passage") -> Answer:
    return Answer("passage", _title(passage), passage.url, (passage.excerpt,))


def _title(passage: "Passage | Piece") -> str:
    if passage.heading and passage.heading != passage.page_title:
        return f"{passage.page_title}: {passage.heading}"
    return passage.page_title
