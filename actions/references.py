"""Issues that exist already: a reference is given, a status asked, a number missed."""

from actions.base import TurnAction
from actions.report import report
from actions.turn import Choice, Turn
from bot.services import draft as drafts
from bot.services import follow_up
from bot.services.follow_up import Standing
from bot.services.open_issue import mark_announced
from bot.triage.tech_reference import Found, find_references

WORDS_OF_A_BARE_REFERENCE = 6


class GiveReference(TurnAction):
    """A Tech Reference was written: whose it is decides what is said, and nothing else does."""

    action_name = "action_give_reference"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
        found = find_references(text)
        if not found:
            await AskStatus().step(turn)
            return
        await self._answer(turn, found[0], text)

    async def _answer(self, turn: Turn, found: Found, text: str) -> None:
        if not found.valid:
            turn.say("utter_reference_mistyped")
            return
        status = await follow_up.attach(turn.ctx, turn.conversation_id, found.reference)
        if status is None:
            turn.say("utter_reference_not_yours", choices=_help(turn))
            return
        if len(text.split()) > WORDS_OF_A_BARE_REFERENCE:
            await _add(turn, text)
        tell(turn, status)


async def _add(turn: Turn, text: str) -> None:
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        await follow_up.add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)


def tell(turn: Turn, status: Standing) -> None:
    """The status in plain words, and what can be done."""
    turn.say("utter_status", reference=status.reference, title=status.title, status=status.status)
    if status.last_words:
        turn.say("utter_last_words", words=drafts.title_of(status.last_words))
    if status.queue_place is not None:
        turn.say("utter_status_place", place=status.queue_place)
    else:
        turn.say("utter_status_next", choices=[Choice(turn.ctx.support.buttons.person, "ask_person")])


def _help(turn: Turn) -> list[Choice]:
    buttons = turn.ctx.support.buttons
    return [Choice(buttons.new_issue, "new_issue"), Choice(buttons.person, "ask_person")]


class AskStatus(TurnAction):
    """What about my issue? Without a number: the conversation's, else the customer's newest."""

    action_name = "action_ask_status"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
            conversation = await turn.conversation(session)
            issue = None if find_references(text) else await follow_up.newest_issue(session, conversation)
            status = await follow_up.status_of(session, turn.ctx, conversation, issue) if issue else None
        if find_references(text):
            await GiveReference().step(turn)
        elif status is None:
            turn.say("utter_no_issue_known", choices=_help(turn))
        else:
            tell(turn, status)


class FollowUp(TurnAction):
    """More about an issue: with its reference it is found, without one it is the conversation's own."""

    action_name = "action_follow_up"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            text = await turn.text(session)
            conversation = await turn.conversation(session)
            issue = None
            if not find_references(text):
                issue = await follow_up.add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
        if find_references(text):
            await GiveReference().step(turn)
        elif issue is None:
            turn.say("utter_ask_reference", choices=_help(turn))
        else:
            turn.say("utter_added", reference=issue.reference)


class MissingReference(TurnAction):
    """You never gave me a number: the page promises one, so it is found, or the issue is logged now."""

    action_name = "action_missing_reference"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            issue = await follow_up.newest_issue(session, conversation)
            if issue is not None:
                await mark_announced(session, issue.id, turn.ctx.clock())
        if issue is not None:
            turn.say("utter_missing_reference_found", reference=issue.reference)
            return
        turn.say("utter_missing_reference_sorry")
        if not turn.in_form:
            await report(turn, text_is_problem=False)
