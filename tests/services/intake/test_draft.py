"""The draft: what is asked next, what is kept, and what the logged issue says of it."""

import pytest

from bot.services.core.context import Context
from bot.services.intake.side_facts import fill_from
from bot.store.tables import Conversation
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer

PROBLEM = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def test_a_hurried_customer_is_asked_the_vital_questions_only(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        draft.intake.asking = "product_version"
        draft.shorten()
    draft = await interview.draft()
    assert (draft.next_step(), draft.questions_left()) == ("error_text", 3)
    assert not draft.is_complete


async def test_a_later_draft_of_an_angry_customer_is_short_from_the_start(interview: Interview) -> None:
    async with interview.ctx.db.write() as session:
        conversation = await session.get_one(Conversation, interview.customer.id)
        conversation.mood = "frustrated"
    await interview.starts(**PROBLEM)
    assert (await interview.draft()).questions_left() == 3


async def test_what_was_said_before_the_category_is_known_is_not_asked_later(interview: Interview) -> None:
    await interview.starts()
    await fills(interview, "version 12.2.1 here, error QB-2107")
    await interview.hears("it crashes when I print")
    await interview.hears("kim@brightsons.example")
    assert await interview.asking() == "printer"


async def fills(interview: Interview, text: str) -> None:
    async with interview.ctx.db.write() as session:
        await fill_from(session, await interview.draft_in(session), text, interview.ctx.clock(), None)


async def test_as_side_facts_nothing_is_overwritten_but_a_missing_kind_of_contact_is_added(
    interview: Interview,
) -> None:
    await interview.starts(**PROBLEM, product_version="12.2")
    await fills(interview, "version 13.0, write to bob@y.example or call 020 7946 0958")
    answers = await interview.answers()
    assert answers["product_version"] == "12.2"
    assert answers["contact"] == "kim@brightsons.example, 020 7946 0958"


async def test_the_newest_wish_for_a_call_back_counts(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await fills(interview, "call me tomorrow at 3pm")
    await fills(interview, "no, call me on friday")
    assert (await interview.answers())["call_back"] == "on friday"


async def test_the_issue_says_what_its_draft_says(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.is_logged()
    issue = (await interview.draft()).issue
    assert issue is not None and not issue.details_complete
    for line in ("12.2.1", "no message", "Canon", "Nothing that I know of", "Nothing yet", "everyone is stopped"):
        await interview.hears(line)
    issue = (await interview.draft()).issue
    assert issue is not None and issue.details_complete and issue.impact == "everyone_stopped"


async def test_a_draft_is_put_aside_once_and_a_repeat_is_the_same(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.hears("never mind", "cancel")
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        assert draft.put_aside(interview.message_id) and draft.put_aside(interview.message_id)
        assert not draft.put_aside(interview.message_id + 1)
    assert (await interview.draft()).intake.state == "kept"


async def test_a_known_address_is_not_asked_again_for_a_second_issue(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.is_logged()
    await interview.starts(problem="the import fails")
    assert (await interview.answers())["contact"] == "kim@brightsons.example"


@pytest.mark.parametrize(
    ("problem", "title"),
    [
        ("**Important:** the ~~old~~ `printer`", "Important: the old printer"),
        ("see [our bank](https://evil.example/x)", "see our bank (https://evil.example/x)"),
        ("- first\n- __init__ of *.qbk", "- first - __init__ of *.qbk"),
    ],
)
async def test_a_title_has_the_words_of_the_problem_and_no_marks(
    interview: Interview, problem: str, title: str
) -> None:
    await interview.starts(problem=problem)
    assert (await interview.draft()).title == title
