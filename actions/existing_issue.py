"""Existing issues: a reference is given, a status asked, a number missed."""

import re

from actions.base import TurnAction
from actions.frustration import place_in_queue
from actions.new_issue import report
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.user_message import states_problem
from bot.services.issue import follow_up
from bot.services.issue.follow_up import Standing
from bot.triage.reading.tech_reference import Found, find_references
from bot.triage.text.plain_text import fold

WORDS_OF_A_BARE_REFERENCE = 6
MOST_MISSES = 3
HAS_ONE = re.compile(r"\b(?:i|we) (?:do |already )?(?:have|got|'ve got)\b|\bi've\b")
HAS_NONE = re.compile(
    r"\b(?:no|not|never|didn't|don't|haven't|without|lost|missing|forgot|need|want|where|which|what)\b"
)


class GiveReference(TurnAction):
    """A Tech Reference was written: the reply depends on its customer, and on nothing else."""

    action_name = "action_give_reference"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
        found = find_references(text)
        if not found:
            turn.say("utter_ask_reference", choices=_help(turn))
            return
        await self._answer(turn, next((one for one in found if one.valid), found[0]), text)

    async def _answer(self, turn: Turn, found: Found, text: str) -> None:
        if not found.valid:
            _missed(turn, "utter_reference_mistyped")
            return
        status = await follow_up.attach_issue(turn.ctx, turn.conversation_id, found.reference)
        if status is not None:
            if len(text.split()) > WORDS_OF_A_BARE_REFERENCE:
                await _add(turn, text)
            say_status(turn, status)
        elif turn.intent == "report_issue" and not turn.in_form and states_problem(turn.ctx.support, text):
            turn.say("utter_reference_not_yours_logged_anew")
            await report(turn)
        elif (
            colleagues := await follow_up.of_a_colleague(turn.ctx, turn.conversation_id, found.reference)
        ) is not None:
            turn.say(
                "utter_status_colleague",
                reference=colleagues.reference,
                category=colleagues.category,
                status=colleagues.status,
            )
        else:
            _missed(turn, "utter_reference_not_yours")


def _missed(turn: Turn, response: str) -> None:
    """Reply to an unknown reference; the third one ends the search for it, to save the customer's time."""
    if turn.count_reference_miss() >= MOST_MISSES:
        response = "utter_reference_enough"
    turn.say(response, choices=[] if turn.in_form else _help(turn))


async def _add(turn: Turn, text: str) -> None:
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        await follow_up.add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)


def say_status(turn: Turn, status: Standing) -> None:
    """Say the status in plain words, and the possible next steps."""
    private = status.private
    turn.say("utter_status", private=private, reference=status.reference, title=status.title, status=status.status)
    if status.last_words:
        turn.say("utter_last_words", private=private, words=drafts.title_of(status.last_words))
    if status.queue_place is None and not turn.in_form:
        turn.say("utter_status_next", choices=[Choice(turn.ctx.support.buttons.person, "ask_person")])


def _help(turn: Turn) -> list[Choice]:
    buttons = turn.ctx.support.buttons
    return [Choice(buttons.new_issue, "new_issue"), Choice(buttons.person, "ask_person")]


class AskStatus(TurnAction):
    """Say the status of an issue: the one named, else the conversation's, else the customer's newest."""

    action_name = "action_ask_status"

    async def step(self, turn: Turn) -> None:
        if find_references(turn.typed):
            await GiveReference().step(turn)
            return
        async with turn.ctx.db.read() as session:
            conversation = await turn.conversation(session)
            issue = await follow_up.newest_issue(session, conversation)
            status = await follow_up.status_of(session, turn.ctx, conversation, issue) if issue else None
        place = await place_in_queue(turn)
        if status is not None:
            say_status(turn, status)
            if place:
                turn.say_text(place)
        elif turn.in_form:
            turn.say("utter_being_logged")
        else:
            turn.say("utter_no_issue_known", choices=_help(turn))


class MissingReference(TurnAction):
    """You never gave me a number: the page promises one, so it is found, or the issue is logged now."""

    action_name = "action_missing_reference"

    async def step(self, turn: Turn) -> None:
        words = fold(turn.typed)
        if HAS_ONE.search(words) and not HAS_NONE.search(words):
            await GiveReference().step(turn)
            return
        async with turn.ctx.db.read() as session:
            conversation = await turn.conversation(session)
            issue = await follow_up.newest_issue(session, conversation)
        if issue is not None:
            turn.say("utter_missing_reference_found", reference=issue.reference)
        elif turn.in_form:
            turn.say("utter_being_logged")
        else:
            turn.say("utter_missing_reference_sorry")
            await report(turn, text_is_problem=False)
