"""The nightly backup: made by the product itself, and its age told to those who can do something about it."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.gateway.workers import nightly_backup
from bot.gateway.workers.nightly_backup import NightlyBackupFailed
from bot.services.core import jobs
from bot.services.upkeep import backups
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.store.tables import ScheduledJob
from tests.support.gateway_fixture import SUPPORT, Gateway, eventually

LONG_AGO = timedelta(days=3)


def a_backup(gateway: Gateway, age: timedelta) -> Path:
    now = gateway.clock() - age
    file = backups.new_file(gateway.ctx.home, now)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a backup")
    backups.record_good(gateway.ctx.home, file, now)
    return file


def without(gateway: Gateway) -> None:
    """The operator makes backups in another way."""
    off = SUPPORT.backup.model_copy(update={"nightly": False})
    gateway.ctx.support = SUPPORT.model_copy(update={"backup": off})


async def test_backing_up_now_makes_a_whole_backup_while_customers_are_answered(gateway: Gateway) -> None:
    ada, case = await gateway.technician("Ada", "admin"), await gateway.case()
    answer = await ada.post("backups")
    assert answer.status_code == httpx.codes.ACCEPTED and "begins in a moment" in answer.json()["told"]
    longest = 0.0

    async def made() -> bool:
        nonlocal longest
        began = asyncio.get_running_loop().time()
        await case.reads()
        longest = max(longest, asyncio.get_running_loop().time() - began)
        return backups.backup_status(gateway.ctx.home).good_at is not None

    await eventually(made, 60)
    assert longest < 3, "a reader waited for the backup"
    (kept,) = (await ada.get("backups")).json()["kept"]
    file = backups.backups_folder(gateway.ctx.home) / kept["name"]
    assert file.stat().st_mode & 0o777 == 0o600 and kept["size"] > 10_000

    async def due_next_night() -> bool:
        async with gateway.ctx.db.read() as session:
            row = await session.get_one(ScheduledJob, backups.NIGHTLY)
        return row.failure is None and row.due_at > gateway.clock()

    await eventually(due_next_night)


async def test_who_may_see_and_who_may_ask(gateway: Gateway) -> None:
    anna, eva = await gateway.technician("Anna"), await gateway.technician("Eva", "supervisor")
    assert (await anna.get("backups")).status_code == 403
    assert (await anna.browser.get("/desk/administration/backups")).status_code == 403
    page = (await eva.browser.get("/desk/administration/backups")).text
    assert "There is no backup yet" in page and "Back up now" not in page
    assert (await eva.post("backups")).status_code == 403


async def test_an_old_backup_is_informed_on_every_page_to_those_who_run_the_department(gateway: Gateway) -> None:
    anna, eva = await gateway.technician("Anna"), await gateway.technician("Eva", "supervisor")
    a_backup(gateway, timedelta(hours=25))
    assert "last good backup" not in (await eva.browser.get("/desk")).text
    a_backup(gateway, LONG_AGO)
    page = (await eva.browser.get("/desk")).text
    assert "The last good backup is 3 days old: none was made last night." in page
    assert "last good backup" not in (await anna.browser.get("/desk")).text
    without(gateway)
    assert "last good backup" not in (await eva.browser.get("/desk")).text


async def test_a_failed_backup_is_informed_with_its_reason_until_one_is_made(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", "admin")
    a_backup(gateway, timedelta(hours=20))
    backups.record_failure(gateway.ctx.home, "pg_dump was not found.", gateway.clock())
    page = (await ada.browser.get("/desk/issues")).text
    assert "The last backup failed: pg_dump was not found. The last good one is 20 hours old." in page
    a_backup(gateway, timedelta())
    assert "The last backup failed" not in (await ada.browser.get("/desk/issues")).text


async def test_a_backup_of_ours_that_was_deleted_no_longer_counts(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", "admin")
    a_backup(gateway, timedelta(hours=1)).unlink()
    assert (await ada.get("backups")).json()["good_at"] is None
    elsewhere = gateway.ctx.home.parent / "nas" / "techref.tar.gz"
    backups.record_good(gateway.ctx.home, elsewhere, gateway.clock())
    assert (await ada.get("backups")).json()["good_at"] is not None


async def test_metrics_inform_the_age(gateway: Gateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False) as prometheus:
        assert "techref_backup_age_seconds " not in (await prometheus.get("/metrics")).text
        a_backup(gateway, timedelta(hours=2))
        backups.record_failure(gateway.ctx.home, "full", gateway.clock())
        numbers = (await prometheus.get("/metrics")).text
    (age,) = (line for line in numbers.splitlines() if line.startswith("techref_backup_age_seconds "))
    assert 7190 < float(age.split()[1]) < 7300 and "techref_backup_failed 1.0" in numbers


async def test_asking_for_one_when_they_are_off_says_where_to_turn_them_on(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", "admin")
    without(gateway)
    answer = await ada.post("backups")
    assert answer.status_code == 409 and "backup.nightly" in answer.json()["error"]["message"]
    await nightly_backup.back_up(gateway.ctx)
    assert not backups.backups_folder(gateway.ctx.home).exists()


async def test_what_went_wrong_at_night_is_written_down_and_tried_again_within_the_hour(gateway: Gateway) -> None:
    (gateway.ctx.home / "attachments").mkdir()
    with (gateway.ctx.home / "attachments" / "larger-than-the-disk").open("wb") as file:
        file.truncate(shutil.disk_usage(gateway.ctx.home).free)  # takes no room itself
    with pytest.raises(NightlyBackupFailed):
        await nightly_backup.back_up(gateway.ctx)
    stands = backups.backup_status(gateway.ctx.home)
    assert stands.failure is not None and "There is no room" in stands.failure
    job, now = nightly_backup.JOB, gateway.clock()
    async with gateway.ctx.db.write() as session:
        await session.execute(update(ScheduledJob).values(lease_until=now))
    await jobs.finish_job(gateway.ctx, job, now, failure="NightlyBackupFailed")
    async with gateway.ctx.db.read() as session:
        due = await session.scalar(select(ScheduledJob.due_at).where(ScheduledJob.name == job.name))
    assert due is not None and due - now <= timedelta(hours=1, minutes=1)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-17T14:00", "2026-06-18T06:30"),
        ("2026-06-17T06:29", "2026-06-17T06:30"),
        # Clocks go forward at two in New York: there is no half past two, and half past three takes its place.
        ("2026-03-08T05:00", "2026-03-08T07:30"),
        # They go back at two: of the two half past ones the first.
        ("2026-11-01T04:00", "2026-11-01T07:30"),
    ],
)
def test_the_time_of_night_is_the_offices(now: str, due: str) -> None:
    assert backups.next_time(SUPPORT, at(now)) == at(due)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


async def test_a_time_that_is_put_forward_holds_from_now_on(gateway: Gateway) -> None:
    ctx, now = gateway.ctx, gateway.clock()
    soon = (now.astimezone(SUPPORT.office_hours.zone) + timedelta(minutes=30)).time().replace(second=0, microsecond=0)
    earlier = SUPPORT.backup.model_copy(update={"at": soon})

    async def enrolled() -> bool:
        async with ctx.db.read() as session:
            return await session.get(ScheduledJob, backups.NIGHTLY) is not None

    await eventually(enrolled)
    ctx.support = SUPPORT.model_copy(update={"backup": earlier})

    async def moved() -> bool:
        async with ctx.db.read() as session:
            return (await session.get_one(ScheduledJob, backups.NIGHTLY)).due_at <= now + timedelta(minutes=31)

    await eventually(moved)
    assert backups.backup_status(ctx.home).good_at is None, "it is not due yet"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("backup: {at: 25:00}", "backup.at: write a time of day in quotes"),
        ("backup: {at: 230}", "backup.at: write a time of day in quotes"),
        ("backup: {nightly: often}", "backup.nightly"),
        ("backup: {hour: 2}", "backup.hour: there is no such key"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "support.yml").write_text(written)
    with pytest.raises(SettingsError, match=told):
        load_support(tmp_path)


def test_times_are_read_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text('backup: {nightly: false, at: "23:05"}')
    read = load_support(tmp_path).backup
    assert (read.nightly, read.at) == (False, time(23, 5))


def test_doctor_says_how_old_the_last_one_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(home))
    assert "backups: there is none yet" in CliRunner().invoke(build_command_line("doctor"), ["doctor"]).output
    backups.record_good(home, Path("/mnt/nas/techref.tar.gz"), datetime.now(UTC) - LONG_AGO)
    said = CliRunner().invoke(build_command_line("doctor"), ["doctor"])
    assert said.exit_code == 1 and "The last good backup is 3 days old" in said.output
    made = CliRunner().invoke(build_command_line("backup"), ["backup"])
    assert made.exit_code == 0, made.output
    assert (
        "the last good one is less than an hour old"
        in CliRunner().invoke(build_command_line("doctor"), ["doctor"]).output
    )
    (backups.backups_folder(home) / backups.LAST_GOOD).write_text(json.dumps({})[:1])  # cut off by a power failure
    assert (
        "the last good one is less than an hour old"
        in CliRunner().invoke(build_command_line("doctor"), ["doctor"]).output
    )
