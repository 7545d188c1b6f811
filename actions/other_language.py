"""A message in an unsupported language: one sentence in that language, a reference, a person."""

from actions.turn import Turn
from bot.services.intake import draft as drafts
from bot.services.intake.draft import CONTACT, Draft
from bot.services.intake.side_facts import fill_from
from bot.services.issue.follow_up import add_to_issue
from bot.services.issue.open_issue import open_issue
from bot.triage.text.language import foreign_language


async def speak_their_language(turn: Turn) -> bool:
    """Answer typed words in another language outside the questions; return True when it did."""
    language = None if turn.in_form else foreign_language(turn.typed)
    if language is None:
        return False
    if turn.waiting:
        await _add(turn)
    else:
        await log_in_their_language(turn, language)
    return True


async def _add(turn: Turn) -> None:
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        text = await turn.text(session)
        issue = await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
    turn.say("utter_added", reference=issue.reference if issue else "")


async def log_in_their_language(turn: Turn, language: str) -> None:
    """Log the words as they are and hand off; further questions in English would help nobody."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        if draft is None or _is_over(draft):
            draft = await drafts.begin_draft(session, turn.ctx, conversation, turn.message_id)
        text, now = await turn.text(session), turn.ctx.clock()
        await drafts.add_to_problem(session, draft, text, now, turn.message_id)
        await fill_from(session, draft, text, now, turn.message_id)
        if CONTACT not in draft.answers:
            words = turn.ctx.support.wording.contact_is_this_chat
            await drafts.save_answer(session, draft, CONTACT, words, now, message_id=turn.message_id)
        issue = await open_issue(session, turn.ctx, conversation, draft, actor="assistant")
        draft.intake.state, draft.intake.asking = "done", None
    turn.say(f"utter_foreign_{language}", reference=issue.reference)
    turn.effect("outcome", value="reference_given")
    turn.effect("hand_off", reason="language")


def _is_over(draft: Draft) -> bool:
    """Return True for an issue whose questions are over; an unannounced one belongs to a retried turn."""
    told = draft.issue is not None and draft.issue.announced_at is not None
    return told and draft.intake.state != "open"
