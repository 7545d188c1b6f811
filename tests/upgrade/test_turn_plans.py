"""An office in the middle of its conversations upgrades: nothing is asked again, and every reference is told."""

import pytest
from sqlalchemy import select

from bot.services.conversation import transcript
from bot.services.core.context import Context
from bot.services.turn import turns
from bot.services.turn.conversation_lease import due
from bot.services.turn.read_by_rules import decide_here
from bot.store import schema
from bot.store.tables import Conversation, Intake, Turn
from tests.upgrade import old_databases

BEFORE = "0006_bundles"
# c-form: in the middle of the questions, a known problem offered. c-untold: logged, and nobody was told. c-fallback:
# the engine was away when it asked for the contact. c-returned: a technician has just given it back. c-again: taken up
# again. c-rollover: an episode was about to begin, which needs no word.
IN_THE_MIDDLE = """
INSERT INTO conversations (id, customer_id, channel, owner, epoch, last_seq, episode, episode_turns, resume, model_id,
    fallback, customer_read_seq, fence, issue_id, created_at, updated_at) VALUES
('c-form', 1, 'web', 'assistant', 1, 2, 3, 7, NULL, 'model-a', {no}, 0, 1, NULL, '{at}', '{at}'),
('c-untold', 1, 'web', 'assistant', 1, 1, 1, 1, NULL, 'model-a', {no}, 0, 1, NULL, '{at}', '{at}'),
('c-fallback', 1, 'web', 'assistant', 1, 2, 1, 1, NULL, NULL, {yes}, 0, 1, NULL, '{at}', '{at}'),
('c-returned', 1, 'web', 'assistant', 4, 1, 2, 0,
    '{{"kind": "give_back", "note": "It is the spooler.", "technician": "Anna"}}', NULL, {no}, 0, 1, NULL,
    '{at}', '{at}'),
('c-again', 1, 'web', 'assistant', 5, 1, 2, 0, '{{"kind": "reopened"}}', NULL, {no}, 0, 1, NULL, '{at}', '{at}'),
('c-rollover', 1, 'web', 'assistant', 1, 1, 2, 0, '{{"kind": "rollover"}}', NULL, {no}, 0, 1, NULL, '{at}', '{at}');
INSERT INTO messages (id, conversation_id, seq, revision, author, author_name, text, choices, cards, epoch, private,
    client_message_id, created_at) VALUES
(901, 'c-form', 1, 1, 'customer', '', 'it crashes when I print', '[]', '[]', 1, {no}, 'f1', '{at}'),
(902, 'c-form', 2, 1, 'customer', '', 'Canon', '[]', '[]', 1, {no}, 'f2', '{at}'),
(903, 'c-untold', 1, 1, 'customer', '', 'it crashes', '[]', '[]', 1, {no}, 'u1', '{at}'),
(904, 'c-fallback', 1, 1, 'customer', '', 'it crashes when I print', '[]', '[]', 1, {no}, 'b1', '{at}'),
(905, 'c-fallback', 2, 1, 'customer', '', 'kim@brightsons.example', '[]', '[]', 1, {no}, 'b2', '{at}'),
(906, 'c-rollover', 1, 1, 'customer', '', 'when are you open?', '[]', '[]', 1, {no}, 'r1', '{at}');
INSERT INTO inbound_events (source, source_id, conversation_id, message_id, status, attempts, created_at) VALUES
('web', 'c-form:f2', 'c-form', 902, 'pending', 0, '{at}'),
('web', 'c-fallback:b2', 'c-fallback', 905, 'pending', 0, '{at}'),
('desk', 'return:99', 'c-returned', NULL, 'pending', 0, '{at}'),
('web', 'c-rollover:r1', 'c-rollover', 906, 'pending', 0, '{at}');
INSERT INTO intakes (id, conversation_id, state, version, category, wants_person, opened_by, asking, asking_private,
    misses, brief, taken, known_problem_offered, created_at, updated_at) VALUES
(91, 'c-form', 'open', 3, 'printing', {yes}, 901, 'printer', {no}, 0, {no},
    '{{"message": 901, "what": "saved", "changed": []}}', '{{"problem": 1, "message": 901}}', '{at}', '{at}'),
(92, 'c-untold', 'open', 3, 'other', {yes}, 903, NULL, {no}, 0, {no}, NULL, NULL, '{at}', '{at}'),
(93, 'c-fallback', 'open', 2, 'printing', {yes}, 904, 'contact', {no}, 0, {no}, NULL, NULL, '{at}', '{at}');
INSERT INTO intake_answers (intake_id, question_id, value, status, visibility, message_id, updated_at) VALUES
(91, 'problem', 'it crashes when I print', 'answered', 'everyone', 901, '{at}'),
(91, 'contact', 'kim@brightsons.example', 'answered', 'everyone', 901, '{at}'),
(92, 'problem', 'it crashes', 'answered', 'everyone', 903, '{at}'),
(92, 'contact', 'kim@brightsons.example', 'answered', 'everyone', 903, '{at}'),
(93, 'problem', 'it crashes when I print', 'answered', 'everyone', 904, '{at}');
INSERT INTO issues (id, reference, intake_id, conversation_id, customer_id, category, team, title, status, entitlement,
    details_complete, revision, created_at, updated_at, announced_at) VALUES
(91, 'TR-970-118-245', 91, 'c-form', 1, 'printing', 'applications', 'it crashes when I print', 'new', 'contract', {no},
    1, '{at}', '{at}', '{at}'),
(92, 'TR-114-702-386', 92, 'c-untold', 1, 'other', 'applications', 'it crashes', 'new', 'contract', {no}, 1,
    '{at}', '{at}', NULL);
"""


@pytest.fixture
def upgraded_url(url: str) -> str:
    old_databases.make(url, BEFORE)
    yes, no = ("1", "0") if url.startswith("sqlite") else ("true", "false")
    old_databases.run(url, IN_THE_MIDDLE.format(at="2026-06-16 14:00:00.000000", yes=yes, no=no))
    schema.upgrade(url)
    return url


async def says(ctx: Context, conversation_id: str) -> str:
    """Return the reply of the conversation's next turn, read by rules: the engine is not needed to go on."""
    async with ctx.db.read() as session:
        before = len(await transcript.messages_after(session, conversation_id, 0))
    begun = await turns.begin(ctx, conversation_id)
    assert begun is not None
    lease, prepared = begun
    reason = None if prepared.context.event is not None else "unreachable"
    await turns.complete(ctx, lease, prepared, await decide_here(ctx, prepared.context, reason=reason))
    async with ctx.db.read() as session:
        said = (await transcript.messages_after(session, conversation_id, 0))[before:]
    return "\n".join(message["text"] for message in said)


async def test_everything_that_waited_is_due(upgraded: Context) -> None:
    waiting = {"c-form", "c-untold", "c-fallback", "c-returned", "c-rollover"}
    assert waiting <= set(await due(upgraded))
    assert "c-again" not in await due(upgraded)


async def test_a_reference_that_nobody_announced_is_said_once(upgraded: Context) -> None:
    assert "TR-114-702-386" in await says(upgraded, "c-untold")
    assert await turns.begin(upgraded, "c-untold") is None


async def test_what_a_technician_did_is_said(upgraded: Context) -> None:
    told = await says(upgraded, "c-returned")
    assert "Anna" in told and "It is the spooler." in told
    async with upgraded.db.read() as session:
        returned = await session.get_one(Conversation, "c-returned")
    assert returned.pending_question == turns.FIXED_BY_TECHNICIAN


async def test_a_conversation_that_was_reopened_still_waits_for_its_yes_or_no(upgraded: Context) -> None:
    async with upgraded.db.read() as session:
        again = await session.get_one(Conversation, "c-again")
    assert again.pending_question == turns.FIXED_BY_TECHNICIAN


async def test_the_answers_of_an_open_draft_stay_and_its_question_is_answered(upgraded: Context) -> None:
    begun = await turns.begin(upgraded, "c-form")
    assert begun is not None
    draft = begun[1].context.draft
    assert draft is not None and draft.reference == "TR-970-118-245"
    assert (draft.intake.asking, draft.intake.known_problem_offered) == ("printer", 1)
    assert set(draft.answers) == {"problem", "contact"}


async def test_a_conversation_without_the_engine_goes_on_to_its_reference(upgraded: Context) -> None:
    told = await says(upgraded, "c-fallback")
    assert "TR-" in told and upgraded.support.wording.fallback_ask_contact not in told
    async with upgraded.db.read() as session:
        intakes = list(await session.scalars(select(Intake).where(Intake.conversation_id == "c-fallback")))
        assert len(intakes) == 1
        assert (await session.scalars(select(Turn.result).order_by(Turn.id.desc()))).first() == "rules: done"
