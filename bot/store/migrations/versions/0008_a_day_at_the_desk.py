"""A day at the desk: promises, telephone calls, canned replies, linked issues, ratings"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENTS = {
    "conversations": ("promised_until", "hours_told_at"),
    "issues": ("reminded_at",),
    "hand_offs": ("line_since",),
}


def upgrade() -> None:
    for table, columns in MOMENTS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.add_column("issues", sa.Column("edited", JSON, nullable=True))
    op.create_index("ix_issues_technician_id_status", "issues", ["technician_id", "status"])
    _calls()
    _canned_replies()
    _issue_links()
    _ratings()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", BIG, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_calls_conversation_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_calls_issue_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_calls_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_conversation_id", "calls", ["conversation_id"])
    op.create_index("ix_calls_issue_id", "calls", ["issue_id"])


def _canned_replies() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_canned_replies_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
    )


def _issue_links() -> None:
    op.create_table(
        "issue_links",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_links_issue_id"),
        sa.ForeignKeyConstraint(["other_id"], ["issues.id"], name="fk_issue_links_other_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_issue_links_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_links"),
        sa.UniqueConstraint("issue_id", "other_id", name="uq_issue_links_issue_id_other_id"),
    )
    op.create_index("ix_issue_links_other_id", "issue_links", ["other_id"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("score", BIG, nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_ratings_issue_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_ratings_conversation_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_ratings_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint("issue_id", name="uq_ratings_issue_id"),
    )


def downgrade() -> None:
    for table in ("ratings", "issue_links", "canned_replies", "calls"):
        op.drop_table(table)
    op.drop_index("ix_issues_technician_id_status", "issues")
    with op.batch_alter_table("issues") as batch:
        batch.drop_column("edited")
    for table, columns in MOMENTS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
