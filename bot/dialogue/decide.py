"""Decide a turn: a table of named rules, of which the first that applies acts. Nothing is read or changed but the plan.

An aside in the middle of the questions is answered by its rule, and then the open question is put again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.context import TurnContext
from bot.dialogue.draft import OPEN
from bot.dialogue.evidence import Evidence
from bot.dialogue.plan import Plan
from bot.dialogue.reading import Reading
from bot.dialogue.topics import (
    about_support,
    about_the_answer,
    after_solution,
    asking,
    cancel,
    closing,
    colleague,
    control,
    degraded,
    did_it_help,
    emergency,
    error_code,
    existing_issue,
    frustration,
    how_to,
    in_confidence,
    known_problem,
    new_issue,
    not_understood,
    other_language,
    person,
    persons_turn,
    question,
    question_in_form,
    report_issue,
    request,
    said_facts,
    several,
    small_talk,
    unprompted,
    unwanted_issue,
    which_issue,
    which_product,
    who_pays,
)
from bot.dialogue.turn import Turn
from bot.settings.support.support import Support
from bot.triage.reading.control_words import Control

Act = Callable[[Turn], None]


@dataclass(frozen=True)
class Rule:
    """A rule of the table. ``name`` is shown wherever a turn is explained."""

    name: str
    applies: Callable[[Turn], bool]
    act: Act


def _on(intent: str, name: str, act: Act) -> Rule:
    return Rule(name, lambda turn: turn.intent == intent, act)


# Before everything that takes words for the customer's.
COLLEAGUES = (Rule("a colleague writes", colleague.is_left_to_people, colleague.offer_answer),)
# Before the languages and the bare yes.
OFFERS = (Rule("a colleague's answer is taken", colleague.is_offer_taken, colleague.take_offered),)
WITHOUT_WORDS = (
    Rule("a technician gave it back", unprompted.is_given_back, unprompted.given_back),
    Rule("a known problem is over", unprompted.is_known_problem_over, unprompted.known_problem_over),
    Rule("the number of a contract is taken", who_pays.is_number_given, who_pays.number_given),
    Rule("a reference nobody told", unprompted.is_reference_untold, unprompted.reference_untold),
)
NOT_READ = (
    Rule("not read: waiting", degraded.is_unread_while_waiting, degraded.note_for_the_technician),
    Rule("not read: toward a reference", degraded.is_unread, degraded.go_toward_a_reference),
)
# Before the questions, since neither is ever an answer.
CONFIDENCE = (
    Rule("a password is to be removed", in_confidence.asks_to_remove_a_password, in_confidence.say_password_removed),
    Rule("only support may read that", in_confidence.is_wish_for_earlier_words, in_confidence.keep_earlier_words),
    Rule("who reads this", in_confidence.asks_who_reads_along, in_confidence.say_who_reads),
)
# Before everything else that is said: it spreads while we talk of other things.
EMERGENCIES = (
    Rule("an attack is told", emergency.is_reported, emergency.give_aid),
    Rule("a question while under attack", emergency.is_asked_about, emergency.stand_by_the_aid),
)
# Before the questions, since a question in another language is no answer either; an address that was asked for is left.
LANGUAGES = tuple(
    Rule(f"another language: {form}", other_language.is_form(form), act)
    for form, act in (
        ("harm", other_language.harm),
        ("switch", other_language.switch),
        ("never_mind", other_language.never_mind),
        ("no_contact", other_language.no_contact),
        ("price", other_language.price),
        ("hours", other_language.hours),
        ("status", other_language.ask_status),
        ("wait", other_language.wait),
        ("person", other_language.ask_person),
        ("not_solved", other_language.not_solved),
        ("solved", other_language.solved),
        ("how_to", other_language.how_do_i),
        ("thanks", other_language.thank),
        ("goodbye", other_language.goodbye),
        ("greeting", other_language.greet),
        ("yes", other_language.affirm),
        ("no", other_language.deny),
        ("problem", other_language.log),
    )
)
SEVERAL_ISSUES = (
    Rule("all that were given back", which_issue.is_about_all, which_issue.answer_for_all),
    Rule("which of several issues", which_issue.is_unclear, which_issue.ask_which),
)
# Before the questions too, since a "no" or "skip" is about the contract.
PAYERS = (Rule("whether there is a contract", who_pays.is_answered, who_pays.settle),)
# Before the languages as well: a product has one name in all of them.
PRODUCTS = (Rule("which product it is", which_product.is_answered, which_product.settle),)
CONTROL = (
    Rule("an order to the assistant", not_understood.is_order_to_the_assistant, not_understood.out_of_scope),
    Rule("what a person is wanted for", person.is_answered, person.log_for_person),
    Rule("a moment, please", control.says(Control.WAIT), control.wait),
    Rule("the question again", control.is_repeat, control.repeat),
    Rule("back to the last question", control.says(Control.BACK, in_form=True), control.back),
    Rule("from the beginning", control.says(Control.START_OVER), control.start_over),
    Rule("told before", control.is_given_before, control.given_before),
    Rule("skip all questions", control.says(Control.SKIP_ALL, in_form=True), control.skip_all),
    Rule("stop", control.says(Control.STOP), control.stop),
    Rule("never mind, by its words", control.says(Control.NEVER_MIND), control.never_mind),
    Rule("a bare yes or number", control.is_bare, control.bare),
)
# Before anything that would be answered by one mail more.
PERSONS_TURN = (Rule("a person answers the mail", persons_turn.is_persons, persons_turn.leave_to_person),)
# Before several matters are told apart: what follows "does it work now?" closes or keeps that issue first.
SOLUTIONS = (
    Rule("whether to leave the queue", closing.is_leaving_answered, closing.answer_leaving),
    Rule("it stays open", closing.is_closing_denied, closing.keep_open),
    Rule("an answer to the solution", after_solution.is_given_back, after_solution.given_back),
    Rule("thanks after the end", after_solution.is_thanks_after_the_end, after_solution.thanks_after_the_end),
    Rule("the trouble is back", after_solution.is_back_after_the_end, new_issue.back_to_the_technician),
)
QUESTIONS = (
    Rule("the questions are over", asking.are_over, asking.end_questions),
    Rule("an answer to the question asked", asking.is_answered, asking.take_answer),
    Rule("a question in the middle of ours", question_in_form.is_asked, question_in_form.answer_aside),
)
FACTS = (
    Rule("a line is corrected", said_facts.is_correction, said_facts.say_corrected),
    Rule("a problem with its facts", said_facts.is_problem_with_facts, said_facts.report_with_facts),
    Rule("nothing but facts", said_facts.is_nothing_but_facts, report_issue.inform),
    Rule("facts before the problem", said_facts.is_facts_first, said_facts.note_facts_first),
)
UNWANTED = (Rule("no issue is wanted", unwanted_issue.is_refused, unwanted_issue.refuse),)
UNCLEAR_PRODUCT = (Rule("which product is meant", which_product.is_unclear, which_product.ask),)
SEVERAL = (
    Rule("another problem meanwhile", several.begins_another, several.log_another),
    Rule("a question is announced", how_to.announces_a_question, how_to.ask_for_the_question),
    Rule("several things at once", several.says_several, several.answer_several),
)
FOLLOW_UPS = (
    Rule(about_the_answer.MORE_HOURS, about_the_answer.is_about_hours, about_the_answer.answer_about_hours),
    Rule("one of several questions", about_the_answer.points_at_a_part, about_the_answer.answer_part),
    Rule("more about the answer", about_the_answer.is_follow_up, about_the_answer.answer_follow_up),
)
OUTCOMES = (
    Rule("an order to log it", report_issue.is_to_be_logged, report_issue.report_issue),
    Rule("harm is told", report_issue.speaks_of_harm, report_issue.report_harm),
    Rule("it is solved", did_it_help.is_solved, did_it_help.solved),
    Rule("it seems solved", did_it_help.seems_solved, closing.ask_to_close),
    Rule("it is tried later", did_it_help.is_tried_later, did_it_help.tried_later),
    Rule("the answer did not help", did_it_help.is_no_help, did_it_help.not_solved),
    Rule("an order to put it right", frustration.is_ordered, frustration.stand_by),
    Rule("a person or a machine", small_talk.asks_who_answers, small_talk.bot_challenge),
    Rule("a person, by the words", person.is_wished, person.ask_person),
    Rule("my own number", existing_issue.is_own_number_wanted, existing_issue.missing_reference),
    Rule("news of my issue", existing_issue.is_news_wanted, existing_issue.ask_status),
    Rule("the number is lost", existing_issue.is_lost, existing_issue.lost),
    Rule("the same or something new", after_solution.may_be_back, after_solution.ask_whether_back),
)
REQUESTS = (
    Rule("how to reach you about a request", request.is_contact, request.take_contact),
    Rule("a request of the company", request.is_made, request.take_request),
    Rule("more about a request", request.is_more, request.take_more),
)
KNOWN_TROUBLE = (
    Rule("another maker's thing", not_understood.is_anothers, not_understood.out_of_scope),
    Rule("an error code", error_code.asks_about_a_code, error_code.answer_code),
    Rule("trouble that the manual knows", error_code.is_known_trouble, error_code.take_trouble),
)
INTENTS = (
    _on("ask_hours", about_the_answer.HOURS, about_support.ask_hours),
    _on("ask_contact", "how to reach us", about_support.ask_contact),
    _on("ask_coverage", "who pays", about_support.ask_coverage),
    _on("ask_tips", "tips for faster service", about_support.ask_tips),
    _on("give_reference", "a reference is given", existing_issue.give_reference),
    _on("ask_status", "what about my issue", existing_issue.ask_status),
    _on("follow_up", "more about my issue", report_issue.follow_up),
    _on("missing_reference", "the reference is missing", existing_issue.missing_reference),
    _on("how_to", "how do I", how_to.answer_how_to),
    _on("solved", "solved, by the label alone", did_it_help.labelled_solved),
    _on("not_solved", "it is not solved", did_it_help.not_solved),
    _on("affirm", "a plain yes", did_it_help.affirm),
    _on("deny", "a plain no", did_it_help.deny),
    _on("ask_person", "a person please", person.ask_person),
    _on("leave_queue", "no longer waits", closing.leave_queue),
    _on("answer_question", "an answer too late", not_understood.stale_choice),
    _on("skip_question", "a skip too late", not_understood.stale_choice),
    _on("private_answer", "a private answer too late", not_understood.stale_choice),
    _on("correct_line", "a line to correct", not_understood.stale_choice),
    _on("known_problem", "a known problem is mine", known_problem.known_problem_is_mine),
    _on("confirm_summary", "a confirmation too late", not_understood.stale_choice),
    _on("report_issue", "a problem is reported", report_issue.report_issue),
    _on("inform", "facts are given", report_issue.inform),
    _on("new_issue", "another problem", new_issue.new_issue),
    _on("cancel", "never mind", cancel.cancel),
    _on("continue_issue", "go on", report_issue.continue_issue),
    _on("correct_answer", "a correction", report_issue.correct_answer),
    _on("dont_know", "does not know", not_understood.dont_know),
    _on("ask_why", "why is that asked", question_in_form.ask_why),
    _on("greet", "hello", small_talk.greet),
    _on("goodbye", "goodbye", small_talk.goodbye),
    _on("thank", "thank you", did_it_help.thank),
    _on("bot_challenge", "is this a robot", small_talk.bot_challenge),
    _on("frustrated", "frustrated", frustration.frustrated),
    _on("abusive", "abusive", frustration.abusive),
    _on("out_of_scope", "nothing we do", not_understood.out_of_scope),
)
ASKED_OF_THE_MANUAL = (
    Rule("a question among other words", several.asks_one_thing, several.answer_one_thing),
    Rule("the manual answers a question", question.is_answered_by_the_manual, question.answer_question),
    Rule("a question in the form of a statement", unwanted_issue.is_question_stated, unwanted_issue.answer_question),
    Rule("a question that the manual lacks", question.is_not_in_the_manual, question.answer_question),
)
TABLE = (
    *COLLEAGUES,
    *WITHOUT_WORDS,
    *OFFERS,
    *NOT_READ,
    *EMERGENCIES,
    *CONFIDENCE,
    *SEVERAL_ISSUES,
    *PAYERS,
    *PRODUCTS,
    *LANGUAGES,
    *CONTROL,
    *SOLUTIONS,
    *UNWANTED,
    *UNCLEAR_PRODUCT,
    *PERSONS_TURN,
    *SEVERAL,
    *QUESTIONS,
    # Before the outcomes: "cancel our subscription" and "I want to speak to sales" end nothing and need no technician.
    *REQUESTS,
    *OUTCOMES,
    *FACTS,
    *FOLLOW_UPS,
    *KNOWN_TROUBLE,
    *ASKED_OF_THE_MANUAL,
    *INTENTS,
    Rule("not understood", lambda _turn: True, not_understood.unsure),
)


def decide(context: TurnContext, reading: Reading, evidence: Evidence, support: Support) -> Plan:
    """Return the plan for a turn, the same for the same input; raise LookUpWanted when evidence is missing.

    ``support`` are the settings of the whole installation; those of the turn's product hold.
    """
    turn = Turn(context, reading, evidence, support.for_product(context.product))
    left = next((rule for rule in COLLEAGUES if rule.applies(turn)), None)
    if left is not None:
        left.act(turn)
        return turn.plan(left.name)
    which_product.note(turn)
    which_issue.turn_to_the_issue(turn)
    who_pays.note_answer(turn)
    rule = next(rule for rule in TABLE if rule.applies(turn))
    if rule in (*OFFERS, *CONFIDENCE, *PAYERS, *PRODUCTS, *LANGUAGES, *CONTROL):
        turn.answer_nothing()
    rule.act(turn)
    in_confidence.acknowledge(turn)
    turn.take_in_earlier()
    other_language.begin(turn)
    which_product.say_changed(turn)
    if rule not in PAYERS:
        who_pays.note_claim(turn)
        who_pays.go_on_unanswered(turn)
    if turn.asks_next or _stays_in_questions(turn):
        asking.ask_next_question(turn)
    if who_pays.is_to_be_asked(turn):
        who_pays.ask(turn)
    return turn.plan(rule.name)


def _stays_in_questions(turn: Turn) -> bool:
    """Return whether the questions were open and still are, so that after an aside the open one is put again."""
    if turn.by_rules or turn.context.event is not None or turn.draft is None or turn.leaves_question_open:
        return False
    return turn.in_form and turn.draft.intake.state == OPEN
