"""Known problems, their updates, and who has been told; hand-offs that outside channels were told of"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "known_problems",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("versions", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_known_problems_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_known_problems"),
    )
    op.create_index("ix_known_problems_state", "known_problems", ["state"])
    op.create_table(
        "known_problem_updates",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["problem_id"], ["known_problems.id"], name="fk_known_problem_updates_problem_id"),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_known_problem_updates_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_known_problem_updates"),
    )
    op.create_index("ix_known_problem_updates_problem_id", "known_problem_updates", ["problem_id"])
    op.create_table(
        "known_problem_news",
        sa.Column("update_id", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["update_id"], ["known_problem_updates.id"], name="fk_known_problem_news_update_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_known_problem_news_issue_id"),
        sa.PrimaryKeyConstraint("update_id", "issue_id", name="pk_known_problem_news"),
    )
    op.add_column("issues", sa.Column("known_problem_id", BIG, nullable=True))
    op.create_index("ix_issues_known_problem_id", "issues", ["known_problem_id"])
    op.add_column("intakes", sa.Column("known_problem_id", BIG, nullable=True))
    op.add_column("intakes", sa.Column("known_problem_offered", JSON, nullable=True))
    op.add_column("hand_offs", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("hand_offs", "announced_at")
    op.drop_column("intakes", "known_problem_offered")
    op.drop_column("intakes", "known_problem_id")
    op.drop_index("ix_issues_known_problem_id", table_name="issues")
    op.drop_column("issues", "known_problem_id")
    op.drop_table("known_problem_news")
    op.drop_table("known_problem_updates")
    op.drop_table("known_problems")
