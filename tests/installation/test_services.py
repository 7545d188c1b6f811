"""`make services` gives a database and a Redis that nobody without the password uses; stopping keeps the data."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from tests.support.running_stack import ROOT
from tools.server_programs import ServerPrograms


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    programs = ServerPrograms(tmp_path)
    if not (programs.find("postgres") and programs.find("redis-server")):
        pytest.skip("MAKE SERVICES WAS NOT TESTED: PostgreSQL and Redis are not installed here")
    # The servers run as another user, who must be able to reach their folders.
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o111)
    return tmp_path / "services"


def services(folder: Path, what: str) -> str:
    environ = {**os.environ, "SERVICES_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tools.services", what]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def in_the_database(url: str, *statements: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_they_run_with_a_password_and_what_was_stored_is_there_after_a_stop(folder: Path) -> None:
    try:
        shown = services(folder, "start")
        database, redis = re.findall(r"URL=(\S+)", shown)
        in_the_database(database, "CREATE TABLE kept AS SELECT 7 AS number")
        with Redis.from_url(redis) as connection:
            assert connection.ping()
        with Redis.from_url(re.sub(r":\w+@", "", redis)) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()
        with pytest.raises(asyncpg.InvalidPasswordError):
            in_the_database(re.sub(r":\w+@", ":wrong@", database), "SELECT 1")
        assert services(folder, "start") == shown, "a second start finds them"
        services(folder, "stop")
        with pytest.raises(OSError, match=r"refused|failed"):
            in_the_database(database, "SELECT 1")
        assert services(folder, "start") == shown
        assert in_the_database(database, "SELECT number FROM kept") == 7
    finally:
        services(folder, "stop")
