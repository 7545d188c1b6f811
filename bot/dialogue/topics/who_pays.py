"""The contract question: put once, as the first question after the reference, when nothing is known of who pays.

Until it is answered no place in the queue is said, since it depends on the answer.
"""

from dataclasses import replace

from bot.dialogue.context import CONTRACT_ASKED, CONTRACT_NUMBER, InboundMessage
from bot.dialogue.draft import OPEN, SKIPPED, WHO_PAYS
from bot.dialogue.plan import Choice, ClaimContract, ResolveIssue, SayText
from bot.dialogue.turn import CLOSE_IT, LEAVE_QUEUE, UNWANTED, Turn
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.payer_words import Payer, payer_abroad, payer_among, payer_in, pays_by_hour
from bot.triage.reading.proof_words import contract_number_in
from bot.triage.reading.question_parts import parts_of


def is_to_be_asked(turn: Turn) -> bool:
    """Return whether this turn logs an issue that costs, of a customer of whom nothing is known."""
    draft = turn.draft
    if draft is None or not draft.logged_now or WHO_PAYS in draft.answers or not turn.context.asks_who_pays:
        return False
    free = draft.category is not None and draft.category.free_of_charge
    return not free and not any(_is_claim(command) for command in turn.commands)


def ask(turn: Turn) -> None:
    """Ask for the contract, and say no place before the answer."""
    draft = turn.draft
    if draft is None:
        return
    draft.save_answer(WHO_PAYS, turn.office.summary.not_answered, turn.said, status=SKIPPED)
    turn.keep_place_untold()
    _put(turn)


def _put(turn: Turn) -> None:
    buttons = turn.support.buttons
    turn.ask_about(WHO_PAYS)
    turn.leave_question_open()
    about = {"question": WHO_PAYS}
    choices = [
        Choice(buttons.has_contract, "answer_question", {**about, "value": Payer.CONTRACT}),
        Choice(buttons.pays_by_hour, "answer_question", {**about, "value": Payer.HOUR}),
        Choice(buttons.skip, "skip_question", about),
    ]
    turn.say("utter_ask_contract", choices=choices)


def note_answer(turn: Turn) -> None:
    """Take the answer that stands among other words out of the message, of which the rules read the rest."""
    message = turn.context.message
    if turn.pending != WHO_PAYS or turn.is_choice or message is None or not turn.typed:
        return
    told = payer_among(turn.typed, foreign=turn.foreign is not None)
    if told is not None and told.rest and read_control(turn.typed) is not Control.SKIP_ALL:
        turn.payer = told.payer
        parts = tuple(filter(None, (_rest_of(turn, part) for part in message.parts)))
        turn.read_only(replace(message, text=told.rest, parts=parts if len(parts) > 1 else ()))


def _rest_of(turn: Turn, part: InboundMessage) -> InboundMessage | None:
    told = payer_among(part.text, foreign=turn.foreign is not None)
    if told is None:
        return part
    return replace(part, text=told.rest) if told.rest else None


def note_claim(turn: Turn) -> None:
    """Believe what the words say of the contract beside something else, whichever rule has acted."""
    if turn.is_choice or not turn.typed or turn.payer is not None or any(_is_claim(one) for one in turn.commands):
        return
    if turn.claims_contract:
        turn.do(ClaimContract())
        if turn.in_form or turn.waiting:
            turn.say_text(turn.support.wording.contract_to_check)
    elif turn.draft is not None and WHO_PAYS not in turn.draft.answers and pays_by_hour(turn.typed):
        turn.draft.save_answer(WHO_PAYS, Payer.HOUR, turn.said)


def _is_claim(command: object) -> bool:
    return isinstance(command, ClaimContract)


def is_answered(turn: Turn) -> bool:
    """Return whether the question is answered, by a button or in words; who skips all questions answers none."""
    skips_all = bool(turn.typed) and read_control(turn.typed) is Control.SKIP_ALL
    return not skips_all and _answer(turn) is not None


def settle(turn: Turn) -> None:
    """Ask for the number of a contract; else say the place and the price, and go on with the questions."""
    answer = _answer(turn)
    turn.ask_about(None)
    if answer is not Payer.CONTRACT:
        turn.say_queue_notices()
        _go_on(turn)
        return
    turn.do(ClaimContract(asks_for_number=True))
    if contract_number_in(turn.typed, asked=True) is not None:
        turn.say_queue_notices()
        _go_on(turn)
        return
    turn.ask_about(CONTRACT_NUMBER)
    turn.leave_question_open()
    turn.say_text(turn.support.wording.ask_for_contract)


def go_on_unanswered(turn: Turn) -> None:
    """Put the question again after one of the customer's; after anything else say the place and the price, once."""
    if turn.context.pending not in (WHO_PAYS, CONTRACT_NUMBER) or turn.context.event is not None or turn.silent:
        return
    if turn.pending in (CLOSE_IT, UNWANTED, LEAVE_QUEUE) or any(isinstance(one, ResolveIssue) for one in turn.commands):
        return  # what is to be closed costs nothing
    if turn.payer is Payer.CONTRACT and not any(_is_claim(command) for command in turn.commands):
        turn.do(ClaimContract())
    if turn.claims_contract or turn.payer is not None:
        _drop_thanks(turn)
        if turn.pending == turn.context.pending:
            turn.ask_about(None)
        turn.say_queue_notices()
        return
    if turn.pending == WHO_PAYS and (turn.in_form or turn.foreign is not None) and _asks(turn):
        _put(turn)
        return
    if turn.pending == turn.context.pending:
        turn.ask_about(None)
    turn.say_queue_notices()


def _drop_thanks(turn: Turn) -> None:
    """Leave out that the contract will be checked, which the notices of the queue say."""
    to_check = turn.support.wording.contract_to_check
    turn.reply[:] = [part for part in turn.reply if not (isinstance(part, SayText) and part.text == to_check)]


def is_number_given(turn: Turn) -> bool:
    return turn.context.event is not None and turn.context.event.kind == CONTRACT_ASKED


def number_given(turn: Turn) -> None:
    """Say the place, and go on with the questions, after the gateway has taken the number or the address."""
    turn.ask_about(None)
    turn.answer_nothing()
    turn.say_queue_place()
    _go_on(turn)


def _go_on(turn: Turn) -> None:
    if turn.draft is not None and turn.draft.intake.state == OPEN:
        turn.go_on_with_questions()


def _asks(turn: Turn) -> bool:
    return not turn.is_choice and bool(parts_of(turn.typed).asked)


def _has_no_number(turn: Turn) -> bool:
    return turn.intent in ("skip_question", "dont_know") or payer_in(turn.typed) in (Payer.HOUR, Payer.UNSURE)


def _answer(turn: Turn) -> Payer | None:
    if turn.is_choice:
        if turn.field("question") != WHO_PAYS:
            return None
        value = turn.field("value")
        return Payer(value) if value in list(Payer) else Payer.UNSURE
    if turn.pending not in (WHO_PAYS, CONTRACT_NUMBER) or not turn.typed or turn.payer is not None:
        return None
    told = payer_among(turn.typed, foreign=turn.foreign is not None) if turn.pending == WHO_PAYS else None
    if told is not None and not told.rest:
        return told.payer
    if _asks(turn):
        return None
    if turn.pending == CONTRACT_NUMBER:
        return Payer.UNSURE if _has_no_number(turn) else None
    if turn.foreign is not None:
        return payer_abroad(turn.typed) or payer_in(turn.typed)
    return Payer.UNSURE if turn.intent in ("skip_question", "dont_know") else payer_in(turn.typed)
