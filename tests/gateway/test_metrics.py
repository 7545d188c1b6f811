"""/metrics: how long turns take by stage, and how old what waits is."""

from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.gateway.workers import turn_times
from tests.support.gateway_fixture import Gateway, eventually, open_gateway


async def sample(gateway: Gateway, name: str, **labels: str) -> float | None:
    """The value of a sample; None when it is not shown."""
    answer = await gateway.browser().get("/metrics")
    assert answer.status_code == httpx.codes.OK
    families = list(text_string_to_metric_families(answer.text))
    assert len({family.name for family in families}) == len(families), "each is told once"
    values = [one.value for family in families for one in family.samples if (one.name, one.labels) == (name, labels)]
    return values[0] if values else None


async def test_turns_are_measured_by_stage_and_what_waits_by_its_age(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.gateway.workers.turn_times")
    async with open_gateway(home) as gateway:
        case = await gateway.case()
        gateway.clock.advance(minutes=5)
        waits = await sample(gateway, "techref_queue_age_seconds")
        assert waits is not None and waits >= 300
        assert await sample(gateway, "techref_outbox_age_seconds") == 0
        assert await sample(gateway, "techref_turn_stage_seconds_count", stage=turn_times.WHOLE) is None
        await case.write("it also happens on Tuesdays")

        async def ended() -> bool:
            return await sample(gateway, "techref_turn_stage_seconds_count", stage=turn_times.WHOLE) == 1

        await eventually(ended)
        sums = {
            stage: await sample(gateway, "techref_turn_stage_seconds_sum", stage=stage)
            for stage in (turn_times.WAITED, turn_times.ANSWERED, turn_times.STORED, turn_times.WHOLE)
        }
        parts = [seconds for stage, seconds in sums.items() if stage != turn_times.WHOLE]
        assert all(seconds is not None and seconds >= 0 for seconds in parts)
        assert sums[turn_times.WHOLE] == pytest.approx(sum(seconds or 0 for seconds in parts))
    (about,) = [vars(record)["about"] for record in caplog.records if record.name == "bot.gateway.workers.turn_times"]
    assert about["by"] == "fallback" and about["whole"] >= about["answered"]
