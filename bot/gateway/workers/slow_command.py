"""Run a `techref` command beside the gateway, with the lowest claim to the processor: customers come first."""

import asyncio
import logging
import os
import shutil
import sys
from dataclasses import dataclass

from bot.installation.places import ROOT
from bot.processes.program import DIE_WITH_PARENT
from bot.services.core.context import Context

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """The end of a command: its exit status, and the lines it printed."""

    status: int
    said: tuple[str, ...]

    @property
    def succeeded(self) -> bool:
        return self.status == 0


async def run_slowly(ctx: Context, command: list[str]) -> Ended:
    """Run `techref` with this command until it ends; log the last lines of what it printed when it fails."""
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
    lines = tuple(said.decode("utf-8", "replace").strip().splitlines())
    if process.returncode:
        about = " ".join(command[:2])
        log.error("techref %s ended with %s: %s", about, process.returncode, " / ".join(lines[-3:]))
    return Ended(process.returncode or 0, lines)
