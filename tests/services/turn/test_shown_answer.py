"""A short message may lean on the last answer from the manual, as long as little was written since."""

from typing import Any

from bot.dialogue.context import TurnContext
from bot.dialogue.plan import Command, MarkSearch, RecordSearch, SayText
from bot.services.core.context import Context
from bot.services.turn import turns
from tests.support.service_fixtures import Clock, Customer
from tests.support.turn_outcomes import outcome_of

CARDS: tuple[dict[str, Any], ...] = (
    {"title": "Set up a printer: Paper", "url": "/manual/set-up-a-printer#paper", "excerpt": "Choose the tray."},
    {"title": "Set up a printer", "url": "/manual/set-up-a-printer", "excerpt": "Choose a printer."},
    {"title": "Labels", "url": "/manual/labels#rolls", "excerpt": "Choose the width."},
)


async def next_context(ctx: Context, customer: Customer, text: str, *commands: Command, rule: str = "r") -> TurnContext:
    """Return the context of a message a minute later, which is answered with the commands."""
    assert isinstance(ctx.clock, Clock)
    ctx.clock.advance(minutes=1)
    await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    outcome = outcome_of(ctx, SayText("Here."), commands=commands, rule=rule)
    assert await turns.complete(ctx, lease, prepared, outcome) is None
    return prepared.context


def searched(message_id: int | None, cards: tuple[dict[str, Any], ...] = CARDS) -> RecordSearch:
    return RecordSearch("how do I choose a printer", message_id, cards, 0.8, True)


async def shown_to(ctx: Context, customer: Customer, cards: tuple[dict[str, Any], ...] = CARDS) -> None:
    await customer.writes("how do I choose a printer")
    lease, prepared = await customer.begins_a_turn()
    assert prepared.context.message is not None
    outcome = outcome_of(
        ctx, SayText("Here."), commands=[searched(prepared.context.message.id, cards)], rule="how do I"
    )
    assert await turns.complete(ctx, lease, prepared, outcome) is None


async def test_a_first_message_leans_on_nothing(ctx: Context, customer: Customer) -> None:
    context = await next_context(ctx, customer, "hello")
    assert (context.shown, context.last_rule) == (None, None)


async def test_the_next_message_has_the_question_and_the_pages_shown(ctx: Context, customer: Customer) -> None:
    await shown_to(ctx, customer)
    context = await next_context(ctx, customer, "and on a Mac?")
    assert context.shown is not None and context.last_rule == "how do I"
    assert context.shown.question == "how do I choose a printer"
    assert context.shown.pages == ("/manual/set-up-a-printer", "/manual/labels")
    assert context.shown.titles == ("Set up a printer: Paper", "Labels")
    assert (context.shown.private, context.shown.since) == (False, 0)


async def test_it_fades_after_two_turns(ctx: Context, customer: Customer) -> None:
    await shown_to(ctx, customer)
    since = []
    for text in ("thanks", "hm", "one moment", "and on a Mac?"):
        shown = (await next_context(ctx, customer, text, rule="thank you")).shown
        since.append(shown.since if shown is not None else None)
    assert since == [0, 1, 2, None]


async def test_nothing_leans_on_an_answer_that_helped(ctx: Context, customer: Customer) -> None:
    await shown_to(ctx, customer)
    await next_context(ctx, customer, "thanks, that helped", MarkSearch(solved=True))
    assert (await next_context(ctx, customer, "it crashes when I print")).shown is None


async def test_nothing_leans_on_a_search_that_showed_nothing(ctx: Context, customer: Customer) -> None:
    await shown_to(ctx, customer, ())
    context = await next_context(ctx, customer, "and on a Mac?")
    assert (context.shown, context.last_rule) == (None, "how do I")
