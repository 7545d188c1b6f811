"""One outbox for messages, mails, notices to teams and news of known problems"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0004_outbox"
down_revision = "0003_authorisation_once"
branch_labels = None
depends_on = None

# Mails keep their numbers: their files in TECHREF_HOME/mail are named by them.
MAILS = """
INSERT INTO outbox (id, kind, key, target, conversation_id, payload, secret, state, attempts, parts_sent, error,
    trouble, due_at, expires_at, fence, tried_at, created_at, done_at)
SELECT id, 'mail', key, recipient, conversation_id, {payload}, secret,
    CASE state WHEN 'bounced' THEN 'failed' WHEN 'expired' THEN 'failed' ELSE state END,
    attempts, 0, CASE state WHEN 'expired' THEN coalesce(problem, 'expired') ELSE problem END,
    trouble, due_at, expires_at, 0, tried_at, created_at, done_at
FROM mails ORDER BY id
"""
PAYLOAD = {
    "sqlite": "json_object('letter', kind, 'subject', subject, 'text', body)",
    "postgresql": "jsonb_build_object('letter', kind, 'subject', subject, 'text', body)",
}
NUMBERS_GO_ON = "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM outbox))"
DELIVERIES = """
INSERT INTO outbox (kind, key, target, lane, conversation_id, message_id, secret, state, attempts, parts_sent,
    outside_id, error, trouble, due_at, fence, created_at, done_at)
SELECT 'message', 'message:' || message_id || ':' || channel, channel, conversation_id, conversation_id, message_id,
    {no}, CASE status WHEN 'pending' THEN 'queued' ELSE status END, attempts, parts_sent,
    outside_id, error, {no}, next_at, 0, created_at, sent_at
FROM deliveries ORDER BY id
"""
# To which addresses a hand-off was announced was not kept: one row, with * for all of them, stands for it.
NOTICES = """
INSERT INTO outbox (kind, key, target, conversation_id, hand_off_id, secret, state, attempts, parts_sent, trouble,
    due_at, expires_at, fence, tried_at, created_at, done_at)
SELECT 'team_notice', 'notice:' || id || ':*', '*', conversation_id, id, {no},
    CASE WHEN announced_at IS NULL THEN 'queued' ELSE 'sent' END, 0, 0, {no},
    created_at, {hour_later}, 0, announced_at, created_at, announced_at
FROM hand_offs WHERE announced_at IS NOT NULL OR (state = 'waiting' AND {hour_later} > {now}) ORDER BY id
"""
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now')", "postgresql": "now()"}
HOUR_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', created_at, '+1 hour')",
    "postgresql": "created_at + interval '1 hour'",
}
# What was told, and what every open issue was still to be told.
NEWS = """
INSERT INTO outbox (kind, key, target, lane, conversation_id, issue_id, update_id, secret, state, attempts,
    parts_sent, trouble, due_at, fence, tried_at, created_at, done_at)
SELECT 'known_problem_news', 'news:' || u.id || ':' || i.id, 'issue:' || i.id, 'issue:' || i.id, i.conversation_id,
    i.id, u.id, {no}, CASE WHEN n.told_at IS NULL THEN 'queued' ELSE 'sent' END, 0,
    0, {no}, u.created_at, 0, n.told_at, u.created_at, n.told_at
FROM known_problem_updates u
JOIN issues i ON i.known_problem_id = u.problem_id OR EXISTS (
    SELECT 1 FROM known_problem_news told WHERE told.update_id = u.id AND told.issue_id = i.id)
LEFT JOIN known_problem_news n ON n.update_id = u.id AND n.issue_id = i.id
WHERE n.told_at IS NOT NULL OR (i.created_at <= u.created_at AND i.status <> 'resolved')
ORDER BY u.id, i.id
"""


def upgrade() -> None:
    _create()
    _carry_over()
    for table in ("mails", "deliveries", "known_problem_news"):
        op.drop_table(table)
    op.drop_column("hand_offs", "announced_at")
    op.drop_column("channel_threads", "lease_until")
    op.drop_column("channel_threads", "fence")


def _carry_over() -> None:
    dialect = op.get_context().dialect.name
    no = "0" if dialect == "sqlite" else "false"
    op.execute(MAILS.format(payload=PAYLOAD[dialect]))
    if dialect == "postgresql":
        op.execute(NUMBERS_GO_ON)
    op.execute(DELIVERIES.format(no=no))
    op.execute(NOTICES.format(no=no, hour_later=HOUR_LATER[dialect], now=NOW[dialect]))
    op.execute(NEWS.format(no=no))


def _create() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=320), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=True),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("hand_off_id", BIG, nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("update_id", BIG, nullable=True),
        sa.Column("payload", JSON, nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("parts_sent", BIG, nullable=False),
        sa.Column("outside_id", sa.String(length=300), nullable=True),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("trouble", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")),
        sa.ForeignKeyConstraint(["hand_off_id"], ["hand_offs.id"], name=op.f("fk_outbox_hand_off_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_outbox_issue_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_outbox_message_id")),
        sa.ForeignKeyConstraint(["update_id"], ["known_problem_updates.id"], name=op.f("fk_outbox_update_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_kind_tried_at", "outbox", ["kind", "tried_at"], unique=False)
    op.create_index("ix_outbox_lane_state_id", "outbox", ["lane", "state", "id"], unique=False)
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.create_index("ix_outbox_target_outside_id", "outbox", ["target", "outside_id"], unique=False)
    op.create_index(op.f("ix_outbox_conversation_id"), "outbox", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_outbox_created_at"), "outbox", ["created_at"], unique=False)
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=False)
    op.create_index(op.f("ix_outbox_target"), "outbox", ["target"], unique=False)
