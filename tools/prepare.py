"""Prepare both environments: the part of `make setup` after tools/setup has found Python 3.11.

Every step leaves a stamp of its inputs, so that a second run does nothing and a changed lock file repeats only its own
environment. Standard library only: nothing is installed yet when this starts.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Standard library only, like this file; the path above leads to them.
from bot.browser import find_chromium  # noqa: E402
from bot.installation.environments import ENGINE, OURS, Environment  # noqa: E402


class SetUpFailed(Exception):
    """A step failed; the message says which and what to do."""


def run(command: Sequence[str | Path], failure: str) -> None:
    """Run a command from the repository root; its output is shown as it comes.

    Raises SetUpFailed with ``failure`` when it does not end with 0.
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=environ, check=False).returncode:
        raise SetUpFailed(failure)


def create(environment: Environment) -> None:
    """Create an empty virtual environment, replacing one made by another Python or in another place."""
    if environment.is_in_place():
        return
    run(
        [sys.executable, "-m", "venv", "--clear", environment.path],
        f"{environment.folder} could not be created. Check the free disk space and run the command again.",
    )
    environment.write_stamp(environment.place())


def install_installer() -> None:
    """Install uv, with pip and its hash: it installs the rest in seconds instead of minutes."""
    run(
        [
            OURS.python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "-r",
            OURS.locks[0],
        ],
        "The installer uv could not be fetched. Check that pip reaches its package index "
        "(`pip download uv`) and run the command again; what is done is kept.",
    )


def install(environment: Environment) -> None:
    """Install exactly the packages of the environment's locks, checked by hash."""
    sync: list[str | Path] = [
        OURS.path / "bin" / "uv",
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        environment.python,
    ]
    try:
        run([*sync, *environment.locks], "uv failed")
    except SetUpFailed:
        print("  uv could not install them; trying pip, which reads pip's own configuration", flush=True)
        with_pip(environment)
    if environment.installs_project:
        run(
            [
                environment.python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--no-build-isolation",
                "-e",
                ".",
            ],
            "The command `techref` could not be installed. What is done is kept; run the command again.",
        )


def with_pip(environment: Environment) -> None:
    # Rasa's wheel claims not to run on Python 3.11; docs/decisions says why it does.
    options = ["--quiet", "--no-deps", "--require-hashes", "--ignore-requires-python"]
    files = [part for lock in environment.locks for part in ("-r", lock)]
    run(
        [environment.python, "-m", "pip", "install", *options, *files],
        f"{environment.folder} could not be filled from {', '.join(environment.locks)}. The lines above "
        "say which package failed. Check that pip reaches its package index and run the command again; "
        "what is done is kept.",
    )


def prepare(environment: Environment) -> None:
    if environment.is_ready():
        print(f"✓ {environment.title} ({environment.folder}) is up to date")
        return
    started = time.monotonic()
    print(f"… preparing {environment.title} ({environment.folder})", flush=True)
    create(environment)
    if environment is OURS:
        install_installer()
    install(environment)
    run(
        [environment.python, *environment.proof],
        f"{environment.folder} is filled, but importing from it failed; the lines above say what. "
        f"Remove {environment.folder} and run the command again.",
    )
    environment.write_stamp(environment.place(), environment.contents())
    print(f"✓ {environment.title} is ready and imports ({time.monotonic() - started:.0f} s)", flush=True)


def build_embedding() -> None:
    """Build the sentence embedding under TECHREF_HOME; quick when it is there already."""
    run(
        [OURS.python, "-m", "bot.cli", "embedding"],
        "The sentence embedding could not be built; the lines above say why. Both environments are kept.",
    )


def prepare_browser() -> None:
    """Install Chromium for the browser tests as root on Debian and Ubuntu, else name it. Never a failure."""
    if chromium := find_chromium():
        print(f"✓ browser for the tests: {chromium}")
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("… installing Chromium for the browser tests", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(install, check=False, env=quiet)
    if not find_chromium():
        print(
            "! Chromium was not found; only the browser tests need it. Install it with\n"
            "  `apt-get install chromium` (Debian), `brew install --cask chromium` (macOS),\n"
            "  or set CHROMIUM=/path/to/chromium."
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Prepare both environments; does nothing that is done already.")
    parser.add_argument("--with-browser", action="store_true", help="also look for Chromium, for the browser tests")
    with_browser = parser.parse_args().with_browser
    steps: list[Callable[[], None]] = [lambda: prepare(OURS), lambda: prepare(ENGINE), build_embedding]
    try:
        for step in [*steps, prepare_browser] if with_browser else steps:
            step()
    except SetUpFailed as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    print("✓ both environments import; set-up is complete")
    return 0


if __name__ == "__main__":
    sys.exit(main())
