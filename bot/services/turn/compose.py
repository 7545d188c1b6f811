"""Compose the reply of a turn: the only place that turns the parts of a plan into stored messages.

Words come from domain.yml or the operator's replacement for it, and from support.yml. It runs after the commands, so
that references, versions and places exist.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from bot.dialogue import plan
from bot.dialogue.draft import OTHER
from bot.services.billing.entitlement import entitlement_of
from bot.services.conversation import thread_privacy, transcript
from bot.services.core.hours_wording import queue_place
from bot.services.core.topics import DESK
from bot.services.hand_off import transitions
from bot.services.queue import queue_order
from bot.services.turn.perform import ASSISTANT, NothingToPerformOn, Performance
from bot.settings.support.assistant_wording import spoken
from bot.settings.support.support import Support
from bot.store.unit_of_work import after_commit
from bot.triage.billing.entitlement import Kind

SAYS = (plan.Say, plan.SayText, plan.SayQueuePlace, plan.SayCoverage)


async def compose(to: Performance, reply: Iterable[plan.ReplyPart], *, private: bool) -> None:
    """Say the parts in order, and hand off where the plan says so.

    ``private``: they answer what was written in private, and are as private, except for the reference and for the next
    question of the draft, which hold nothing of it: with these a shared thread goes on.
    """
    parts = tuple(reply)
    said = [part for part in parts if isinstance(part, SAYS)]
    for part in parts:
        if isinstance(part, SAYS):
            await _say(to, part, last=part is said[-1], private=private)
        else:
            await _OWNER[part.kind](to, part)


async def _say(to: Performance, part: Any, *, last: bool, private: bool) -> None:
    text = await _words(to, part)
    if text is None:
        return
    cards = getattr(part, "cards", ())
    reference = to.opened.reference if to.opened is not None and to.opened.reference in text else None
    if private:
        asks = last and await thread_privacy.asks_in_public(to.session, to.conversation)
        private = bool(cards) or (reference is None and not asks)
    await transcript.say(
        to.session,
        to.conversation,
        to.now,
        text,
        author=ASSISTANT,
        author_name=to.ctx.support.assistant_name,
        choices=[await _button(to, choice) for choice in getattr(part, "choices", ())],
        cards=cards,
        reference=reference,
        private=private or getattr(part, "private", False),
        asks=last,
    )


async def _words(to: Performance, part: Any) -> str | None:
    """Return the words of a part; None for a place in the queue that there is not."""
    if isinstance(part, plan.Say):
        return render(to.ctx.support, part.response, await _resolved(to, part.values))
    if isinstance(part, plan.SayText):
        return part.text.format_map(_Filled(await _resolved(to, part.values))) if part.values else part.text
    if isinstance(part, plan.SayCoverage):
        return await _coverage(to)
    place = await queue_order.queue_position(to.session, to.ctx.support.queue_policy, to.conversation)
    return queue_place(to.ctx.support, to.now, place, to.conversation.time_zone) if place is not None else None


def render(support: Support, response: str, values: Mapping[str, Any]) -> str:
    """Return a response in the operator's words, else in those of domain.yml; one of its variations, at random."""
    variations = support.sentences.own.get(response) or spoken()[response]
    return secrets.choice(variations).format_map(_Filled(values))


class _Filled(dict[str, Any]):
    """Values for placeholders; one without a value stays as it is written."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


async def _coverage(to: Performance) -> str:
    """Return who would pay. A customer with a contract, proven or claimed, is never asked to pay."""
    support = to.ctx.support
    kind = await entitlement_of(to.session, to.ctx, to.conversation, support.category(OTHER))
    if kind is Kind.CONTRACT:
        return render(support, "utter_coverage_contract", {})
    if kind is Kind.CONTRACT_CLAIMED:
        return support.wording.contract_to_check
    charges = support.charges
    return render(
        support,
        "utter_coverage",
        {
            "rate": f"{charges.hourly_rate:.2f} {charges.currency}",
            "card_brands": " or ".join(charges.cards),
            "phone": support.phone,
        },
    )


async def _resolved(to: Performance, values: Mapping[str, plan.Value]) -> dict[str, Any]:
    return {name: await _value(to, value) for name, value in values.items()}


async def _value(to: Performance, value: plan.Value) -> Any:
    if not isinstance(value, plan.Ref):
        return value
    if value in (plan.ISSUE_REFERENCE, plan.FURTHER_REFERENCE):
        issue = to.opened if value == plan.ISSUE_REFERENCE else to.further
        if issue is None:
            raise NothingToPerformOn("no issue was logged")
        return issue.reference
    intake = (await to.draft()).intake
    return intake.id if value == plan.DRAFT_ID else intake.version


async def _button(to: Performance, choice: plan.Choice) -> dict[str, str]:
    fields = json.dumps(await _resolved(to, choice.fields)) if choice.fields else ""
    return {"title": choice.title, "payload": f"/{choice.intent}{fields}"}


async def _hand_off(to: Performance, part: plan.RequestHandOff) -> None:
    await transitions.request_hand_off(to.session, to.ctx, to.conversation, reason=part.reason, actor=to.actor)
    after_commit(to.session, to.ctx.wake, DESK)


async def _cancel(to: Performance, part: plan.CancelHandOff) -> None:
    await transitions.cancel_hand_off(to.session, to.ctx, to.conversation, reason="customer", actor=to.actor)
    after_commit(to.session, to.ctx.wake, DESK)


_OWNER: dict[str, Callable[[Performance, Any], Awaitable[None]]] = {
    "request_hand_off": _hand_off,
    "cancel_hand_off": _cancel,
}
