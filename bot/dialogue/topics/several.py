"""Several things in one message: each question is answered, each problem logged under its own Tech Reference."""

from bot.dialogue.draft import FURTHER
from bot.dialogue.evidence import LookUp
from bot.dialogue.matters import Matter, another_problem
from bot.dialogue.plan import ISSUE_REFERENCE
from bot.dialogue.topics.about_support import ask_hours
from bot.dialogue.topics.further_problem import begin_further_draft
from bot.dialogue.topics.how_to import ask_whether_it_helped, look_up, record, say_answer
from bot.dialogue.topics.new_issue import report
from bot.dialogue.turn import Turn
from bot.triage.reading.segments import segments

MOST_QUESTIONS = 4
# Labels that a question gets when other words stand around it.
UNCERTAIN = ("report_issue", "inform", "nlu_fallback", "greet")


def says_several(turn: Turn) -> bool:
    """Return whether typed words hold several matters, each of which gets its due; not in the middle of questions."""
    if turn.by_rules or turn.is_choice or turn.in_form or turn.context.event is not None:
        return False
    kinds = [matter.kind for matter in _due(turn)]
    if kinds.count("problem") > 1 and turn.waiting:
        return False
    return len(kinds) > 1 and (len(set(kinds)) > 1 or kinds[0] in ("question", "problem"))


def answer_several(turn: Turn) -> None:
    """Answer the questions, then log the problems; a wish for a person takes the questions along."""
    due = _due(turn)
    problems = [matter.text for matter in due if matter.kind == "problem"]
    wants_person = any(matter.kind == "person" for matter in due)
    for matter in due:
        _answer(turn, matter)
    if problems:
        report(turn, words=problems[0])
        if problems[1:] and turn.draft is not None:
            turn.draft.save_answer(FURTHER, " ".join(problems[1:]), turn.said)
    elif wants_person:
        report(turn)
    elif not turn.in_form:
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
    opened = begin_further_draft(turn, former, words)
    turn.open_issue(opened)
    turn.say("utter_another_logged", reference=ISSUE_REFERENCE)
    turn.set_outcome("reference_given")
    turn.hand_off("issue logged")
    turn.ask_about(None)
    turn.go_on_with_questions()


def _due(turn: Turn) -> list[Matter]:
    """Return the matters that get an answer of their own; of the first questions those that the manual answers."""
    questions = [matter for matter in turn.matters if matter.kind == "question"][:MOST_QUESTIONS]
    met = [question for question in questions if _is_answered(turn, question)]
    return [matter for matter in turn.matters if matter.kind != "question" or matter in met]


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
