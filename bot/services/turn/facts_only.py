"""Keep the facts of a turn whose conversation a technician has by now: nothing is said over the technician.

The issue that a report needs is opened all the same, and its reference is told.
"""

from bot.dialogue import plan
from bot.dialogue.draft import DONE
from bot.services.conversation import transcript
from bot.services.hand_off import ownership, transitions
from bot.services.turn.perform import Performance, perform
from bot.triage.hand_off.ownership import Event, Owner

_FACTS = (
    plan.BeginDraft,
    plan.SetSlot,
    plan.AddToProblem,
    plan.SetCategory,
    plan.KeepInConfidence,
    plan.LinkKnownProblem,
    plan.OpenIssue,
    plan.AddToIssue,
    plan.NoteFacts,
    plan.RecordSearch,
    plan.ClaimContract,
    plan.NoteProduct,
)


async def record(to: Performance, decided: plan.Plan) -> None:
    """Perform the commands that record facts; the technician asks from now on, so a draft begun here asks nothing."""
    kept = tuple(command for command in decided.commands if isinstance(command, _FACTS))
    issue_id = to.conversation.issue_id
    await perform(to, kept)
    if any(isinstance(command, plan.BeginDraft) for command in kept):
        (await to.draft()).intake.state = DONE
    if to.conversation.issue_id == issue_id:
        return
    await _hand_off_new_issues(to)
    for issue in filter(None, (to.opened, to.further, to.third)):
        await transcript.say(
            to.session,
            to.conversation,
            to.now,
            to.support.wording.reference_given.format(reference=issue.reference),
            author_name=to.support.company,
            reference=issue.reference,
        )


async def _hand_off_new_issues(to: Performance) -> None:
    """Give the technician the new issue too; one that was logged in a conversation closed by now joins the queue."""
    if to.conversation.owner == Owner.CLOSED:
        await ownership.change_owner(
            to.session, to.conversation, Event.CUSTOMER_WRITES, actor="customer", reason="wrote again", now=to.now
        )
    await transitions.request_hand_off(to.session, to.ctx, to.conversation, reason="issue logged", actor=to.actor)
