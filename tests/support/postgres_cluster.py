"""A PostgreSQL server of a test's own, on a port of its own, that may be restarted under load."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.running_stack import free_ports

ACCOUNT = "postgres"
SECONDS = 60


def programs() -> Path | None:
    """The folder of the newest server's programs; None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    return found[-1].parent if found else None


class PostgresCluster:
    """A server whose files lie in ``folder``. PostgreSQL does not run as root, so it runs as its own account there."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        (port,) = free_ports(1)
        self.url = f"postgresql://{ACCOUNT}@127.0.0.1:{port}/postgres"
        self._data, self._bin = folder / "data", bin_folder
        self._options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        self._run("initdb", "--auth=trust", f"--username={ACCOUNT}", "--encoding=UTF8", "--locale=C")

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--log", f"{self._data}/log", "-o", self._options)

    def stop(self, mode: str) -> None:
        """End it; ``fast`` ends sessions, ``immediate`` is a crash, which it recovers from at the next start."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self._data), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", ACCOUNT, "--", *command]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, timeout=SECONDS, cwd="/", stdin=quiet, stdout=quiet, stderr=quiet)


@contextmanager
def postgres_cluster() -> Iterator[PostgresCluster]:
    """Running at first. Skips, loudly, where no server is installed."""
    found = programs()
    if found is None:
        pytest.skip("A RESTART OF POSTGRESQL WAS NOT TESTED: there are no programs of a server here")
    folder = Path(tempfile.mkdtemp(prefix="techref-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT)
        cluster = PostgresCluster(folder, found)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)
