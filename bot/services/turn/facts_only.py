"""Keep the facts of a turn whose conversation a technician has by now: nothing is said over the technician.

The issue that a report needs is opened all the same, and its reference is told.
"""

from bot.dialogue import plan
from bot.dialogue.draft import DONE
from bot.services.conversation import transcript
from bot.services.turn.perform import Performance, perform

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
    for issue in filter(None, (to.opened, to.further)):
        await transcript.say(
            to.session,
            to.conversation,
            to.now,
            to.support.wording.reference_given.format(reference=issue.reference),
            author_name=to.ctx.support.company,
            reference=issue.reference,
        )
