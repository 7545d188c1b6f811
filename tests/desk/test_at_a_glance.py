"""What a technician reads before anything else says what the customer said, also where no question asked for it."""

from tests.support.gateway_fixture import Gateway


async def test_an_error_code_in_the_problem_fills_the_error(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    problem = "Restore fails with E-2207 archive is damaged at block 42 and nobody can work, payroll is due at 3 pm"
    case = await gateway.case(problem)
    glance = {item["key"]: item["value"] for item in (await anna.about(case))["glance"]}
    assert glance["error"] == "E-2207"
    assert "nobody" not in (glance["impact"] or "").lower()


async def test_an_answer_stands_before_what_the_problem_says(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case("It fails with QB-2107 when I print", error_text="QB-2108: no paper")
    glance = {item["key"]: item["value"] for item in (await anna.about(case))["glance"]}
    assert glance["error"] == "QB-2108: no paper"
