"""/metrics: how long turns take by stage, and how old what waits is."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.gateway.workers import turn_times
from bot.services.mail import outgoing_mail
from bot.store.tables import OutboxItem
from tests.support.gateway_fixture import Gateway, eventually, open_gateway
from tests.support.outbox import a_mail


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
    assert about["by"] == "rules" and about["whole"] >= about["answered"]


async def test_the_outbox_is_measured_by_kind(home: Path) -> None:
    async with open_gateway(home) as gateway:
        await gateway.app.ctx.supervisor.stop()  # nothing is sent meanwhile
        gateway.ctx.settings = replace(gateway.ctx.settings, smtp_url="smtp://127.0.0.1:1")
        async with gateway.ctx.db.write() as session:
            for key in ("one", "two"):
                await outgoing_mail.enqueue(
                    session, gateway.ctx, a_mail(key, "test", f"{key}@bakery.example", "Subject", "Text")
                )
            await session.execute(update(OutboxItem).where(OutboxItem.key == "two").values(state="failed"))
        gateway.clock.advance(minutes=5)

        async def measured(name: str, kind: str) -> float | None:
            return await sample(gateway, f"techref_outbox_{name}", kind=kind)

        assert [await measured(name, "mail") for name in ("queued", "failed")] == [1, 1]
        assert (await measured("age_seconds", "mail") or 0) >= 300
        assert {await measured("queued", kind) for kind in ("message", "team_notice", "known_problem_news")} == {0}
        ready = (await gateway.browser().get("/readyz")).json()
        assert ready["checks"]["outbox"] == "late"
