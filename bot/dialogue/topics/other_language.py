"""A message in another language: read by forms, answered in that language; what has no form is logged as it is.

Routing questions are not put in another language: the technician gets the customer's own words, and how to reach them.
"""

from collections.abc import Callable

from bot.dialogue.context import CONTRACT_NUMBER
from bot.dialogue.draft import CONTACT, DONE, OPEN, WHO_PAYS
from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.intake.answer_question import contact_in
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Say
from bot.dialogue.topics import (
    about_support,
    about_the_answer,
    control,
    did_it_help,
    existing_issue,
    how_to,
    person,
    small_talk,
)
from bot.dialogue.topics.cure import show_codes
from bot.dialogue.topics.new_issue import ABOUT_THE_MANUAL, FIXED_BY_TECHNICIAN
from bot.dialogue.turn import EXACT, Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.settings.support.glossary import in_english
from bot.settings.support.translations import language_names, languages
from bot.triage.reading import foreign_forms as forms
from bot.triage.reading.impact import Impact
from bot.triage.text.language import foreign_language

MOST_WORDS_OF_A_FOLLOW_UP = 12


def is_form(form: str) -> Callable[[Turn], bool]:
    """Return the condition of a rule: the typed words are in another language, and of this form."""
    return lambda turn: _form(turn) == form


def _form(turn: Turn) -> str | None:
    """Return the form of typed words in another language; None for English, and for an address that was asked for."""
    if turn.by_rules or not turn.typed or turn.foreign is None:
        return None
    asked = turn.draft.intake.asking if turn.draft is not None and turn.in_form else None
    if asked == CONTACT and contact_in(turn.typed, turn.said.details):
        return None
    if _asks_for_exact_words(turn):
        return None
    form = forms.form_of(turn.typed, turn.foreign)
    if form == forms.NO_CONTACT and asked != CONTACT:
        form = forms.PROBLEM
    if turn.context.shown is not None and turn.known_issue is None and "?" in turn.typed:
        # "How long is it good for?" and "and if I have none?" are about the page shown.
        form = forms.HOW_TO if form in (forms.WAIT, forms.PROBLEM) else form
    # Words that show no language of their own, such as a version, are left to the other rules.
    shown = foreign_language(turn.typed, turn.foreign) is not None
    return form if shown or form != forms.PROBLEM else None


def _asks_for_exact_words(turn: Turn) -> bool:
    """Return True at a question for an error's text, which may be in any language."""
    question = turn.draft.question(turn.draft.intake.asking or "") if turn.draft is not None and turn.in_form else None
    return question is not None and question.detail in EXACT


def begin(turn: Turn) -> None:
    """Say once, with the first reply in a language, which languages technicians write; a question comes after it."""
    code = turn.foreign
    if code is not None and code != turn.context.language and code in languages():
        place = len(turn.reply) - 1 if turn.leaves_question_open and turn.reply else len(turn.reply)
        names = language_names(turn.support, code)
        turn.reply.insert(place, Say("utter_technicians_write", {"languages": names}))


def switch(turn: Turn) -> None:
    """Go on in the language that was asked for."""
    turn.say("utter_my_language")


def greet(turn: Turn) -> None:
    small_talk.greet(turn)


def never_mind(turn: Turn) -> None:
    """Put the matter aside; who waits is asked whether to leave the queue."""
    control.never_mind(turn)


def price(turn: Turn) -> None:
    turn.say_coverage()


def hours(turn: Turn) -> None:
    about_support.ask_hours(turn)


def ask_status(turn: Turn) -> None:
    existing_issue.ask_status(turn)


def wait(turn: Turn) -> None:
    """Say the place in the queue; outside it, when technicians are there."""
    if turn.context.queue_place is not None:
        turn.say("utter_wait_unknown")
        turn.say_queue_place()
    else:
        about_support.ask_hours(turn)


def ask_person(turn: Turn) -> None:
    """Bring a person: with an issue at once, else as soon as somebody can be reached."""
    if turn.open_issue_state is not None:
        person.ask_person(turn)
        return
    log_in_their_language(turn, ask="utter_person_reach")


def how_do_i(turn: Turn) -> None:
    """Search the manual by the English words for those of the question."""
    question = _in_english(turn, turn.text)
    if turn.pending in (WHO_PAYS, CONTRACT_NUMBER):
        # The question about the contract stands: what was looked up is answered, and it is put again.
        found = turn.evidence.of(LookUp(question))
        if how_to.record(turn, turn.text, found):
            how_to.say_answer(turn, found)
        else:
            turn.say("utter_question_noted")
            _add_silently(turn)
        return
    lines = _on_the_page_shown(turn, question)
    if lines is not None:
        about_the_answer.show_lines(turn, lines)
    else:
        how_to.look_up(turn, question, recorded=turn.text)


def _in_english(turn: Turn, text: str) -> str:
    code = turn.foreign or ""
    return in_english(text, code, turn.support.glossary.get(code, {}))


def _on_the_page_shown(turn: Turn, question: str) -> ManualResult | None:
    """Return the lines of the page just shown that answer a short question, unless the whole manual answers it."""
    shown = turn.context.shown
    if shown is None or turn.in_form or turn.word_count > MOST_WORDS_OF_A_FOLLOW_UP:
        return None
    former = _in_english(turn, shown.question.split("\n", 1)[0])
    lines = turn.evidence.of(LookUp(question, pages=shown.pages, former=former))
    if not lines.confident:
        return None
    whole = turn.evidence.of(LookUp(question))
    if whole.confident and whole.cards and whole.cards[0]["url"].partition("#")[0] not in shown.pages:
        return None
    return lines


def thank(turn: Turn) -> None:
    did_it_help.thank(turn)


def solved(turn: Turn) -> None:
    """Take it as solved when that was asked; an issue that waits is closed by nothing but an answer to a question."""
    if turn.pending in (*ABOUT_THE_MANUAL, FIXED_BY_TECHNICIAN):
        did_it_help.solved(turn)
    elif turn.waiting:
        _add(turn)
    else:
        turn.say("utter_glad")


def not_solved(turn: Turn) -> None:
    if turn.pending in (*ABOUT_THE_MANUAL, FIXED_BY_TECHNICIAN):
        did_it_help.not_solved(turn)
    else:
        log(turn)


def affirm(turn: Turn) -> None:
    did_it_help.affirm(turn)


def deny(turn: Turn) -> None:
    did_it_help.deny(turn)


def goodbye(turn: Turn) -> None:
    """Log what was reported so far when the customer leaves in the middle of it."""
    turn.ask_about(None)
    if turn.draft is not None and turn.in_form and turn.draft.has_problem and not turn.draft.logged:
        no_contact(turn)
    turn.say("utter_goodbye")


def harm(turn: Turn) -> None:
    """Warn against making it worse, then log it."""
    turn.say(f"utter_first_aid_{Impact.DATA_LOSS}")
    log(turn)


def no_contact(turn: Turn) -> None:
    """Use this chat when the customer would rather not give an address."""
    if turn.draft is not None:
        turn.draft.save_answer(CONTACT, turn.office.wording.contact_is_this_chat, turn.said)
        _finish(turn, turn.draft)


def log(turn: Turn) -> None:
    """Add the words to the issue that waits, or log them."""
    if turn.waiting and turn.context.issue is not None:
        _add(turn)
    else:
        log_in_their_language(turn)


def _add_silently(turn: Turn) -> None:
    if turn.context.issue is not None:
        turn.add_to_issue(turn.context.issue.reference)


def _add(turn: Turn) -> None:
    if turn.context.issue is not None:
        show_codes(turn, turn.typed)
        if turn.draft is not None and turn.draft.reference == turn.context.issue.reference:
            fill_from(turn.draft, turn.said)
        turn.add_to_issue(turn.context.issue.reference)
        turn.say("utter_added", reference=turn.context.issue.reference)


def log_in_their_language(turn: Turn, *, ask: str = "utter_ask_contact") -> None:
    """Log the words as they are; how to reach the customer is asked in their language when it is not known."""
    draft = turn.draft
    if draft is None or (draft.logged and draft.intake.state != OPEN):
        draft = turn.begin_draft()
    adds = draft.has_problem and ask == "utter_ask_contact"
    draft.add_to_problem(turn.said)
    fill_from(draft, turn.said)
    show_codes(turn, turn.typed)
    if CONTACT not in draft.answers and turn.foreign in languages():
        draft.intake.state, draft.intake.asking = OPEN, CONTACT
        turn.leave_question_open()
        if adds:
            turn.say("utter_noted_problem")
        turn.say(ask)
        return
    if CONTACT not in draft.answers:
        draft.save_answer(CONTACT, turn.office.wording.contact_is_this_chat, turn.said)
    _finish(turn, draft)


def _finish(turn: Turn, draft: WorkingDraft) -> None:
    """Log the draft's issue and hand it off; further questions in English would help nobody."""
    turn.open_issue(draft)
    draft.intake.state, draft.intake.asking = DONE, None
    known = turn.foreign in languages()
    turn.say("utter_reference" if known else "utter_foreign", reference=turn.issue_reference(draft))
    turn.set_outcome("reference_given")
    turn.hand_off("language")
