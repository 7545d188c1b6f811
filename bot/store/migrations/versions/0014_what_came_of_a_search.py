"""What came of a search: opened hits, and searches made on the manual's own pages"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("searches") as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=20), server_default="chat", nullable=False))
        batch_op.add_column(sa.Column("key", sa.String(length=40), nullable=True))
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=40), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_searches_key"), ["key"])
    op.create_table(
        "search_clicks",
        sa.Column("search_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["searches.id"], name=op.f("fk_search_clicks_search_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search_id", "place", name=op.f("pk_search_clicks")),
    )


def downgrade() -> None:
    op.drop_table("search_clicks")
    op.execute("DELETE FROM searches WHERE conversation_id IS NULL")
    with op.batch_alter_table("searches") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_searches_key"), type_="unique")
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=40), nullable=False)
        batch_op.drop_column("key")
        batch_op.drop_column("source")
