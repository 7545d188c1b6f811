"""Several workspaces and tenants of a contract, and those that no contract names"""

import sqlalchemy as sa
from alembic import op

revision = "0026_contract_places"
down_revision = "0025_page_product"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contract_places",
        sa.Column("contract_number", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_number"], ["contracts.number"], name=op.f("fk_contract_places_contract_number_contracts")
        ),
        sa.PrimaryKeyConstraint("contract_number", "channel", "place", name=op.f("pk_contract_places")),
    )
    op.create_table(
        "unknown_companies",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("messages", BIG, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "place", name=op.f("pk_unknown_companies")),
    )
    contracts = sa.table("contracts", *map(sa.column, ("number", "slack_team_id", "teams_tenant_id")))
    places = sa.table("contract_places", *map(sa.column, ("contract_number", "channel", "place")))
    for channel, column in (("slack", contracts.c.slack_team_id), ("teams", contracts.c.teams_tenant_id)):
        named = sa.select(contracts.c.number, sa.literal(channel), column).where(column.is_not(None), column != "")
        op.execute(places.insert().from_select(["contract_number", "channel", "place"], named))
        op.drop_column("contracts", column.name)
