"""Whatever the context and the reading: a plan is made, always the same one, and it survives the way over the wire."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.dialogue.context import (
    GIVEN_BACK,
    KNOWN_PROBLEM_OVER,
    REFERENCE_UNTOLD,
    AnswerState,
    AskedQuestion,
    ColleagueIssue,
    DraftState,
    InboundMessage,
    IntakeState,
    IssueState,
    KnownProblemState,
    NamedReference,
    PressedChoice,
    TurnContext,
    UnpromptedEvent,
    context_as_json,
    context_of_json,
)
from bot.dialogue.draft import CALL_BACK, CATEGORY, CONTACT, PRIVATE_PROBLEM, PROBLEM, SINCE, SUMMARY
from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.intake.corrections import WHICH_LINE
from bot.dialogue.plan import DRAFT_ID, ISSUE_REFERENCE, BeginDraft, OpenIssue, Plan, plan_as_json, plan_of_json
from bot.dialogue.reading import NOT_UNDERSTOOD
from tests.support.turn_contexts import (
    ANOTHER_REFERENCE,
    ANSWER,
    CARD,
    CLOSED_AT,
    OPEN_AT,
    REFERENCE,
    SUPPORT,
    decided,
    issue,
    message,
)

DOMAIN = YAML(typ="safe").load((Path(__file__).parents[3] / "domain.yml").read_text(encoding="utf-8"))
LABELS = (*DOMAIN["intents"], NOT_UNDERSTOOD)
BUTTONS = (
    "answer_question",
    "skip_question",
    "private_answer",
    "correct_line",
    "known_problem",
    "confirm_summary",
    "new_issue",
    "not_solved",
    "solved",
    "leave_queue",
    "how_to",
    "report_issue",
    "ask_person",
    "continue_issue",
    "ask_hours",
    "ask_status",
    "ask_coverage",
)
TEXTS = (
    "hello",
    "yes",
    "no",
    "no, it still crashes when I print labels",
    "it crashes when I print",
    "we lost all invoices of last year",
    "the import is still running, shall I switch it off?",
    "kim@brightsons.example",
    "call me tomorrow at 3 pm on 212 555 0134",
    "version 12.2.1 since Monday",
    "we have a support contract",
    "where do I find the version?",
    "wrong e-mail",
    "Guten Tag, unser Programm startet nicht mehr",
    "I already told you",
    "a person please, nothing works",
    f"{REFERENCE} it happened again with the other printer today",
    "between us, I deleted the file",
    "That is right",
    "Change something",
    "That's mine too",
    "Skip this",
    "printing",
    "?",
    "",
)
STEPS = (PROBLEM, CONTACT, CATEGORY, SUMMARY, WHICH_LINE, SINCE, CALL_BACK, *SUPPORT.questions)
PENDING = (
    "did_it_help",
    "say_it_differently",
    "helped_at_last",
    "fixed_by_technician",
    "anything_else",
    "unsure",
    "apologised",
)
SEARCHED = (
    ManualResult(searched=False),
    ManualResult(searched=True, confident=False, score=0.2, cards=(CARD,)),
    ManualResult(searched=True, confident=True, score=0.9, cards=(CARD, CARD), answer=ANSWER),
)
WARNED = (ManualResult(searched=True), ManualResult(searched=True, warning="Do not save.", page="Data"))

texts = st.one_of(st.sampled_from(TEXTS), st.lists(st.sampled_from(TEXTS), max_size=3).map(" ".join))
answers = st.dictionaries(
    st.sampled_from((PROBLEM, PRIVATE_PROBLEM, CONTACT, SINCE, CALL_BACK, *SUPPORT.questions)),
    st.builds(
        AnswerState,
        st.sampled_from(("it crashes when I print", "kim@brightsons.example", "12.2", "skip")),
        st.sampled_from(("answered", "unknown", "skipped")),
        st.sampled_from(("everyone", "technician")),
        st.one_of(st.none(), st.integers(1, 9)),
    ),
    max_size=6,
)
intakes = st.builds(
    IntakeState,
    id=st.just(3),
    state=st.sampled_from(("open", "kept", "done")),
    version=st.integers(1, 5),
    category=st.one_of(st.none(), st.sampled_from([*SUPPORT.category_entries, "gone"])),
    wants_person=st.booleans(),
    asking=st.one_of(st.none(), st.sampled_from((*STEPS, "gone"))),
    asking_private=st.booleans(),
    misses=st.integers(0, 2),
    brief=st.booleans(),
    known_problem_id=st.one_of(st.none(), st.just(5)),
    known_problem_offered=st.one_of(st.none(), st.just(5)),
)
issues = st.builds(
    issue,
    st.sampled_from((REFERENCE, ANOTHER_REFERENCE)),
    queue_place=st.one_of(st.none(), st.just(2)),
    last_words=st.one_of(st.none(), st.just("Try it again.")),
    private=st.booleans(),
    resolved=st.booleans(),
)
named = st.builds(
    NamedReference,
    st.sampled_from((REFERENCE, ANOTHER_REFERENCE)),
    st.booleans(),
    st.one_of(st.none(), issues),
    st.one_of(st.none(), st.just(ColleagueIssue(REFERENCE, "Printing", "in progress"))),
)
problems = st.lists(
    st.sampled_from(
        (
            KnownProblemState(5, "Labels print blank", "We work on it.", None, ()),
            KnownProblemState(6, "It crashes when I print", "An update comes.", "printing", ("12.2",)),
        )
    ),
    max_size=2,
    unique=True,
).map(tuple)


@st.composite
def messages(draw: st.DrawFn, message_id: int) -> InboundMessage:
    found = message(draw(texts), message_id, private=draw(st.booleans()))
    shown = draw(st.lists(named, min_size=len(found.references), max_size=len(found.references)))
    return InboundMessage(**{**found.__dict__, "references": tuple(shown)})


@st.composite
def choices(draw: st.DrawFn) -> PressedChoice:
    fields: dict[str, Any] = {
        "intake": draw(st.sampled_from((2, 3))),
        "version": draw(st.integers(1, 5)),
        "question": draw(st.sampled_from((*STEPS, "gone"))),
        "value": draw(st.sampled_from(("printing", "12.2", "gone"))),
        "problem": draw(st.sampled_from((5, 6))),
    }
    kept = draw(st.sets(st.sampled_from(sorted(fields))))
    return PressedChoice(draw(st.sampled_from(BUTTONS)), {name: fields[name] for name in sorted(kept)})


def draft_of(intake: IntakeState, given: dict[str, AnswerState], *, is_logged: bool) -> DraftState:
    """A draft is logged with the essentials alone, and only then is its summary shown."""
    if not {CONTACT} <= given.keys() or not {PROBLEM, PRIVATE_PROBLEM} & given.keys():
        is_logged = False
    return DraftState(intake, given, REFERENCE if is_logged else None)


events = st.builds(
    UnpromptedEvent,
    st.sampled_from((GIVEN_BACK, KNOWN_PROBLEM_OVER, REFERENCE_UNTOLD)),
    st.just("Ana"),
    st.sampled_from(("", "try again")),
    st.just("Labels"),
    st.just("Fixed."),
    st.just(REFERENCE),
)


@st.composite
def contexts(draw: st.DrawFn) -> TurnContext:
    event = draw(st.one_of(st.none(), st.none(), events))
    draft = draw(st.one_of(st.none(), st.builds(draft_of, intakes, answers, is_logged=st.booleans())))
    waiting = draw(st.booleans())
    has_issue = waiting or (draft is not None and draft.reference is not None)
    own: IssueState | None = draw(issues if has_issue else st.one_of(st.none(), issues))
    pressed = None if event else draw(st.one_of(st.none(), choices()))
    return TurnContext(
        conversation_id="c",
        epoch=1,
        owner="queue" if waiting else "assistant",
        now=draw(st.sampled_from((OPEN_AT, CLOSED_AT))),
        message=None if event else draw(messages(7)),
        about=draw(st.one_of(st.none(), messages(4))) if pressed else None,
        choice=pressed,
        event=event,
        unseen_question=not event and draw(st.booleans()),
        mood=draw(st.sampled_from((None, "frustrated"))),
        outcome=draw(st.sampled_from((None, "solved"))),
        pending=draw(st.one_of(st.none(), st.sampled_from(PENDING))),
        reference_misses=draw(st.integers(0, 3)),
        time_zone=draw(st.sampled_from((None, "Europe/Berlin", "nowhere"))),
        draft=draft,
        issue=own,
        newest_issue=draw(st.one_of(st.none(), issues)),
        queue_place=2 if waiting else None,
        known_contact=draw(st.one_of(st.none(), st.just("kim@brightsons.example"))),
        unsolved=tuple(draw(st.lists(st.builds(AskedQuestion, texts, st.booleans()), max_size=2))),
        last_search_open=draw(st.booleans()),
        known_problems=draw(problems),
        abuse=draw(st.integers(0, 3)),
        fingerprint="f",
    )


@st.composite
def turns(draw: st.DrawFn) -> tuple[TurnContext, dict[str, Any]]:
    context = draw(contexts())
    searched, warned = draw(st.sampled_from(SEARCHED)), draw(st.sampled_from(WARNED))

    def look_up(wanted: LookUp) -> ManualResult:
        return warned if wanted.harm else searched

    read = {
        "intent": context.choice.intent if context.choice else draw(st.sampled_from(LABELS)),
        "confidence": draw(st.sampled_from((0.3, 0.6, 0.95))),
        "ranking": tuple(draw(st.lists(st.sampled_from(LABELS), max_size=4))),
        "by": draw(st.sampled_from(("engine", "engine", "rules"))),
        "manual": look_up,
    }
    return context, read


@given(turns())
def test_a_turn_is_decided(turn: tuple[TurnContext, dict[str, Any]]) -> None:
    context, read = turn
    plan = decided(context, **read)
    assert bool(plan.reply) or plan.silent
    assert decided(context, **read) == plan
    assert decided(_over_the_wire(context), **read) == plan
    assert plan_of_json(json.loads(json.dumps(plan_as_json(plan)))) == plan
    _names_only_what_will_exist(context, plan)


def _over_the_wire(context: TurnContext) -> TurnContext:
    back = context_of_json(json.loads(json.dumps(context_as_json(context))))
    assert back == context
    return back


def _names_only_what_will_exist(context: TurnContext, plan: Plan) -> None:
    """A reference of this turn needs an issue that it opens, a draft's id a draft."""
    said = json.dumps(plan_as_json(plan)["reply"])
    opens = any(isinstance(command, OpenIssue) for command in plan.commands)
    assert opens or ISSUE_REFERENCE.ref not in said
    has_draft = context.draft is not None or any(isinstance(command, BeginDraft) for command in plan.commands)
    assert has_draft or DRAFT_ID.ref not in said


@given(contexts(), st.sampled_from(LABELS))
def test_a_decision_leaves_its_context_as_it_was(context: TurnContext, intent: str) -> None:
    before = context_as_json(context)
    decided(context, intent)
    assert context_as_json(context) == before
