"""Which of several products it is about: read from the words, else asked once, and changed on request.

A question is asked before the manual is searched; the gateway then takes it once more, as it was written, with the
product. A problem is logged first: its reference does not wait for an answer.
"""

from collections.abc import Mapping

from bot.dialogue.draft import OTHER, PRODUCT
from bot.dialogue.plan import Choice, NoteProduct, Value
from bot.dialogue.topics.question import is_about_product
from bot.dialogue.turn import Turn
from bot.triage.issue.routing import categorise
from bot.triage.reading.impact import assess
from bot.triage.reading.product_named import says_no_product


def note(turn: Turn) -> None:
    """Have the product of this turn remembered, if it is another than before."""
    if turn.context.product != turn.context.product_before:
        turn.do(NoteProduct(turn.context.product))


def is_unclear(turn: Turn) -> bool:
    """Return whether the manual of a product is to be searched, and nobody knows of which one."""
    if not turn.context.products_here or not turn.typed or turn.by_rules or turn.in_form or turn.waiting:
        return False
    if turn.open_issue_state is not None or turn.typed_references or assess(turn.typed, {}) is not None:
        return False
    asks_the_manual = turn.intent == "how_to" or is_about_product(turn.typed)
    return asks_the_manual and turn.request is None


def ask(turn: Turn) -> None:
    """Ask which product the question is about; the answer leads back to the question."""
    _put(turn, {"about": turn.message_id} if turn.message_id is not None else {})


def is_to_be_asked(turn: Turn) -> bool:
    """Return whether an issue is logged whose product nobody knows, so that it is asked before anything else."""
    return bool(turn.context.products_here) and turn.draft is not None and turn.draft.logged and turn.foreign is None


def ask_for_issue(turn: Turn) -> None:
    """Ask which product the issue is about, as its first question."""
    turn.leave_question_open()
    _put(turn, {})


def is_answered(turn: Turn) -> bool:
    """Return whether the message only says which product is meant, or that it cannot say."""
    if turn.context.product_alone:
        return True
    if turn.is_choice:
        return bool(turn.field("question") == PRODUCT)
    return turn.pending == PRODUCT and bool(turn.typed) and says_no_product(turn.typed)


def settle(turn: Turn) -> None:
    """Let the issue go where the product's own categories lead it, and go on with the questions."""
    turn.ask_about(None)
    if turn.context.product is None:
        turn.say("utter_product_left_open")
    else:
        turn.say("utter_product_noted", product=turn.support.product)
        _route_again(turn)
    if turn.in_form:
        turn.go_on_with_questions()


def say_changed(turn: Turn) -> None:
    """Begin the reply with the product, when it is another than the conversation was about."""
    before, now = turn.context.product_before, turn.context.product
    if before is not None and now is not None and before != now and not turn.context.product_alone:
        turn.say_first("utter_product_noted", product=turn.support.product)


def _route_again(turn: Turn) -> None:
    draft = turn.draft
    if draft is None or not draft.has_problem or turn.open_issue_state is None:
        return
    found = categorise(draft.problem, turn.office.categories)
    if found is not None and found.id != draft.intake.category:
        draft.set_category(found.id)
    elif draft.intake.category is not None and draft.intake.category not in turn.office.issue_kinds:
        draft.set_category(OTHER)


def _put(turn: Turn, about: Mapping[str, Value]) -> None:
    turn.do(NoteProduct(None))
    turn.ask_about(PRODUCT)
    target: dict[str, Value] = {"question": PRODUCT, **about}
    choices = [
        Choice(turn.office.product_title(one), "answer_question", {**target, "value": one})
        for one in turn.context.products_here
    ]
    turn.say("utter_ask_product", choices=[*choices, Choice(turn.support.buttons.skip, "skip_question", target)])
