"""A contract holds several workspaces and tenants; those on none are listed and put on one."""

from datetime import date

import pytest

from bot.services.billing import contracts, unknown_companies
from bot.services.channel import channel_people
from bot.services.channel.channel_people import SLACK, TEAMS, Person
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.store.tables import Contract, Customer

FIELDS = {"number": "C-1", "company": "Brightsons", "status": "active", "starts_on": "2026-01-01"}


async def write_from(ctx: Context, channel: str, workspace: str) -> str | None:
    """Somebody of a workspace writes; the number of the contract that they have then."""
    async with ctx.db.write() as session:
        user = await channel_people.known_person(session, ctx, channel, Person(workspace, "U1", "Kim"))
        return (await session.get_one(Customer, user.customer_id)).contract_number


async def test_a_contract_holds_any_number_of_places(ctx: Context) -> None:
    await contracts.save_contract(
        ctx, {**FIELDS, "slack_team_id": "T1, E2GRID; T3", "teams_tenant_id": "aa-1 bb-2"}, actor="a"
    )
    for channel, place in ((SLACK, "T1"), (SLACK, "e2grid"), (SLACK, "T3"), (TEAMS, "AA-1"), (TEAMS, "bb-2")):
        assert await write_from(ctx, channel, place) == "C-1"
    assert await write_from(ctx, TEAMS, "T1") is None
    (shown,) = await contracts.find_contracts(ctx)
    assert (shown["slack_team_id"], shown["teams_tenant_id"]) == ("E2GRID T1 T3", "aa-1 bb-2")


async def test_saving_it_again_takes_places_away_and_keeps_the_others(ctx: Context) -> None:
    await contracts.save_contract(ctx, {**FIELDS, "slack_team_id": "T1 T2", "teams_tenant_id": "aa-1"}, actor="a")
    await contracts.save_contract(ctx, {**FIELDS, "slack_team_id": "T2 T3"}, actor="a")
    assert [await write_from(ctx, SLACK, place) for place in ("T1", "T2", "T3")] == [None, "C-1", "C-1"]
    assert not await channel_people.is_on_a_contract(ctx, TEAMS, "aa-1")


async def test_a_place_on_no_contract_is_listed_until_it_is_put_on_one(ctx: Context) -> None:
    await contracts.save_contract(ctx, FIELDS, actor="a")
    for workspace in ("T9NEW", "T9NEW", "unknown", ""):
        assert await write_from(ctx, SLACK, workspace) is None
    (listed,) = await unknown_companies.unknown_companies(ctx)
    assert (listed["channel"], listed["place"], listed["messages"]) == (SLACK, "T9NEW", 2)
    assert await unknown_companies.put_on_contract(ctx, SLACK, "t9new", "c 1", actor="technician:1") == "C-1"
    assert await unknown_companies.unknown_companies(ctx) == []
    assert await write_from(ctx, SLACK, "T9NEW") == "C-1"


async def test_what_is_no_place_and_no_contract_changes_nothing(ctx: Context) -> None:
    with pytest.raises(Invalid):
        await unknown_companies.put_on_contract(ctx, "email", "customer.example", "C-1", actor="a")
    with pytest.raises(NotFound):
        await unknown_companies.put_on_contract(ctx, TEAMS, "aa-1", "C-404", actor="a")


async def test_the_list_ends_somewhere(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_companies, "MOST", 2)
    for place in ("aa-1", "bb-2", "cc-3", "aa-1"):
        await unknown_companies.note_refused(ctx, TEAMS, place)
    listed = {one["place"]: one["messages"] for one in await unknown_companies.unknown_companies(ctx)}
    assert listed == {"aa-1": 2, "bb-2": 1}


def test_a_contract_reads_its_places_back() -> None:
    contract = Contract(number="C-1", company="B", starts_on=date(2026, 1, 1), slack_team_id="T1 T2")
    contract.slack_team_id = "T2"
    assert (contract.slack_team_id, contract.teams_tenant_id) == ("T2", None)
