"""Technicians read the customer's words without the marks of their channel."""

from bot.services.core.context import Context
from bot.services.desk.collected_answers import at_a_glance, collect_answers
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer


async def test_answers_are_shown_without_marks(ctx: Context, customer: Customer) -> None:
    interview = Interview(ctx, customer)
    await interview.starts(problem="*It* crashes, [see](https://x.example/a)", product_version="**8.2**")
    asked = await interview.draft()
    shown = collect_answers(ctx, asked)
    assert shown["problem"] == "It crashes, see (https://x.example/a)"
    assert {one["question_id"]: one["value"] for one in shown["answers"]} == {
        "problem": "It crashes, see (https://x.example/a)",
        "product_version": "8.2",
    }
    assert next(one["value"] for one in at_a_glance(asked, None) if one["key"] == "version") == "8.2"
