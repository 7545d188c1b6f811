"""How-to questions: the manual first, as the vendor's page asks."""

from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.intake.dispatch_message import help_for
from bot.dialogue.plan import Choice, RecordSearch
from bot.dialogue.topics.answer_parts import answer_text, link_of, links_of
from bot.dialogue.topics.new_issue import DID_IT_HELP, HELPED_AT_LAST, SAY_IT_DIFFERENTLY
from bot.dialogue.turn import Turn
from bot.triage.reading import form
from bot.triage.reading.wanted_answer import premise_of

MOST_CHARACTERS_RECORDED = 2_000


def answer_how_to(turn: Turn) -> None:
    """Show the best passages and ask whether that solved it; in the middle of questions, only show them."""
    if turn.is_choice and not turn.field("about"):
        turn.say("utter_ask_how_to")
        return
    # "Where do I find the version?" is about the question just put, not about the manual.
    help_text = question_help(turn)
    if help_text:
        turn.say_text(help_text)
        return
    look_up(turn, turn.text)


def announces_a_question(turn: Turn) -> bool:
    """Return whether the words only say that a question comes, outside the questions of a draft."""
    return not turn.by_rules and not turn.in_form and form.announces_a_question(turn.typed)


def ask_for_the_question(turn: Turn) -> None:
    turn.say("utter_ask_how_to")


def question_help(turn: Turn) -> str | None:
    """Return where to find what the open question asks for, if the words ask that; None otherwise."""
    return help_for(turn.draft, turn.text) if turn.in_form and turn.draft is not None else None


def look_up(turn: Turn, question: str, *, private: bool = False, recorded: str | None = None) -> None:
    """Search the manual, answer with what it says, and ask whether that helped.

    ``private``: a part of the question was asked in private, and pages reveal the question. ``recorded`` is the
    question as it was asked, when it was searched for in other words.
    """
    found = turn.evidence.of(LookUp(question))
    premise = premise_of(question) if not found.confident else None
    if premise is not None and turn.evidence.of(LookUp(premise)).confident:
        found = turn.evidence.of(LookUp(premise))
    if record(turn, recorded or question, found):
        show(turn, found, private=private)
    else:
        _found_nothing(turn, found)


def record(turn: Turn, question: str, found: ManualResult) -> bool:
    """Record the search; return whether it has confident passages to show."""
    cards = found.cards if found.confident else ()
    if found.searched:
        recorded = question[:MOST_CHARACTERS_RECORDED]
        turn.do(RecordSearch(recorded, turn.message_id, cards, found.score, found.confident))
    return bool(cards)


def show(turn: Turn, found: ManualResult, *, private: bool = False) -> None:
    """Show what was found and ask whether that helped."""
    say_answer(turn, found, private=private)
    if not turn.in_form:
        ask_whether_it_helped(turn)


def say_answer(turn: Turn, found: ManualResult, *, heading: str = "", private: bool = False) -> None:
    """Say the answer in words, with a link to its section and, unless it is one of several, one to each near section.

    ``heading`` is the question of one of several answers.
    """
    answer = found.answer
    if answer is None:
        return
    if heading:
        links = [link_of(answer)]
        turn.say("utter_manual_found_for", cards=links, private=private, question=heading, answer=answer_text(answer))
        return
    response = "utter_manual_steps" if answer.kind == "steps" else "utter_manual_says"
    turn.say(response, cards=links_of(answer, found), private=private, answer=answer_text(answer))


def ask_whether_it_helped(turn: Turn) -> None:
    """Ask whether what was shown helped, and remember that a plain yes or no is about it."""
    again = turn.pending in (SAY_IT_DIFFERENTLY, HELPED_AT_LAST)
    turn.ask_about(HELPED_AT_LAST if again else DID_IT_HELP)
    turn.say("utter_did_it_help", choices=helped(turn))


def _found_nothing(turn: Turn, found: ManualResult) -> None:
    if not turn.in_form:
        turn.ask_about(SAY_IT_DIFFERENTLY)
    turn.say(
        "utter_manual_has_nothing" if found.searched else "utter_manual_unavailable",
        choices=[] if turn.in_form else offers(turn),
    )


def look_up_again(turn: Turn) -> None:
    """Search with the question in other words; a burst is one question, so the messages just before belong to it."""
    last = turn.context.unsolved[-1:] if turn.unseen_question else ()
    question = " ".join([*(one.question for one in last), turn.text])
    look_up(turn, question, private=any(one.private for one in last))


def helped(turn: Turn) -> list[Choice]:
    """Return the answers to "did that help?"."""
    buttons = turn.support.buttons
    return [
        Choice(buttons.solved, "solved"),
        Choice(buttons.not_solved, "not_solved"),
        Choice(buttons.person, "ask_person"),
    ]


def offers(turn: Turn) -> list[Choice]:
    """Return the offers for a question that the manual does not answer."""
    buttons = turn.support.buttons
    return [Choice(buttons.report, "report_issue"), Choice(buttons.person, "ask_person")]
