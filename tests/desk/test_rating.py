"""One question when the issue is resolved; the answer is the customer's own and the desk shows it."""

import httpx
import pytest

from tests.support.gateway_fixture import Case, Gateway


async def rates(case: Case, **body: object) -> httpx.Response:
    address = f"/api/conversations/{case.conversation_id}/rating"
    return await case.browser.post(address, json=body, headers={"Authorization": f"Bearer {case.token}"})


async def resolved(gateway: Gateway) -> Case:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    assert (await case.reads())["rating"] is None
    assert (await rates(case, score=5)).json()["error"]["code"] == "not_resolved"
    await anna.post(f"conversations/{case.conversation_id}/resolve")
    return case


async def test_a_rating_is_kept_replaced_and_shown_at_the_desk(gateway: Gateway) -> None:
    case = await resolved(gateway)
    assert (await case.reads())["rating"] == {"score": None}
    assert (await rates(case, score=2, comment="slow")).json() == {"score": 2, "comment": "slow"}
    assert (await rates(case, score=4, comment="quick after all; my card is 4111 1111 1111 1111")).status_code == 200
    assert (await case.reads())["rating"] == {"score": 4}
    ben = await gateway.technician("Ben")
    shown = (await ben.get(f"issues/{case.reference}")).json()["rating"]
    assert shown["score"] == 4 and "quick after all" in shown["comment"] and "4111" not in shown["comment"]
    page = await ben.browser.get(f"/desk/conversations/{case.conversation_id}")
    assert "Rated 4 of 5" in page.text


@pytest.mark.parametrize("score", [0, 6, "5", None, True, 4.5])
async def test_only_one_to_five_is_a_score(gateway: Gateway, score: object) -> None:
    case = await resolved(gateway)
    assert (await rates(case, score=score)).status_code == 422


async def test_nobody_rates_for_another(gateway: Gateway) -> None:
    case, other = await resolved(gateway), await gateway.case()
    thief = Case(other.browser, case.conversation_id, other.token, case.reference, case.hand_off_id)
    assert (await rates(thief, score=1)).status_code == 404
