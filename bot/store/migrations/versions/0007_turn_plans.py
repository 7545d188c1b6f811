"""Turns are decided from the database alone: what the engine remembered is kept here, or no longer needed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0007_turn_plans"
down_revision = "0006_bundles"
branch_labels = None
depends_on = None

# What the assistant was about to say of its own accord goes with its event. The event of a hand-back was itself the
# occasion, so a conversation has one at most.
UNPROMPTED = """
UPDATE inbound_events SET payload = (
    SELECT c.resume FROM conversations c WHERE c.id = inbound_events.conversation_id
) WHERE status = 'pending' AND message_id IS NULL AND EXISTS (
    SELECT 1 FROM conversations c WHERE c.id = inbound_events.conversation_id
    AND {kind} IN ('give_back', 'known_problem_over')
)
"""
# An event without a message and without anything to say has nothing left to do.
NOTHING_TO_SAY = """
UPDATE inbound_events SET status = 'done', done_at = created_at
WHERE status = 'pending' AND message_id IS NULL AND payload IS NULL
"""
# A conversation that was taken up again waits for the word whether its issue is solved.
REOPENED = "UPDATE conversations SET pending_question = 'fixed_by_technician' WHERE {kind} = 'reopened'"
# A reference that no stored message has told is told by an event of its own.
UNTOLD = """
INSERT INTO inbound_events (source, source_id, conversation_id, status, attempts, payload, created_at)
SELECT 'upgrade', 'reference:' || reference, conversation_id, 'pending', 0, {payload}, created_at
FROM issues WHERE announced_at IS NULL ORDER BY id
"""
# The form of the settings before: {"problem": id, "message": id}.
OFFERED = "UPDATE intakes SET offered = {problem} WHERE known_problem_offered IS NOT NULL"
DIALECTS = {
    "sqlite": {
        "kind": "json_extract({}resume, '$.kind')",
        "payload": "json_object('kind', 'reference_untold', 'reference', reference)",
        "problem": "json_extract(known_problem_offered, '$.problem')",
    },
    "postgresql": {
        "kind": "({}resume ->> 'kind')",
        "payload": "jsonb_build_object('kind', 'reference_untold', 'reference', reference)",
        "problem": "(known_problem_offered ->> 'problem')::bigint",
    },
}


def upgrade() -> None:
    words = DIALECTS[op.get_bind().dialect.name]
    op.add_column("inbound_events", sa.Column("payload", JSON, nullable=True))
    op.add_column("conversations", sa.Column("pending_question", sa.String(length=40), nullable=True))
    op.add_column("conversations", sa.Column("reference_misses", BIG, server_default="0", nullable=False))
    op.execute(UNPROMPTED.format(kind=words["kind"].format("c.")))
    op.execute(NOTHING_TO_SAY)
    op.execute(REOPENED.format(kind=words["kind"].format("")))
    op.execute(UNTOLD.format(payload=words["payload"]))
    with op.batch_alter_table("conversations") as conversations:
        for column in ("episode", "episode_turns", "resume", "model_id", "fallback"):
            conversations.drop_column(column)
    with op.batch_alter_table("issues") as issues:
        issues.drop_column("announced_at")
    _change_drafts(words["problem"])
    _change_turns()
    op.drop_table("dialogues_to_forget")
    if op.get_bind().dialect.name == "postgresql":
        # The engine's own memory.
        op.execute("DROP SCHEMA IF EXISTS techref_dialogue CASCADE")


def _change_drafts(problem: str) -> None:
    op.add_column("intakes", sa.Column("offered", BIG, nullable=True))
    op.execute(OFFERED.format(problem=problem))
    with op.batch_alter_table("intakes") as intakes:
        intakes.drop_column("known_problem_offered")
        intakes.drop_column("taken")
        intakes.drop_column("opened_by")
    with op.batch_alter_table("intakes") as intakes:
        intakes.alter_column("offered", new_column_name="known_problem_offered")


def _change_turns() -> None:
    op.add_column("turns", sa.Column("evidence", JSON, server_default="[]", nullable=False))
    op.add_column("turns", sa.Column("commands", JSON, server_default="[]", nullable=False))
    op.execute("UPDATE turns SET commands = effects")
    with op.batch_alter_table("turns") as turns:
        turns.drop_column("actions")
        turns.drop_column("effects")
        turns.alter_column("result", existing_type=sa.String(length=20), type_=sa.String(length=40))
        turns.alter_column("evidence", server_default=None)
        turns.alter_column("commands", server_default=None)
