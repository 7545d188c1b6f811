"""Take the answer to the question that was put, log the issue as soon as that is possible, and put the next one."""

from bot.dialogue.draft import CONTACT, DONE, FURTHER, PRIVATE_PROBLEM, PROBLEM, SUMMARY, Draft
from bot.dialogue.intake.harm_warning import first_harm
from bot.dialogue.intake.known_problem_offer import offered_problem
from bot.dialogue.plan import ClaimContract
from bot.dialogue.topics import all_questions, which_product, who_pays
from bot.dialogue.topics.about_support import say_emergency_contact
from bot.dialogue.topics.ask_question import can_be_put, put, say_noted
from bot.dialogue.topics.cure import show_code, show_cure
from bot.dialogue.topics.frustration import remark
from bot.dialogue.topics.further_problem import log_further
from bot.dialogue.topics.harm_warning import give_first_aid
from bot.dialogue.topics.known_problem import offer
from bot.dialogue.topics.question_in_form import answer_question
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import IntakeOutcome
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.impact import assess


def is_answered(turn: Turn) -> bool:
    """Return whether the message answers the question that was put, or was taken in at it."""
    return turn.taken is not None


def are_over(turn: Turn) -> bool:
    """Return True when the draft is confirmed, or complete for an impatient customer."""
    if turn.taken is None or turn.draft is None:
        return False
    if turn.taken.what is IntakeOutcome.CONFIRMED:
        return True
    draft = turn.draft
    hurried = draft.intake.brief and draft.logged and draft.intake.asking is None
    return hurried and draft.next_step() == SUMMARY


def end_questions(turn: Turn) -> None:
    """Take the last answer and say that the questions are complete."""
    draft, taken = turn.draft, turn.taken
    if draft is None or taken is None:
        return
    draft.intake.state = DONE
    take_answer(turn)
    if all_questions.were_put(turn):
        all_questions.say_rest(turn)
    turn.say("utter_issue_complete", reference=turn.issue_reference(draft))


def take_answer(turn: Turn) -> None:
    """Reply to what was taken in; the next question is put after it."""
    in_list = turn.taken is not None and turn.taken.claims_contract
    claims = in_list or (turn.claims_contract and not turn.is_choice)
    if claims:
        turn.do(ClaimContract())
    _respond(turn)
    if claims:
        turn.say_text(turn.support.wording.contract_to_check)


def _respond(turn: Turn) -> None:
    draft, taken, said = turn.draft, turn.taken, turn.said
    if draft is None or taken is None:
        return
    harmful = first_harm(said.text, turn.problem_before) if draft.problem != turn.problem_before else None
    if said.means("abusive", "frustrated") and _added_to_problem(turn, draft) and not said.unseen:
        remark(turn)
    if harmful:
        give_first_aid(turn, harmful, said.text)
    elif draft.problem and not turn.problem_before:
        show_cure(turn, said.text)
    else:
        show_code(turn)
    if taken.what is IntakeOutcome.OUTDATED:
        turn.say("utter_choice_outdated")
    if taken.what is IntakeOutcome.NOTED and draft.intake.known_problem_id is not None and not taken.changed:
        turn.say("utter_known_problem_mine")
    say_noted(turn, draft, taken)
    if taken.question:
        answer_question(turn, taken.question)


def ask_next_question(turn: Turn) -> None:
    """Log the issue as soon as it can be, then put the draft's next question."""
    draft = turn.draft
    if draft is None:
        return
    known = offered_problem(draft, turn.context.known_problems)
    if known is not None:
        offer(turn, draft, known)
    logged = _log_if_ready(turn, draft)
    draft = turn.draft or draft
    if turn.context.asks_together and draft.logged and turn.foreign is None:
        all_questions.put(turn, draft)
        return
    if who_pays.is_to_be_asked(turn):
        who_pays.ask(turn)
        return
    if which_product.is_to_be_asked(turn):
        which_product.ask_for_issue(turn)
        return
    if turn.foreign is not None and draft.logged:
        # The other questions are in English; the technician asks them.
        draft.intake.state, draft.intake.asking = DONE, None
        return
    before = draft.intake.asking
    step = before if before and can_be_put(draft, before) else draft.next_step()
    draft.intake.asking = step
    unclear = turn.taken is not None and turn.taken.what is IntakeOutcome.UNCLEAR
    if unclear and step == CONTACT and _added_to_problem(turn, draft):
        turn.say("utter_noted_problem")
        unclear = False
    if turn.unseen_question and before == step and not logged and not unclear:
        turn.note_silently()
        return
    put(turn, draft, step, unclear=unclear)


def _added_to_problem(turn: Turn, draft: Draft) -> bool:
    """Return True when this message became part of the problem."""
    parts = (draft.answers[name] for name in (PROBLEM, PRIVATE_PROBLEM) if name in draft.answers)
    return any(part.message_id in turn.said.message_ids for part in parts)


def _log_if_ready(turn: Turn, draft: WorkingDraft) -> bool:
    """Open the issue and say its reference as soon as problem and contact are known; False when nothing was new."""
    if draft.logged or not draft.has_essentials:
        return False
    turn.open_issue(draft)
    if FURTHER in draft.answers:
        log_further(turn, draft)
        turn.set_outcome("reference_given")
        turn.hand_off("issue logged")
    else:
        announce(turn, draft, wants_person=draft.intake.wants_person)
    if assess(draft.problem, {name: answer.value for name, answer in draft.answers.items()}):
        say_emergency_contact(turn)
    return True


def announce(turn: Turn, draft: WorkingDraft, *, wants_person: bool) -> None:
    """Say the reference; the place in the queue follows it when a person is wanted."""
    turn.say("utter_reference", reference=turn.issue_reference(draft))
    turn.set_outcome("reference_given")
    if wants_person:
        turn.hand_off("issue logged")


def log_as_it_is(turn: Turn, draft: WorkingDraft) -> bool:
    """Log the issue with what is known and say its reference; False when it was logged before."""
    if CONTACT not in draft.answers:
        draft.save_answer(CONTACT, turn.support.wording.contact_is_this_chat, turn.said)
    is_new = not draft.logged
    turn.open_issue(draft)
    if is_new:
        announce(turn, draft, wants_person=True)
    return is_new
