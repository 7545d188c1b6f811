"""Small talk: hello and goodbye, is this a robot."""

from bot.dialogue.draft import KEPT
from bot.dialogue.plan import Choice
from bot.dialogue.topics.asking import log_as_it_is
from bot.dialogue.topics.frustration import stand_by
from bot.dialogue.turn import Turn
from bot.triage.reading.courtesies import says_farewell
from bot.triage.reading.person_wish import wishes_person
from bot.triage.reading.question_topics import Topic, topic_asked


def bot_challenge(turn: Turn) -> None:
    turn.say("utter_i_am_an_assistant", name=turn.support.assistant_name)


def asks_who_answers(turn: Turn) -> bool:
    """Return whether the words ask if a person or a machine answers here, whatever their label."""
    return bool(turn.typed) and topic_asked(turn.typed) is Topic.ASSISTANT and not wishes_person(turn.typed)


def greet(turn: Turn) -> None:
    """Greet; mention the unfinished draft of a returning customer."""
    draft, issue, buttons = turn.draft, turn.context.issue, turn.support.buttons
    if turn.in_form:
        turn.say("utter_hello_again")
    elif draft is not None and draft.intake.state == KEPT:
        title = draft.title if draft.has_problem else ""
        go_on = [Choice(buttons.go_on, "continue_issue"), Choice(buttons.new_issue, "new_issue")]
        turn.say("utter_hello_unfinished" if title else "utter_hello_unfinished_untold", title=title, choices=go_on)
    elif issue is not None and issue.resolved:
        turn.say_text(turn.support.wording.reopened, values={"reference": issue.reference})
    elif issue is not None:
        turn.say("utter_hello_issue", reference=issue.reference, status=turn.status_of(issue))
    else:
        turn.say("utter_greet", product=turn.support.product, choices=ways(turn))


def ways(turn: Turn) -> list[Choice]:
    """Return the three things that can be done here."""
    buttons = turn.support.buttons
    return [
        Choice(buttons.how_to, "how_to"),
        Choice(buttons.report, "report_issue"),
        Choice(buttons.person, "ask_person"),
    ]


def goodbye(turn: Turn) -> None:
    """Log the issue of a customer who leaves in the middle of the questions, if the problem is known."""
    if not turn.is_choice and not says_farewell(turn.typed):
        stand_by(turn)
        return
    turn.ask_about(None)
    draft = turn.draft
    left_midway = draft is not None and draft.put_aside() and bool(draft.problem)
    logged_now = draft is not None and left_midway and log_as_it_is(turn, draft)
    if not logged_now and turn.context.outcome is None:
        turn.set_outcome("cancelled")
    turn.say("utter_goodbye")
