"""Learning from use: what was not understood is shown without names, labelled once, and taught."""

from pathlib import Path

import pytest

from bot.dialogue.reading import NOT_UNDERSTOOD, Reading
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, NotFound
from bot.services.manual import search_gaps
from bot.services.turn import turns
from bot.services.understanding import learned_examples, misunderstood
from bot.store.tables import Customer as CustomerRow
from bot.store.tables import SearchRecord
from tests.support.service_fixtures import Customer
from tests.support.turn_outcomes import outcome_of

UNSURE = Reading(NOT_UNDERSTOOD, 0.2)


async def not_understood(ctx: Context, customer: Customer, text: str, rule: str = "not understood") -> None:
    message = await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    about = prepared.message_id
    choices = [{"title": "How do I …?", "payload": f'/how_to{{"about": {about}}}'}]
    outcome = outcome_of(ctx, "Which of these?", choices=choices, reading=UNSURE, rule=rule)
    await turns.complete(ctx, lease, prepared, outcome)
    async with ctx.db.write() as session:
        (await lifecycle.load(session, customer.id)).lease_until = None
    assert message["text"] == text


async def test_phrases_are_counted_without_what_points_at_anybody(ctx: Context, customer: Customer) -> None:
    async with ctx.db.write() as session:
        (await session.get_one(CustomerRow, 1)).name = "Mia Jones"
    await not_understood(ctx, customer, "flibber the gadget for Mia, mia@bakery.example")
    await not_understood(ctx, customer, "Flibber the gadget for Mia, bob@other.example!")
    await not_understood(ctx, customer, "wibble 4711")
    found = await misunderstood.list_misunderstood(ctx)
    assert [(one.text, one.count) for one in found] == [
        ("Flibber the gadget for [name], [e-mail]!", 2),
        ("wibble 4711", 1),
    ]


async def test_a_question_is_anonymised_alike_in_learning_and_in_gaps(ctx: Context, customer: Customer) -> None:
    async with ctx.db.write() as session:
        (await session.get_one(CustomerRow, 1)).name = "Mia Jones"
    question = (
        "Mia here, 12 Baker Street, www.bakery.example, mia@bakery.example, +1 212 555 0147, AB12C-3DE4F-GH56I: "
        "QB-2107 in 12.2.1, see TR-483-920-179"
    )
    await not_understood(ctx, customer, question)
    async with ctx.db.write() as session:
        session.add(
            SearchRecord(
                conversation_id=customer.id,
                question=question,
                shown=[],
                score=0.1,
                confident=False,
                created_at=ctx.clock(),
            )
        )
    (phrase,) = await misunderstood.list_misunderstood(ctx)
    (gap,) = (await search_gaps.search_gaps(ctx)).questions
    assert phrase.text == gap.question
    assert gap.question == (
        "[name] here, [address], [link] [e-mail], [phone], [number]: QB-2107 in 12.2.1, see [reference]"
    )


async def test_what_was_taken_as_an_answer_was_understood(ctx: Context, customer: Customer) -> None:
    await not_understood(ctx, customer, "HP 4000", rule="an answer to the question asked")
    assert await misunderstood.list_misunderstood(ctx) == []


async def test_what_the_customer_chose_afterwards_is_suggested(ctx: Context, customer: Customer) -> None:
    await not_understood(ctx, customer, "flibber the gadget")
    choice = (await customer.reads())[-1]["choices"][0]
    await customer.chooses(choice["id"])
    (phrase,) = await misunderstood.list_misunderstood(ctx)
    assert phrase.suggestion == "how_to"


async def test_a_labelled_phrase_is_taught_and_not_shown_again(ctx: Context, customer: Customer) -> None:
    await not_understood(ctx, customer, "flibber gadget 12 for mia@bakery.example")
    (phrase,) = await misunderstood.list_misunderstood(ctx)
    diff = await misunderstood.label_phrase(ctx, phrase.key, "how_to", actor="technician:1")
    assert "+    - flibber gadget 12 for someone@company.example" in diff.splitlines()
    assert learned_examples.learned_examples(ctx.home) == {"how_to": ["flibber gadget 12 for someone@company.example"]}
    assert await misunderstood.list_misunderstood(ctx) == []
    with pytest.raises(NotFound):
        await misunderstood.label_phrase(ctx, phrase.key, "how_to", actor="technician:1")


async def test_a_dismissed_phrase_teaches_nothing(ctx: Context, customer: Customer) -> None:
    await not_understood(ctx, customer, "zwq brrk")
    (phrase,) = await misunderstood.list_misunderstood(ctx)
    assert await misunderstood.label_phrase(ctx, phrase.key, None, actor="technician:1") == ""
    assert learned_examples.learned_examples(ctx.home) == {}
    assert await misunderstood.list_misunderstood(ctx) == []


async def test_an_unknown_intent_changes_nothing(ctx: Context, customer: Customer) -> None:
    await not_understood(ctx, customer, "flibber the gadget")
    (phrase,) = await misunderstood.list_misunderstood(ctx)
    with pytest.raises(Invalid, match="no intent"):
        await misunderstood.label_phrase(ctx, phrase.key, "dance", actor="technician:1")
    assert len(await misunderstood.list_misunderstood(ctx)) == 1


async def test_a_learned_sentence_can_be_taken_back_and_leaves_no_empty_intent(ctx: Context) -> None:
    file = learned_examples.own_file(ctx.home)
    learned_examples.add_example(file, "how_to", "flibber it")
    learned_examples.add_example(file, "ask_hours", "when flibber")
    await misunderstood.forget_example(ctx, "how_to", "flibber it", actor="technician:1")
    assert learned_examples.learned_examples(ctx.home) == {"ask_hours": ["when flibber"]}
    await misunderstood.forget_example(ctx, "ask_hours", "when flibber", actor="technician:1")
    assert not file.exists()
    with pytest.raises(NotFound):
        await misunderstood.forget_example(ctx, "ask_hours", "when flibber", actor="technician:1")


def test_a_sentence_that_measures_the_model_is_never_taught(ctx: Context) -> None:
    with pytest.raises(Conflict, match="held-out"):
        learned_examples.add_example(
            learned_examples.own_file(ctx.home), "how_to", "Where's the reprint function hidden?"
        )


def test_without_the_held_out_sentences_nothing_is_taught(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned_examples, "HELD_OUT", tmp_path / "nlu.yml")
    file = learned_examples.own_file(ctx.home)
    with pytest.raises(Conflict, match="data/held_out") as refused:
        learned_examples.add_example(file, "how_to", "flibber it")
    assert refused.value.code == "held_out_missing" and not file.exists()


def test_a_shipped_file_gains_one_line_and_nothing_else_moves(tmp_path: Path) -> None:
    shipped = learned_examples.shipped_file("ask_hours")
    assert shipped.name == "about_support.yml"
    before = shipped.read_text()
    file = tmp_path / shipped.name
    file.write_text(before)
    diff = learned_examples.add_example(file, "ask_hours", "until what o'clock can I flibber")
    changed = [line for line in diff.splitlines()[2:] if line.startswith(("+", "-"))]
    assert changed == ["+    - until what o'clock can I flibber"]
    assert learned_examples.remove_example(file, "ask_hours", "until what o'clock can I flibber")
    assert file.read_text() == before
