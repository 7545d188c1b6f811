"""Run a `techref` command beside the gateway, with the lowest claim to the processor: customers come first."""

import asyncio
import logging
import os
import shutil
import sys

from bot.installation.places import ROOT
from bot.processes.program import DIE_WITH_PARENT
from bot.services.core.context import Context

log = logging.getLogger(__name__)


async def run_slowly(ctx: Context, command: list[str]) -> int:
    """Run `techref` with this command until it ends; its exit status. What it says goes to the log when it fails."""
    slowly = ["nice", "-n", "15"] if shutil.which("nice") else []
    process = await asyncio.create_subprocess_exec(
        *slowly,
        sys.executable,
        str(DIE_WITH_PARENT),
        sys.executable,
        "-m",
        "bot.cli",
        *command,
        cwd=ROOT,
        env={**os.environ, "TECHREF_HOME": str(ctx.home), "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-3:]
        log.error("techref %s ended with %s: %s", " ".join(command[:2]), process.returncode, " / ".join(last))
    return process.returncode or 0
