"""What the manual does not answer: recorded, grouped, counted, and shown without anybody's address."""

from typing import Any

import pytest

from bot.dialogue.plan import Say
from bot.installation.embedding.build import build as build_embedding
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound, TooMany
from bot.services.core.manual_search import Manual
from bot.services.manual import search_gaps, search_log
from bot.services.turn import turns
from bot.services.upkeep import housekeeping
from bot.store.tables import Conversation, SearchRecord
from knowledge_base.index import build_index
from tests.knowledge_base.samples import pages
from tests.support.service_fixtures import Clock, Customer
from tests.support.turn_outcomes import outcome_of

CARD = {"title": "Reprint an invoice: Steps", "url": "/manual/reprint#steps", "excerpt": "…"}


async def asked(ctx: Context, question: str, customer: Customer | None = None, **fields: Any) -> int:
    """A recorded search of a customer of its own, or of the given one; its id."""
    customer = customer or await Customer.arrives(ctx)
    values = {"shown": [], "score": 0.2, "confident": False, "created_at": ctx.clock(), **fields}
    async with ctx.db.write() as session:
        record = SearchRecord(conversation_id=customer.id, question=question, **values)
        session.add(record)
    return record.id


async def shown_to(ctx: Context, customer: Customer, question: str = "how do I reprint?", **fields: Any) -> None:
    """A search whose card the customer has before them."""
    await asked(ctx, question, customer, shown=[CARD], confident=True, **fields)
    await customer.writes(question)
    lease, prepared = await customer.begins_a_turn()
    await turns.complete(
        ctx, lease, prepared, outcome_of(ctx, Say("utter_manual_says", {"answer": "x"}, cards=(CARD,)))
    )


@pytest.fixture
def with_meaning(ctx: Context) -> Context:
    build_embedding(ctx.home)
    build_index(pages(), ctx.home / "index", None)
    ctx.manual = Manual(ctx.home)
    return ctx


async def test_alike_questions_are_one_gap_and_the_most_frequent_comes_first(with_meaning: Context) -> None:
    ctx = with_meaning
    for question in ("Does it work on a Mac?", "is there a mac version", "does it work on a mac?"):
        await asked(ctx, question)
    await asked(ctx, "Can invoices be in dollars?")
    found = await search_gaps.search_gaps(ctx)
    assert [(gap.question, gap.askers) for gap in found.questions] == [
        ("does it work on a mac?", 3),
        ("Can invoices be in dollars?", 1),
    ]
    assert found.questions[0].others == ["is there a mac version"]
    assert (found.searches, found.answered) == (4, 0)


async def test_without_index_and_embedding_shared_words_group(ctx: Context) -> None:
    await asked(ctx, "Can I print labels?")
    await asked(ctx, "print labels")
    await asked(ctx, "Where is the backup?")
    assert [gap.askers for gap in (await search_gaps.search_gaps(ctx)).questions] == [2, 1]


async def test_one_customer_who_asks_five_times_is_one_asker(ctx: Context, customer: Customer) -> None:
    for _ in range(5):
        await asked(ctx, "print labels", customer)
    (gap,) = (await search_gaps.search_gaps(ctx)).questions
    assert (gap.askers, gap.nothing_shown) == (1, 5)


async def test_what_was_answered_is_no_gap_and_what_did_not_help_is_one(ctx: Context) -> None:
    await asked(ctx, "solved", shown=[CARD], confident=True, solved=True)
    await asked(ctx, "answered, nobody said whether it helped", shown=[CARD], confident=True)
    await asked(ctx, "it did not help", shown=[CARD], confident=True, solved=False)
    found = await search_gaps.search_gaps(ctx)
    assert [(gap.question, gap.not_solved) for gap in found.questions] == [("it did not help", 1)]
    (page,) = found.pages
    assert (page.title, page.url) == ("Reprint an invoice", "/manual/reprint")
    assert (page.shown, page.solved, page.not_solved, page.without_solving) == (3, 1, 1, 2)


async def test_old_searches_and_those_beyond_the_period_are_left_out(ctx: Context, clock: Clock) -> None:
    await asked(ctx, "long ago")
    clock.advance(days=91)
    await asked(ctx, "of late")
    assert [gap.question for gap in (await search_gaps.search_gaps(ctx)).questions] == ["of late"]
    assert len((await search_gaps.search_gaps(ctx, days=365)).questions) == 2


async def test_addresses_and_numbers_are_masked_before_anybody_reads_them(ctx: Context) -> None:
    await asked(ctx, "mail mia@bakery.example or call +1 212 555 0147 about QB-2107, see TR-483-920-179")
    (gap,) = (await search_gaps.search_gaps(ctx)).questions
    assert gap.question == "mail [e-mail] or call [phone] about QB-2107, see [reference]"


async def test_an_opened_card_is_counted_once_and_only_of_ones_own_conversation(
    ctx: Context, customer: Customer
) -> None:
    await shown_to(ctx, customer)
    seq = (await customer.reads())[-1]["seq"]
    await search_log.card_opened(ctx, customer.id, seq, 0)
    await search_log.card_opened(ctx, customer.id, seq, 0)
    (page,) = (await search_gaps.search_gaps(ctx)).pages
    assert page.opened == 1
    stranger = await Customer.arrives(ctx)
    with pytest.raises(NotFound):
        await search_log.card_opened(ctx, stranger.id, seq, 0)


@pytest.mark.parametrize(("seq", "card"), [(None, 0), ("1", 0), ("real", 7), ("real", -1), (True, 0), (1.5, 0)])
async def test_a_card_that_is_none_is_refused(ctx: Context, customer: Customer, seq: Any, card: Any) -> None:
    await shown_to(ctx, customer)
    real = (await customer.reads())[-1]["seq"]
    with pytest.raises((Invalid, NotFound)):
        await search_log.card_opened(ctx, customer.id, real if seq == "real" else seq, card)


async def test_a_search_of_the_manuals_site_is_recorded_without_a_conversation(ctx: Context) -> None:
    key = await search_log.record_manual_search(ctx, "192.0.2.1", "card 4111 1111 1111 1111?", [CARD], 0.2, False)
    async with ctx.db.read() as session:
        record = await session.get_one(SearchRecord, 1)
    assert (record.source, record.conversation_id) == ("manual", None)
    assert "4111" not in record.question
    assert len((await search_gaps.search_gaps(ctx)).questions) == 1
    await search_log.manual_hit_opened(ctx, "192.0.2.1", key, 0)
    found = await search_gaps.search_gaps(ctx)
    assert found.questions == [], "somebody opened what was found: that is no gap"
    assert found.pages[0].opened == 1


async def test_a_flood_of_searches_is_refused_and_a_guessed_key_opens_nothing(ctx: Context) -> None:
    with pytest.raises(NotFound):
        await search_log.manual_hit_opened(ctx, "192.0.2.1", "guessed", 0)
    with pytest.raises(TooMany):
        for _ in range(100):
            await search_log.record_manual_search(ctx, "192.0.2.1", "q", [], 0.0, False)


async def test_what_was_typed_into_the_manual_long_ago_is_deleted_and_the_chat_is_kept(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    key = await search_log.record_manual_search(ctx, "192.0.2.1", "old", [CARD], 0.2, False)
    await search_log.manual_hit_opened(ctx, "192.0.2.1", key, 0)
    await asked(ctx, "in the chat", customer)
    clock.advance(days=181)
    await housekeeping.remove_expired(ctx)
    found = await search_gaps.search_gaps(ctx, days=365)
    assert [gap.question for gap in found.questions] == ["in the chat"]
    async with ctx.db.read() as session:
        assert await session.get(Conversation, customer.id) is not None
