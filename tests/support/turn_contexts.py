"""Build turn contexts, and decide on them without engine and database; look-ups are answered by the test."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from bot.dialogue.context import (
    MAX_TEXT,
    AnswerState,
    DraftState,
    InboundMessage,
    IntakeState,
    IssueState,
    NamedReference,
    PressedChoice,
    ShownAnswer,
    TurnContext,
)
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Answer, Evidence, LookUp, LookUpWanted, ManualResult, Nearness, NearnessLookUp
from bot.dialogue.plan import Plan, Say, SayText
from bot.dialogue.reading import Reading
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from bot.triage.issue.requests import SentenceNearness
from bot.triage.privacy.confidence_words import asks_for_confidence
from bot.triage.reading.call_back import find_call_back
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.tech_reference import find_references

SUPPORT = load_support(Path("no-such-home"))
# A Wednesday, 10:00 in New York: the office is open. The Sunday before it is closed.
OPEN_AT = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
CLOSED_AT = datetime(2026, 6, 14, 14, 0, tzinfo=UTC)
REFERENCE, ANOTHER_REFERENCE, MISTYPED = "TR-483-920-179", "TR-180-340-632", "TR-483-920-172"
ESSENTIALS = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
CARD = {"title": "Printing: Margins", "url": "/manual/printing", "excerpt": "Choose the printer."}
ANSWER = Answer("steps", CARD["title"], CARD["url"], ("Choose the printer.", "Choose **Print**."))
FOUND = ManualResult(True, confident=True, score=0.8, cards=(CARD,), pages=("printing",), answer=ANSWER)
NOTHING = ManualResult(searched=True, confident=False, score=0.1, cards=(CARD,))
NO_INDEX = ManualResult(searched=False)
SHOWN = ShownAnswer("how do I choose a printer?", ("/manual/printing", "/manual/labels"), ("Printing", "Labels"))
SHOWN_FOR_TWO = replace(SHOWN, question="how do I choose a printer and how do I print labels?")
NOTHING_NEAR = Nearness((SentenceNearness("", {"wish": 0.0}, 0.0),))
LookedUp = Callable[[LookUp], ManualResult]


def message(text: str, message_id: int = 7, *, private: bool = False, own: IssueState | None = None) -> InboundMessage:
    """A message as the gateway reads it; ``own`` is the issue of the references in it."""
    return InboundMessage(
        id=message_id,
        revision=1,
        text=text[:MAX_TEXT],
        private=private,
        words=len(text.split()),
        details=SUPPORT.details_of(text),
        references=tuple(NamedReference(one.reference, one.valid, own) for one in find_references(text)),
        call_back=find_call_back(text),
        claims_contract=claims_contract(text),
        asks_confidence=asks_for_confidence(text),
    )


def burst(*texts: str) -> InboundMessage:
    """Messages of one batch as the gateway reads them, with the ids from 7 on."""
    parts = tuple(message(text, 7 + place) for place, text in enumerate(texts))
    return replace(message("\n".join(texts)), parts=parts)


def written(text: str, *, own: IssueState | None = None, private: bool = False, **more: Any) -> TurnContext:
    """A turn in which the customer wrote this."""
    return _context(message=message(text, private=private, own=own), **more)


def pressed(intent: str, title: str = "A button", *, fields: dict[str, Any] | None = None, **more: Any) -> TurnContext:
    """A turn in which the customer pressed a quick reply."""
    return _context(message=message(title), choice=PressedChoice(intent, fields or {}), **more)


def without_words(**more: Any) -> TurnContext:
    """A turn that no customer caused."""
    return _context(**more)


def _context(**more: Any) -> TurnContext:
    start = TurnContext(conversation_id="c", epoch=1, owner="assistant", now=OPEN_AT)
    return replace(start, **more)


def draft(state: str = "open", *, reference: str | None = None, **more: Any) -> DraftState:
    """A draft; ``answers`` are values by the question's id, anything else is a field of it."""
    answers = {name: AnswerState(value) for name, value in more.pop("answers", {}).items()}
    return DraftState(IntakeState(id=3, state=state, **more), answers, reference)


def logged(state: str = "open", *, answers: dict[str, str] | None = None, **more: Any) -> DraftState:
    """A draft of a problem with printing whose issue is logged."""
    more = {"category": "printing", **more}
    return draft(state, reference=REFERENCE, answers={**ESSENTIALS, **(answers or {})}, **more)


def issue(reference: str = REFERENCE, **more: Any) -> IssueState:
    fields = {"title": "it crashes when I print", "status": "waiting for a technician", "queue_place": None}
    return IssueState(reference, **{**fields, "last_words": None, "private": False, "resolved": False, **more})


def waits(**more: Any) -> dict[str, Any]:
    """Fields of a context whose issue is the second in the queue."""
    return {"owner": "queue", "queue_place": 2, "issue": issue(queue_place=2), "draft": logged("done"), **more}


def decided(
    context: TurnContext,
    intent: str = "",
    *,
    confidence: float = 0.95,
    ranking: tuple[str, ...] = (),
    by: Literal["engine", "rules"] = "engine",
    manual: ManualResult | LookedUp = FOUND,
    nearness: Nearness = NOTHING_NEAR,
    support: Support = SUPPORT,
) -> Plan:
    """Decide on a reading; every search has the result ``manual``, or what it makes of the look-up.

    A result finds no cure of a problem and no section of an error code.
    """
    chosen = context.choice.intent if context.choice is not None else "nlu_fallback"
    reading, evidence = Reading(intent or chosen, confidence, ranking, by), Evidence()
    while True:
        try:
            return decide(context, reading, evidence, support)
        except LookUpWanted as wanted:
            if isinstance(wanted.look_up, NearnessLookUp):
                evidence = evidence.joined(wanted.look_up, nearness)
                continue
            result = manual(wanted.look_up) if callable(manual) else _same(manual, wanted.look_up)
            evidence = evidence.joined(wanted.look_up, result)


def found_nothing_near(text: str) -> Evidence:
    """Evidence that the text is no request."""
    return Evidence({}, {text: NOTHING_NEAR})


def near(request: str, cosine: float = 0.9, *, other: float = 0.2, text: str = "") -> Nearness:
    """A text of one sentence that means what an example of this request says."""
    return Nearness((SentenceNearness(text, {request: cosine}, other),))


def _same(result: ManualResult, look_up: LookUp) -> ManualResult:
    return NOTHING if look_up.cure or look_up.code else result


def replies(plan: Plan) -> list[str]:
    """The reply in short: names of responses, texts of support.yml, and the kind of any other part."""
    return [_short(part) for part in plan.reply]


def _short(part: Any) -> str:
    if isinstance(part, Say):
        return part.response
    return part.text if isinstance(part, SayText) else str(part.kind)


def kinds(plan: Plan) -> list[str]:
    """The kinds of the plan's commands, in order."""
    return [command.kind for command in plan.commands]
