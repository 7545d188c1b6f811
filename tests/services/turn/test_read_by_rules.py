"""Without Rasa: the same draft goes on, a reference and a place in the queue come within two messages."""

from typing import Any

import pytest

from bot.services.core.context import Context
from bot.services.hand_off.known_problem_news import KnownProblemNewsSender
from bot.services.issue import known_problems
from bot.services.turn import turns
from bot.services.turn.read_by_rules import decide_here
from bot.store.tables import Conversation, Technician
from tests.support.interview import Interview
from tests.support.outbox import send_due
from tests.support.service_fixtures import Customer


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def answered_without_rasa(interview: Interview, text: str) -> str:
    await interview.customer.writes(text)
    return await works_off(interview)


async def works_off(interview: Interview) -> str:
    """The reply of the turn."""
    lease, prepared = await interview.customer.begins_a_turn()
    outcome = await decide_here(interview.ctx, prepared.context, reason="unreachable")
    before = {message["seq"] for message in await interview.customer.reads()}
    await turns.complete(interview.ctx, lease, prepared, outcome)
    async with interview.ctx.db.write() as session:
        (await session.get_one(Conversation, interview.customer.id)).lease_until = None
    return "\n".join(message["text"] for message in await interview.customer.reads() if message["seq"] not in before)


async def test_two_messages_bring_a_reference_and_a_place_in_the_queue(interview: Interview) -> None:
    first = await answered_without_rasa(interview, "it crashes when I print")
    assert interview.ctx.support.wording.fallback_ask_contact in first
    second = await answered_without_rasa(interview, "kim@brightsons.example")
    state = await interview.customer.state()
    assert state["reference"] in second
    assert (state["owner"], state["queue_position"]) == ("queue", 1)


async def test_what_was_answered_before_is_not_asked_again(interview: Interview) -> None:
    await interview.starts(problem="it crashes when I print", contact="kim@brightsons.example")
    outcome = await answered_without_rasa(interview, "it is urgent")
    assert (await interview.customer.state())["reference"] in outcome
    assert (await interview.answers())["problem"] == "it crashes when I print\nit is urgent"


async def test_an_address_is_asked_for_twice_at_most(interview: Interview) -> None:
    await answered_without_rasa(interview, "it crashes when I print")
    await answered_without_rasa(interview, "why")
    await answered_without_rasa(interview, "no")
    assert (await interview.customer.state())["reference"] is not None
    assert (await interview.answers())["contact"] == interview.ctx.support.wording.contact_is_this_chat


async def test_a_greeting_is_no_problem(interview: Interview) -> None:
    outcome = await answered_without_rasa(interview, "hello")
    assert interview.ctx.support.wording.fallback_ask_problem in outcome
    assert await interview.answers() == {}


@pytest.mark.parametrize(
    ("payload", "answers"),
    [
        ('/answer_question{"question": "printer", "value": "Canon"}', {"printer": "Canon"}),
        ("/ask_person", {}),
    ],
)
async def test_a_pressed_choice_is_saved_where_it_answers_something(
    interview: Interview, payload: str, answers: dict[str, Any]
) -> None:
    essentials = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
    await interview.starts(**essentials)
    await presses(interview, payload)
    await works_off(interview)
    asked = {"who_pays": "not answered"}
    assert await interview.answers() == {**essentials, **answers, **asked}


async def test_a_pressed_category_is_the_category(interview: Interview) -> None:
    await interview.starts(problem="a strange purple shape", contact="kim@brightsons.example")
    await presses(interview, '/answer_question{"question": "category", "value": "printing"}')
    await works_off(interview)
    draft = await interview.draft()
    assert draft.intake.category == "printing" and "category" not in draft.answers
    assert draft.issue is not None and draft.issue.team == draft.support.category("printing").team


async def test_what_the_assistant_says_unasked_is_said_without_rasa_too(interview: Interview, anna: Technician) -> None:
    ctx = interview.ctx
    await interview.starts(problem="it crashes when I print", contact="kim@brightsons.example")
    reference = await interview.is_logged()
    problem = await known_problems.publish_known_problem(
        ctx, anna, {"title": "Crashes", "text": "Wait.", "category": "printing"}
    )
    await known_problems.link_issue(ctx, anna, problem.id, reference)
    await known_problems.post_update(ctx, anna, problem.id, "12.2.2 puts it right.", over=True)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    outcome = await works_off(interview)
    assert "12.2.2 puts it right." in outcome
    assert ctx.support.wording.assistant_unavailable not in outcome


async def presses(interview: Interview, payload: str) -> None:
    """The assistant offered a quick reply before Rasa went away; now it is pressed."""
    await interview.customer.writes("hello")
    await interview.customer.is_answered("Which one?", choices=({"title": "This one", "payload": payload},))
    async with interview.ctx.db.write() as session:
        (await session.get_one(Conversation, interview.customer.id)).lease_until = None
    (offered,) = (await interview.customer.reads())[-1]["choices"]
    await interview.customer.chooses(offered["id"])
