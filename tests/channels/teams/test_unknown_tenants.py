"""A tenant that no contract names is listed, and answered as the setting says."""

import json
from typing import Any

import pytest

from bot.services.billing import unknown_companies
from tests.channels.teams.conftest import Teams
from tests.support.fake_microsoft import CUSTOMER_TENANT
from tests.support.gateway_fixture import SUPPORT

STRANGE = "11111111-2222-4b7a-9d3c-7b8e3c2d4f5a"


def foreign(teams: Teams) -> Any:
    return json.loads(json.dumps(teams.activity("personal_message")).replace(CUSTOMER_TENANT, STRANGE))


def set_rule(teams: Teams, rule: str) -> None:
    support = teams.gateway.ctx.support
    rules = support.chat_channels.model_copy(update={"unknown_tenants": rule})
    teams.gateway.ctx.support = support.model_copy(update={"chat_channels": rules})


@pytest.mark.parametrize(("rule", "said"), [("refuse_politely", 1), ("refuse", 0)])
async def test_it_is_refused_and_listed_and_nothing_is_stored(teams: Teams, rule: str, said: int) -> None:
    set_rule(teams, rule)
    for _ in range(3):
        assert (await teams.post(foreign(teams))).status_code == 403
    assert len(teams.microsoft.sent) == said
    if said:
        assert str(SUPPORT.phone) in teams.microsoft.sent[0].text
    (listed,) = await unknown_companies.unknown_companies(teams.gateway.ctx)
    assert (listed["channel"], listed["place"]) == ("teams", STRANGE)


async def test_it_is_answered_where_the_setting_says_so(teams: Teams) -> None:
    teams.gateway.ctx.work = lambda _: None
    set_rule(teams, "answer")
    assert (await teams.post(foreign(teams))).status_code == 200
    (listed,) = await unknown_companies.unknown_companies(teams.gateway.ctx)
    assert listed["place"] == STRANGE


async def test_what_microsoft_did_not_sign_is_not_listed(teams: Teams) -> None:
    assert (await teams.post(foreign(teams), teams.microsoft.forged("none"))).status_code == 401
    assert await unknown_companies.unknown_companies(teams.gateway.ctx) == [] and not teams.microsoft.sent
