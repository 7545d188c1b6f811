"""Perform the commands of a plan, each by the use case that it names, in the transaction that stores the reply.

Commands name no customer: the customer is the conversation's. Nothing here decides.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue import plan
from bot.dialogue.draft import OPEN
from bot.services.billing.entitlement import claim_contract
from bot.services.conversation.mood import count_abuse
from bot.services.core.context import Context
from bot.services.hand_off import notify_team
from bot.services.hand_off.open_hand_offs import follow_issue
from bot.services.intake import draft as drafts
from bot.services.intake.draft import Draft
from bot.services.intake.known_problem_offer import link_draft
from bot.services.intake.side_facts import fill_from
from bot.services.issue import follow_up, issue_status, log_request, product_of_issue
from bot.services.issue.open_issue import open_issue
from bot.services.manual.answer import mark_solved, record_search
from bot.services.turn.keep_in_confidence import keep_in_confidence
from bot.services.turn.turn_state import TurnState
from bot.settings.support.support import Support
from bot.store.tables import Conversation, Issue
from bot.triage.issue.requests import Request

ASSISTANT = "assistant"


class NothingToPerformOn(LookupError):
    """A command needs a draft or an issue that is not there: the plan does not fit the conversation."""


@dataclass
class Performance:
    """A plan being performed.

    ``opened``, ``further`` and ``third`` are the issues that it logged, ``requested`` the request.
    """

    session: AsyncSession
    ctx: Context
    conversation: Conversation
    state: TurnState
    now: datetime
    actor: str = ASSISTANT
    opened: Issue | None = None
    further: Issue | None = None
    third: Issue | None = None
    requested: Issue | None = None
    _draft: Draft | None = field(default=None, repr=False)

    async def draft(self) -> Draft:
        """Return the conversation's newest draft; raise NothingToPerformOn without one."""
        if self._draft is None:
            if self.state.intake is None:
                raise NothingToPerformOn("no draft")
            intake, issue = self.state.intake, self.state.issue
            self._draft = await drafts.load_draft(self.session, self.office, intake, issue)
        return self._draft

    @property
    def support(self) -> Support:
        """Return the settings in the customer's language."""
        return self.ctx.support_for(self.conversation)

    @property
    def office(self) -> Support:
        """Return the settings of the conversation's product."""
        return self.ctx.office_for(self.conversation)

    def begun(self, draft: Draft) -> None:
        """Go on with a new draft."""
        self._draft = draft

    async def words(self, message_id: int | None, text: str | None, more_messages: Iterable[int] = ()) -> str:
        """Return the words of a command: its own, else all those of the message and of those that follow it."""
        if text is not None:
            return text
        if message_id is None:
            raise NothingToPerformOn("no words")
        messages = (message_id, *more_messages)
        return "\n".join([await drafts.text_of(self.session, self.conversation.id, one) for one in messages])


async def perform(performance: Performance, commands: tuple[plan.Command, ...]) -> None:
    """Perform the commands in order; raise NothingToPerformOn for one that does not fit, and all is rolled back."""
    for command in commands:
        await _PERFORM[command.kind](performance, command)


async def _begin_draft(to: Performance, command: plan.BeginDraft) -> None:
    to.begun(await drafts.begin_draft(to.session, to.ctx, to.conversation))


async def _set_slot(to: Performance, command: plan.SetSlot) -> None:
    value = await to.words(command.message_id, command.value, command.more_messages)
    if command.confided:
        for message in to.state.messages:
            message.private = True
    await drafts.save_answer(
        to.session,
        await to.draft(),
        command.question,
        value,
        to.now,
        status=command.status,
        message_id=command.message_id,
        confided=command.confided,
    )


async def _add_to_problem(to: Performance, command: plan.AddToProblem) -> None:
    text = await to.words(command.message_id, command.text)
    draft = await to.draft()
    await drafts.add_to_problem(to.session, draft, text, to.now, command.message_id, private=command.private)


async def _set_category(to: Performance, command: plan.SetCategory) -> None:
    draft = await to.draft()
    await drafts.set_category(to.session, draft, command.category, to.now)
    if draft.issue is not None:
        await follow_issue(to.session, draft.issue, to.now)


async def _update_draft(to: Performance, command: plan.UpdateDraft) -> None:
    intake = (await to.draft()).intake
    intake.state, intake.asking, intake.asking_private = command.state, command.asking, command.asking_private
    intake.misses, intake.brief, intake.wants_person = command.misses, command.brief, command.wants_person
    intake.known_problem_offered = command.known_problem_offered


async def _keep_in_confidence(to: Performance, command: plan.KeepInConfidence) -> None:
    draft = await to.draft() if to.state.intake is not None else None
    await keep_in_confidence(to.session, to.conversation, draft, command.message_id, to.now)


async def _link_known_problem(to: Performance, command: plan.LinkKnownProblem) -> None:
    await link_draft(to.session, await to.draft(), command.problem, to.now)


async def _open_issue(to: Performance, command: plan.OpenIssue) -> None:
    draft = await to.draft()
    issue = await open_issue(to.session, to.ctx, to.conversation, draft, actor=to.actor)
    await log_request.share_contact(to.session, to.ctx, to.conversation, draft)
    if command.name == "issue":
        to.opened = issue
    elif command.name == "further":
        to.further = issue
    else:
        to.third = issue


async def _log_request(to: Performance, command: plan.LogRequest) -> None:
    request = to.office.category(command.request)
    if not isinstance(request, Request):
        raise NothingToPerformOn("no such request")
    to.requested = await log_request.log_request(
        to.session,
        to.ctx,
        to.conversation,
        request,
        {one: await to.words(one, command.text) for one in command.message_ids},
        command.contact,
        draft_is_open=to.state.intake is not None and to.state.intake.state == OPEN,
        actor=to.actor,
    )
    if request.urgent:
        await notify_team.enqueue_urgent_request(to.session, to.ctx, to.requested)


async def _set_request_contact(to: Performance, command: plan.SetRequestContact) -> None:
    await log_request.set_contact(to.session, to.ctx, to.conversation, command.contact, command.message_id)


async def _add_to_issue(to: Performance, command: plan.AddToIssue) -> None:
    text = await to.words(command.message_id, command.text)
    await follow_up.add_to_issue(to.session, to.ctx, to.conversation, text, command.message_id, private=command.private)


async def _note_facts(to: Performance, command: plan.NoteFacts) -> None:
    issue = await follow_up.open_issue_of(to.session, to.conversation)
    if issue is None:
        raise NothingToPerformOn("no open issue")
    draft = await drafts.draft_of_issue(to.session, to.ctx.office_for(issue), issue)
    text = await to.words(command.message_id, None)
    await fill_from(to.session, draft, text, to.now, command.message_id)


async def _attach_issue(to: Performance, command: plan.AttachIssue) -> None:
    await follow_up.attach_issue(to.session, to.ctx, to.conversation, command.reference)


async def _reopen_issue(to: Performance, command: plan.ReopenIssue) -> None:
    await issue_status.reopen_issue(to.session, to.ctx, to.conversation)


async def _resolve_issue(to: Performance, command: plan.ResolveIssue) -> None:
    await issue_status.resolve_for_customer(to.session, to.ctx, to.conversation)


async def _set_language(to: Performance, command: plan.SetLanguage) -> None:
    to.conversation.language = command.language


async def _note_product(to: Performance, command: plan.NoteProduct) -> None:
    to.conversation.product_asked = True
    if command.product is not None:
        await product_of_issue.set_product(to.session, to.ctx, to.conversation, command.product)


async def _set_mood(to: Performance, command: plan.SetMood) -> None:
    to.conversation.mood = command.value


async def _set_outcome(to: Performance, command: plan.SetOutcome) -> None:
    to.conversation.outcome = command.value


async def _count_abuse(to: Performance, command: plan.CountAbuse) -> None:
    await count_abuse(to.session, to.ctx, to.conversation, command.message_id)


async def _claim_contract(to: Performance, command: plan.ClaimContract) -> None:
    await claim_contract(to.session, to.ctx, to.conversation)
    if command.asks_for_number:
        to.conversation.proof_asked_at = to.now


async def _record_search(to: Performance, command: plan.RecordSearch) -> None:
    record_search(to.session, to.conversation, command, to.now)


async def _mark_search(to: Performance, command: plan.MarkSearch) -> None:
    await mark_solved(to.session, to.conversation, command.solved)


async def _expect(to: Performance, command: plan.Expect) -> None:
    to.conversation.pending_question = command.pending


async def _count_reference_miss(to: Performance, command: plan.CountReferenceMiss) -> None:
    to.conversation.reference_misses += 1


_PERFORM: dict[str, Callable[[Performance, Any], Awaitable[None]]] = {
    "begin_draft": _begin_draft,
    "set_slot": _set_slot,
    "add_to_problem": _add_to_problem,
    "set_category": _set_category,
    "update_draft": _update_draft,
    "keep_in_confidence": _keep_in_confidence,
    "link_known_problem": _link_known_problem,
    "open_issue": _open_issue,
    "log_request": _log_request,
    "set_request_contact": _set_request_contact,
    "add_to_issue": _add_to_issue,
    "note_facts": _note_facts,
    "attach_issue": _attach_issue,
    "reopen_issue": _reopen_issue,
    "resolve_issue": _resolve_issue,
    "set_language": _set_language,
    "note_product": _note_product,
    "set_mood": _set_mood,
    "set_outcome": _set_outcome,
    "count_abuse": _count_abuse,
    "claim_contract": _claim_contract,
    "record_search": _record_search,
    "mark_search": _mark_search,
    "expect": _expect,
    "count_reference_miss": _count_reference_miss,
}
