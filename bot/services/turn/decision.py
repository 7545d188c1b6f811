"""Decide a turn with the look-ups that it wants: each is made as soon as the decision asks for it."""

from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from bot.dialogue.context import TurnContext
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Answer, Evidence, LookUp, LookUpWanted, ManualResult, Nearness, NearnessLookUp
from bot.dialogue.plan import Plan
from bot.dialogue.reading import Reading
from bot.services.core.manual_search import Manual
from bot.services.manual.harm_warning import TIPS_PAGE, warning_for
from bot.services.understanding.request_nearness import nearness_to_requests
from bot.settings.support.support import Support
from bot.triage.reading.impact import Impact
from bot.triage.text.print_lines import plain
from knowledge_base.answers import MOST_STEPS
from knowledge_base.question_frames import without_product

if TYPE_CHECKING:
    from knowledge_base.answers import Answer as Found
    from knowledge_base.cures import Cure
    from knowledge_base.embedder import Embedded
    from knowledge_base.pieces import Piece

# Characters of the excerpt on a card.
LONGEST_EXCERPT = 200
MOST_LOOK_UPS = 24


async def decide_with_evidence(
    context: TurnContext, reading: Reading, support: Support, manual: Manual, embedded: "Embedded | None" = None
) -> tuple[Plan, Evidence]:
    """Return the plan, and the evidence that it rests on. Raises LookUpWanted for more than 24 look-ups.

    ``support`` and ``manual`` are those of the whole installation; of several products the turn's own are used.
    ``embedded`` is the message's embedding when the reader has made it.
    """
    evidence = Evidence()
    for _ in range(MOST_LOOK_UPS):
        try:
            return decide(context, reading, evidence, support), evidence
        except LookUpWanted as wanted:
            evidence = evidence.joined(wanted.look_up, await _made(wanted.look_up, context, manual, support, embedded))
    return decide(context, reading, evidence, support), evidence


async def _made(
    look_up: LookUp | NearnessLookUp,
    context: TurnContext,
    manual: Manual,
    support: Support,
    embedded: "Embedded | None",
) -> ManualResult | Nearness:
    view = support.for_product(context.product)
    if isinstance(look_up, NearnessLookUp):
        own = manual.within(view.manual_folder)
        return Nearness(await nearness_to_requests(own, view, look_up.text, embedded))
    # While nobody knows the product, the manual that answers best does.
    views = [view] if view.product_id is not None or not support.products else support.views[1:]
    found = [await _searched(look_up, manual.within(one.manual_folder), one, embedded) for one in views]
    return max(found, key=lambda one: (one.searched, one.warning is not None, one.confident, one.score))


async def _searched(look_up: LookUp, manual: Manual, support: Support, embedded: "Embedded | None") -> ManualResult:
    if look_up.harm:
        return await _warning(look_up, look_up.harm, manual, embedded)
    if look_up.cure:
        return await _cure(look_up, manual)
    if look_up.pages and look_up.code is None:
        return await _lines(look_up, manual)
    return await _cards(look_up, manual, support, embedded)


async def _warning(look_up: LookUp, harm: str, manual: Manual, embedded: "Embedded | None") -> ManualResult:
    found = await warning_for(manual, Impact(harm), look_up.question, embedded)
    if found is None:
        return ManualResult(searched=True)
    warning, page = found
    return ManualResult(searched=True, warning=warning, page=page)


async def _lines(look_up: LookUp, manual: Manual) -> ManualResult:
    found = await manual.find_lines(look_up.question, look_up.former, look_up.pages, look_up.read)
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


async def _cure(look_up: LookUp, manual: Manual) -> ManualResult:
    found = await manual.find_cure(look_up.question, (TIPS_PAGE,))
    if found is None:
        return ManualResult(searched=False)
    return ManualResult(
        searched=True,
        confident=found.confident,
        score=found.score,
        cards=tuple(
            {"title": _title(cure.piece), "url": cure.piece.url, "excerpt": _excerpt(cure.lines)}
            for cure in found.cures
        ),
        pages=tuple(cure.piece.page_slug for cure in found.cures),
        answer=_cure_answer(found.cures[0]) if found.cures else None,
    )


def _cure_answer(cure: "Cure") -> Answer:
    title, url = _title(cure.piece), cure.piece.url
    if not cure.steps:
        return Answer("passage", title, url, cure.passage)
    return Answer("steps", title, url, cure.steps[:MOST_STEPS], more_url=url if len(cure.steps) > MOST_STEPS else None)


async def _cards(look_up: LookUp, manual: Manual, support: Support, embedded: "Embedded | None") -> ManualResult:
    if look_up.code is not None:
        result = await manual.find_code(look_up.code, look_up.pages)
    else:
        result = await manual.answer(without_product(look_up.question, support.product), embedded, TIPS_PAGE)
    if result is None:
        return ManualResult(searched=False)
    return ManualResult(
        searched=True,
        confident=result.confident,
        score=result.score,
        cards=tuple(_card(one) for one in result.answers),
        pages=tuple(dict.fromkeys(one.page for one in result.answers)),
        answer=_answer(result.answers[0]) if result.answers else None,
    )


def _card(found: "Found") -> dict[str, str]:
    picture = {"picture": found.picture, "picture_text": found.picture_text} if found.picture else {}
    excerpt = _excerpt([found.decides] if found.decides else found.lines)
    return {"title": found.title, "url": found.url, "excerpt": excerpt, **picture}


def _excerpt(lines: Sequence[str]) -> str:
    return shorten(plain(" ".join(lines)), LONGEST_EXCERPT, placeholder=" …")


def _answer(found: "Found") -> Answer:
    shown = found.picture, found.picture_text
    return Answer(found.kind, found.title, found.url, found.lines, found.first, found.more_url, *shown)


def _title(piece: "Piece") -> str:
    if piece.heading and piece.heading != piece.page_title:
        return f"{piece.page_title}: {piece.heading}"
    return piece.page_title
