"""The rows of a draft: what is filled in when it begins, who may read an answer, and what the logged issue says."""

import pytest
from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.intake.side_facts import fill_from
from bot.store.tables import Conversation, IntakeAnswer, Message
from tests.support.interview import Interview
from tests.support.service_fixtures import Clock, Customer

PROBLEM = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def written(interview: Interview, text: str, *, private: bool = False) -> int:
    """Return the id of a message that the customer has just written."""
    shown = await interview.customer.writes(text)
    async with interview.ctx.db.write() as session:
        query = select(Message).where(Message.conversation_id == interview.customer.id, Message.seq == shown["seq"])
        message = (await session.scalars(query)).one()
        message.private = private
        return message.id


async def saves(
    interview: Interview, question: str, value: str, message_id: int | None, *, confided: bool = False
) -> None:
    now = interview.ctx.clock()
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        await drafts.save_answer(session, draft, question, value, now, message_id=message_id, confided=confided)


async def is_private(interview: Interview, message_id: int) -> bool:
    async with interview.ctx.db.read() as session:
        return (await session.get_one(Message, message_id)).private


async def test_a_later_draft_of_an_angry_customer_is_short_from_the_start(interview: Interview) -> None:
    async with interview.ctx.db.write() as session:
        conversation = await session.get_one(Conversation, interview.customer.id)
        conversation.mood = "frustrated"
    await interview.starts(**PROBLEM)
    assert (await interview.draft()).questions_left() == 3


async def test_a_known_address_is_not_asked_again_for_a_second_issue(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.is_logged()
    await interview.starts(problem="the import fails")
    assert (await interview.answers())["contact"] == "kim@brightsons.example"


async def test_side_facts_fill_the_rows_and_overwrite_nothing(interview: Interview) -> None:
    await interview.starts(**PROBLEM, product_version="12.2")
    text = "version 13.0, error QB-2107, call 020 7946 0958, but call me tomorrow at 3pm"
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        filled = await fill_from(session, draft, text, interview.ctx.clock(), None)
    assert sorted(filled) == ["call_back", "contact", "error_text"]
    answers = await interview.answers()
    assert (answers["product_version"], answers["error_text"]) == ("12.2", "QB-2107")
    assert answers["contact"] == "kim@brightsons.example, 020 7946 0958"
    assert answers["call_back"] == "tomorrow at 3pm"


async def test_an_answer_is_as_private_as_its_message(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    private = await written(interview, "I deleted the driver", private=True)
    public = await written(interview, "12.2.1")
    await saves(interview, "what_changed", "I deleted the driver", private)
    await saves(interview, "product_version", "12.2.1", public)
    answers = (await interview.draft()).answers
    assert (answers["what_changed"].visibility, answers["product_version"].visibility) == ("technician", "everyone")


async def test_what_is_confided_makes_its_message_private(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    message = await written(interview, "I deleted the driver")
    await saves(interview, "what_changed", "I deleted the driver", message, confided=True)
    assert (await interview.draft()).answers["what_changed"].visibility == "technician"
    assert await is_private(interview, message)


async def test_an_open_question_in_confidence_alone_makes_nothing_private(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    message = await written(interview, "I deleted the driver")
    async with interview.ctx.db.write() as session:
        intake = (await interview.draft_in(session)).intake
        intake.asking, intake.asking_private = "what_changed", True
    await saves(interview, "what_changed", "I deleted the driver", message)
    assert not await is_private(interview, message)


async def test_a_problem_written_in_private_is_kept_apart(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    message = await written(interview, "the boss must not know", private=True)
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        for _ in range(2):
            await drafts.add_to_problem(session, draft, "I deleted it", interview.ctx.clock(), message)
    draft = await interview.draft()
    assert draft.answers["private_problem"].value == "I deleted it"
    assert (draft.title, draft.problem) == ("it crashes when I print", "it crashes when I print\nI deleted it")


async def test_only_a_changed_answer_has_a_new_date(interview: Interview, clock: Clock) -> None:
    await interview.starts(**PROBLEM, product_version="12.2")
    before, version = clock(), (await interview.draft()).intake.version
    clock.advance(minutes=5)
    await saves(interview, "product_version", "12.2", None)
    assert (await interview.draft()).intake.version == version
    await saves(interview, "product_version", "13.0", None)
    async with interview.ctx.db.read() as session:
        rows = {row.question_id: row.updated_at for row in await session.scalars(select(IntakeAnswer))}
    assert (rows["product_version"], rows["contact"]) == (clock(), before)
    assert (await interview.draft()).intake.updated_at == clock()


async def test_the_issue_says_what_its_draft_says(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.is_logged()
    issue = (await interview.draft()).issue
    assert issue is not None and not issue.details_complete
    answers = {
        "product_version": "12.2.1",
        "error_text": "no message",
        "printer": "Canon",
        "what_changed": "Nothing that I know of",
        "tried": "Nothing yet",
        "impact": "everyone is stopped",
    }
    for question, value in answers.items():
        await saves(interview, question, value, None)
    issue = (await interview.draft()).issue
    assert issue is not None and issue.details_complete and issue.impact == "everyone_stopped"


async def test_a_chosen_category_is_the_issues(interview: Interview) -> None:
    await interview.starts(**PROBLEM)
    await interview.is_logged()
    async with interview.ctx.db.write() as session:
        await drafts.set_category(session, await interview.draft_in(session), "reports", interview.ctx.clock())
    issue = (await interview.draft()).issue
    assert issue is not None and issue.category == "reports"


@pytest.mark.parametrize(
    ("problem", "title"),
    [
        ("**Important:** the ~~old~~ `printer`", "Important: the old printer"),
        ("see [our bank](https://evil.example/x)", "see our bank (https://evil.example/x)"),
        ("- the first __init__ of *.qbk", "- the first __init__ of *.qbk"),
    ],
)
async def test_a_title_has_the_words_of_the_problem_and_no_marks(
    interview: Interview, problem: str, title: str
) -> None:
    await interview.starts(problem=problem)
    assert (await interview.draft()).title == title
