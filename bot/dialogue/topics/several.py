"""Several things in one message: each question is answered, each problem logged under its own Tech Reference."""

from bot.dialogue.evidence import LookUp
from bot.dialogue.intake.dispatch_message import dispatch_message
from bot.dialogue.matters import Matter, another_problem, before_another
from bot.dialogue.plan import ISSUE_REFERENCE
from bot.dialogue.topics.about_support import ask_hours
from bot.dialogue.topics.cure import show_codes
from bot.dialogue.topics.further_problem import begin_further_draft, keep_further
from bot.dialogue.topics.how_to import ask_whether_it_helped, look_up, record, say_answer
from bot.dialogue.topics.new_issue import report
from bot.dialogue.topics.question_in_form import answer_question
from bot.dialogue.topics.request import ask_contact_for, take_part
from bot.dialogue.turn import Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.segments import segments

MOST_QUESTIONS = 4
# Labels that a question gets when other words stand around it.
# Questions of these topics that stand beside a problem are part of what is told of it.
_OF_THE_PROBLEM = (Topic.WHY, Topic.WHERE, Topic.KNOWN, Topic.STATUS, Topic.PLACE, Topic.ASSISTANT, Topic.TIPS)
UNCERTAIN = ("report_issue", "inform", "nlu_fallback", "greet")


def says_several(turn: Turn) -> bool:
    """Return whether typed words hold several matters, each of which gets its due; not in the middle of questions."""
    if turn.by_rules or turn.is_choice or turn.in_form or turn.context.event is not None:
        return False
    kinds = [matter.kind for matter in turn.matters]
    if len(kinds) < 2 or (kinds.count("problem") > 1 and turn.waiting):
        return False
    met = [matter.kind for matter in _due(turn)]
    if not met or (len(met) == 1 and not _unmet(turn)):
        return False
    return len(set(met)) > 1 or met[0] in ("question", "problem")


def answer_several(turn: Turn) -> None:
    """Log the request, answer the questions, then log the problems; a wish for a person takes the questions along."""
    due = _due(turn)
    problems = [matter.text for matter in due if matter.kind == "problem"]
    person = next((matter.text for matter in due if matter.kind == "person"), None)
    requested = next(((matter.request, matter.text) for matter in due if matter.request is not None), None)
    if requested is not None:
        take_part(turn, *requested)
    for matter in due:
        _answer(turn, matter)
    if problems:
        report(turn, words=problems[0])
        if problems[1:] and turn.draft is not None:
            keep_further(turn, turn.draft, problems[1:])
            for further in problems[1:]:
                show_codes(turn, further)
        for question in _unmet(turn):
            answer_question(turn, question.text)
        return
    for question in _unmet(turn):
        turn.say("utter_manual_has_nothing_for", question=question.text)
    if person is not None:
        report(turn, words=person, told=False)
    elif requested is not None:
        # A problem, or who wants a person, is asked for an address anyway.
        ask_contact_for(turn, requested[0])
    else:
        ask_whether_it_helped(turn)


def asks_one_thing(turn: Turn) -> bool:
    """Return whether one question that the manual answers stands among words that say nothing else of their own."""
    if turn.by_rules or turn.is_choice or turn.in_form or turn.waiting or turn.intent not in UNCERTAIN:
        return False
    matters = turn.matters
    if [matter.kind for matter in matters] != ["question"] or len(segments(turn.typed)) == 1:
        return False
    return _is_answered(turn, matters[0])


def answer_one_thing(turn: Turn) -> None:
    look_up(turn, turn.matters[0].text)


def begins_another(turn: Turn) -> bool:
    """Return whether the words begin another problem, by their writer's own word, while an issue is logged."""
    if turn.by_rules or turn.is_choice or turn.draft is None or not turn.draft.logged:
        return False
    return another_problem(turn.support, turn.typed, turn.draft.problem) is not None


def log_another(turn: Turn) -> None:
    """Log another problem under its own Tech Reference; what is asked next is about it."""
    former = turn.draft
    words = another_problem(turn.support, turn.typed, former.problem) if former is not None else None
    if former is None or words is None:
        return
    _take_answer_before(turn, former)
    opened = begin_further_draft(turn, former, words)
    turn.open_issue(opened)
    turn.say("utter_another_logged", reference=ISSUE_REFERENCE)
    turn.set_outcome("reference_given")
    turn.hand_off("issue logged")
    turn.ask_about(None)
    turn.go_on_with_questions()


def _take_answer_before(turn: Turn, former: WorkingDraft) -> None:
    """Take what stands in front of another problem as the answer to the open question: "it's 12.1, and besides …"."""
    before = before_another(turn.support, turn.typed, former.problem)
    turn.answer_nothing()
    if before and turn.in_form:
        dispatch_message(former, turn.said.excerpt(before, turn.support.details_of(before)))


def _questions(turn: Turn) -> list[Matter]:
    return [matter for matter in turn.matters if matter.kind == "question"][:MOST_QUESTIONS]


def _due(turn: Turn) -> list[Matter]:
    """Return the matters that get an answer of their own; of the first questions those that the manual answers."""
    met = [question for question in _questions(turn) if _is_answered(turn, question)]
    return [matter for matter in turn.matters if matter.kind != "question" or matter in met]


def _unmet(turn: Turn) -> list[Matter]:
    """Return the questions that the manual does not answer, and that are none about the problem itself."""
    open_questions = [question for question in _questions(turn) if not _is_answered(turn, question)]
    return [question for question in open_questions if topic_asked(question.text) not in _OF_THE_PROBLEM]


def _is_answered(turn: Turn, question: Matter) -> bool:
    return turn.evidence.of(LookUp(question.text)).confident


def _answer(turn: Turn, matter: Matter) -> None:
    if matter.kind == "question":
        found = turn.evidence.of(LookUp(matter.text))
        record(turn, matter.text, found)
        say_answer(turn, found, heading=matter.text)
    elif matter.kind == "price":
        turn.say_coverage()
    elif matter.kind == "hours":
        ask_hours(turn)
