"""Training and indexing are begun at the desk, go on beside the gateway, and say what came of them."""

import asyncio
import shutil
import stat
import sys
from pathlib import Path

import pytest

from bot.gateway.workers import requested_work as worker
from bot.gateway.workers import slow_command
from bot.installation import manual_index
from bot.installation.places import MODEL_LOCK
from bot.processes.only_one import preparation_lock
from bot.services.upkeep.requested_work import Work, work_view
from bot.settings.support.own_file import write
from knowledge_base.versions import build_lock
from tests.support.gateway_fixture import Gateway, eventually


@pytest.fixture
def quick_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of `techref`, for what takes minutes: it prints its arguments and ends as the file says."""
    program = tmp_path / "python"
    program.write_text(
        f"#!/bin/sh\n[ -f {tmp_path}/slow ] && sleep 60\necho \"$@\"\necho 'accuracy: 0.900 -> 0.912 (+0.012)'\n"
        f"[ -f {tmp_path}/worse ] && echo 'kept: techref train --even-if-worse' && exit 1\nexit 0\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(slow_command, "DIE_WITH_PARENT", program)
    monkeypatch.setattr(sys, "executable", "/usr/bin/env")
    return tmp_path


async def ended(gateway: Gateway, work: Work) -> None:
    async def is_over() -> bool:
        await worker.look(gateway.ctx)
        state = work_view(gateway.ctx, work)
        return not state["waiting"] and not state["running"]

    await eventually(is_over, 60)


async def test_the_manual_is_indexed_from_the_desk(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)  # a busy machine starves who is nice
    ada = await gateway.technician("Ada", "admin")
    assert "Index now" in (await ada.browser.get("/desk/manual/sources")).text
    assert (await ada.post("jobs/indexing")).status_code == 202
    again = await ada.post("jobs/indexing")
    assert again.status_code == 409 and again.json()["error"]["code"] == "work_under_way"
    await ended(gateway, Work.INDEXING)
    state = (await ada.get("jobs/indexing")).json()
    assert state["last"]["succeeded"] and "manual is indexed" in " ".join(state["last"]["said"])
    assert "manual is indexed" in (await ada.browser.get("/desk/manual/sources")).text
    assert (await ada.post("jobs/indexing")).status_code == 202, "the next one may be begun"


async def test_what_the_training_scored_is_shown_and_a_worse_model_can_be_taken(
    gateway: Gateway, quick_command: Path
) -> None:
    (quick_command / "worse").touch()
    eva = await gateway.technician("Eva", "supervisor")
    assert (await eva.post("jobs/training")).status_code == 202
    await ended(gateway, Work.TRAINING)
    page = (await eva.browser.get("/desk/administration/learning")).text
    assert "0.900 -&gt; 0.912" in page and "Not done" in page and "Use it all the same" in page
    (quick_command / "worse").unlink()
    assert (await eva.post("jobs/training", {"even_if_worse": "yes"})).status_code == 202
    await ended(gateway, Work.TRAINING)
    last = (await eva.get("jobs/training")).json()["last"]
    assert last["succeeded"] and "train --even-if-worse" in last["said"][0]
    assert "Use it all the same" not in (await eva.browser.get("/desk/administration/learning")).text


async def test_a_training_that_the_gateway_left_behind_begins_again(gateway: Gateway, quick_command: Path) -> None:
    (quick_command / "slow").touch()
    eva = await gateway.technician("Eva", "supervisor")
    await eva.post("jobs/training")
    await worker.look(gateway.ctx)

    async def runs() -> bool:
        return bool((await eva.get("jobs/training")).json()["running"])

    await eventually(runs, 20)
    assert "data-busy" in (await eva.browser.get("/desk/administration/learning")).text
    await worker.stop(gateway.ctx)
    (quick_command / "slow").unlink()
    await ended(gateway, Work.TRAINING)
    assert (await eva.get("jobs/training")).json()["last"]["succeeded"]


@pytest.mark.usefixtures("quick_command")
async def test_it_waits_for_what_is_begun_on_the_server(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", "admin")
    (gateway.ctx.home / "index").mkdir(exist_ok=True)
    with preparation_lock(gateway.ctx.home, lambda: None, MODEL_LOCK), build_lock(gateway.ctx.home / "index"):
        for name in ("training", "indexing"):
            assert (await ada.post(f"jobs/{name}")).status_code == 202
        await worker.look(gateway.ctx)
        await asyncio.sleep(0.3)
        for name in ("training", "indexing"):
            assert (await ada.get(f"jobs/{name}")).json()["waiting"], name
    await ended(gateway, Work.TRAINING)
    await ended(gateway, Work.INDEXING)


async def test_technicians_begin_nothing_and_supervisors_do_not_index(gateway: Gateway) -> None:
    anna, eva = await gateway.technician("Anna"), await gateway.technician("Eva", "supervisor")
    for desk, name in ((anna, "training"), (anna, "indexing"), (eva, "indexing")):
        assert (await desk.post(f"jobs/{name}")).status_code == 403
        assert (await desk.get(f"jobs/{name}")).status_code == 403


async def test_the_index_follows_the_settings_that_the_tips_page_shows(gateway: Gateway) -> None:
    home, ctx = gateway.ctx.home, gateway.ctx
    await asyncio.to_thread(manual_index.index_manual, ctx.settings)
    assert not manual_index.index_is_stale(home, ctx.support)
    write(home, "company: Example Ltd\n")
    assert await ctx.refresh_support()
    assert not manual_index.index_is_stale(home, ctx.support), "the page does not name the company"
    write(home, "categories: {printing: {questions: [product_version]}}\n")
    assert await ctx.refresh_support()
    assert manual_index.index_is_stale(home, ctx.support)
