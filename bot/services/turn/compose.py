"""Compose the reply of a turn: the only place that turns the parts of a plan into stored messages.

Words come from domain.yml or the operator's replacement for it, and from support.yml. It runs after the commands, so
that references, versions and places exist.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue import plan
from bot.dialogue.draft import OTHER
from bot.services.billing import terms
from bot.services.billing.entitlement import entitlement_of
from bot.services.conversation import thread_privacy, transcript
from bot.services.core.hours_wording import hours_now, queue_place
from bot.services.core.topics import DESK
from bot.services.hand_off import transitions
from bot.services.issue import follow_up
from bot.services.queue import queue_order
from bot.services.turn.perform import ASSISTANT, NothingToPerformOn, Performance
from bot.settings.support.assistant_wording import spoken
from bot.settings.support.support import Support
from bot.store.unit_of_work import after_commit
from bot.triage.billing.entitlement import Kind
from bot.triage.hand_off.ownership import Owner

SAYS = (plan.Say, plan.SayText, plan.SayQueuePlace, plan.SayQueueNotices, plan.SayCoverage)

# Questions that hold nothing of what was written, beside those of the draft.
ASKED_OF_ALL = frozenset(("utter_ask_contract", "utter_ask_product"))

# A shorter text may be said twice, such as a yes to each of two questions.
SHORTEST_PASSAGE = 40


@dataclass
class _Bubble:
    """A message of the reply in the making; its paragraphs are the parts that the same people may read."""

    text: str
    private: bool
    asks: bool = False
    cards: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    reference: str | None = None

    def take(self, other: "_Bubble") -> None:
        """Add another part with its cards and choices; what is said already is not said again."""
        self.text = joined(self.text, other.text)
        self.asks = self.asks or other.asks
        self.cards += [card for card in other.cards if card not in self.cards]
        self.choices += other.choices
        self.reference = self.reference or other.reference


def joined(before: str, text: str) -> str:
    """Return the words of a reply with another part, unless its passage stands there already."""
    passage = text.partition("\n")[2] or text
    said = len(passage) >= SHORTEST_PASSAGE and passage in before
    return before if said else f"{before}\n\n{text}"


async def compose(to: Performance, reply: Iterable[plan.ReplyPart], *, private: bool) -> None:
    """Say the parts in order as one message, and hand off where the plan says so.

    ``private``: they answer what was written in private, and are as private, except for the reference and for the next
    question of the draft, which hold nothing of it: with these a shared thread goes on. What others may read and what
    only the customer may are two messages.
    """
    parts = tuple(reply)
    said = [part for part in parts if isinstance(part, SAYS)]
    bubbles: list[_Bubble] = []
    for part in parts:
        if isinstance(part, plan.SayQueueNotices):
            notices = await _queue_notices(to)
            if notices:
                notices[-1].choices += [await _button(to, choice) for choice in part.choices]
            _put(bubbles, notices)
        elif isinstance(part, SAYS):
            made = await _said(to, part, last=part is said[-1], private=private)
            _put(bubbles, [made] if made is not None else [])
        elif isinstance(part, plan.RequestHandOff):
            _put(bubbles, await _hand_off(to, part))
        else:
            await _cancel(to, part)
    for bubble in bubbles:
        await _store(to, bubble)


def _put(bubbles: list[_Bubble], more: Iterable[_Bubble]) -> None:
    for one in more:
        if bubbles and bubbles[-1].private == one.private:
            bubbles[-1].take(one)
        else:
            bubbles.append(one)


async def _store(to: Performance, bubble: _Bubble) -> None:
    await transcript.say(
        to.session,
        to.conversation,
        to.now,
        bubble.text,
        author=ASSISTANT,
        author_name=to.office.assistant_name,
        choices=bubble.choices,
        cards=bubble.cards,
        reference=bubble.reference,
        private=bubble.private,
        asks=bubble.asks,
    )


async def _said(to: Performance, part: Any, *, last: bool, private: bool) -> _Bubble | None:
    text = await _words(to, part)
    if text is None:
        return None
    cards = list(getattr(part, "cards", ()))
    logged = (issue.reference for issue in (to.opened, to.further, to.third, to.requested) if issue is not None)
    reference = next((one for one in logged if one in text), None)
    if private:
        of_all = getattr(part, "response", None) in ASKED_OF_ALL
        asks = last and (of_all or await thread_privacy.asks_in_public(to.session, to.conversation))
        private = bool(cards) or (reference is None and not asks)
    choices = [await _button(to, choice) for choice in getattr(part, "choices", ())]
    bubble = _Bubble(text, private or getattr(part, "private", False), last, cards, choices, reference)
    return await _with_privacy(to, bubble)


async def _with_privacy(to: Performance, bubble: _Bubble) -> _Bubble:
    """Mark what the customer alone may read where the conversation is held."""
    titles = [choice["title"] for choice in bubble.choices]
    shown = [*titles, *(value for card in bubble.cards for value in card.values())]
    bubble.private = bubble.private or await thread_privacy.must_be_private(
        to.session, to.conversation, bubble.text, shown=shown, asks=bubble.asks
    )
    return bubble


async def _words(to: Performance, part: Any) -> str | None:
    """Return the words of a part; None for a place in the queue that there is not."""
    if isinstance(part, plan.Say):
        return render(to.support, part.response, await _resolved(to, part.values))
    if isinstance(part, plan.SayText):
        return part.text.format_map(_Filled(await _resolved(to, part.values))) if part.values else part.text
    if isinstance(part, plan.SayCoverage):
        return await _coverage(to)
    place = await queue_order.queue_position(to.session, to.ctx.support.queue_policy, to.conversation)
    return queue_place(to.support, to.now, place, to.conversation.time_zone) if place is not None else None


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
    support = to.support
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
            "card_brands": terms.brands_in_words(support),
            "phone": support.phone,
        },
    )


async def _resolved(to: Performance, values: Mapping[str, plan.Value]) -> dict[str, Any]:
    return {name: await _value(to, value) for name, value in values.items()}


async def _value(to: Performance, value: plan.Value) -> Any:
    if not isinstance(value, plan.Ref):
        return value
    logged = {
        plan.ISSUE_REFERENCE: to.opened,
        plan.FURTHER_REFERENCE: to.further,
        plan.THIRD_REFERENCE: to.third,
        plan.REQUEST_REFERENCE: to.requested,
    }
    if value in logged:
        issue = logged[value]
        if issue is None:
            raise NothingToPerformOn("no such issue was logged")
        return issue.reference
    intake = (await to.draft()).intake
    return intake.id if value == plan.DRAFT_ID else intake.version


async def _button(to: Performance, choice: plan.Choice) -> dict[str, str]:
    fields = json.dumps(await _resolved(to, choice.fields)) if choice.fields else ""
    return {"title": choice.title, "payload": f"/{choice.intent}{fields}"}


async def _hand_off(to: Performance, part: plan.RequestHandOff) -> list[_Bubble]:
    """Put the issue in the queue; return what the customer hears of it, nothing when it was there before."""
    handed = await transitions.request_hand_off(
        to.session, to.ctx, to.conversation, reason=part.reason, actor=to.actor, also=part.also
    )
    after_commit(to.session, to.ctx.wake, DESK)
    if handed is None:
        return []
    if part.place_untold:
        hours = hours_now(to.support, to.now, to.conversation.time_zone)
        return [_Bubble(to.support.wording.taken_up.format(hours=hours), private=False)]
    return await _queue_notices(to)


async def _queue_notices(to: Performance) -> list[_Bubble]:
    """Return the place in the queue and who pays; nothing outside the queue."""
    if to.conversation.owner != Owner.QUEUE:
        return []
    notices = await transitions.queue_notices(to.session, to.ctx, to.conversation)
    bubbles = [_Bubble(one.text, private=False, cards=[*one.cards], choices=[*one.choices]) for one in notices]
    return [await _with_privacy(to, bubble) for bubble in bubbles]


async def _cancel(to: Performance, part: plan.CancelHandOff) -> None:
    issue_ids = None
    if part.reference is not None:
        issue = await follow_up.own_issue(to.session, to.conversation, part.reference)
        issue_ids = [issue.id] if issue is not None else []
    await transitions.cancel_hand_off(
        to.session, to.ctx, to.conversation, reason="customer", actor=to.actor, issue_ids=issue_ids
    )
    after_commit(to.session, to.ctx.wake, DESK)
