"""Find the programs of PostgreSQL and Redis: the system's, else unpacked from Debian's packages into a folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = ("postgresql-15", "postgresql-client-15", "redis-server", "redis-tools")


class ServerPrograms:
    """Runs the programs without privileges: as root they run as the user postgres, or nobody where there is none."""

    def __init__(self, unpacked: Path) -> None:
        self._unpacked = unpacked
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        self._account = user if os.geteuid() == 0 else None

    def find(self, name: str) -> str | None:
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        ours = [*self._unpacked.glob("usr/lib/postgresql/*/bin"), self._unpacked / "usr" / "bin"]
        return shutil.which(name, path=os.pathsep.join(str(one) for one in [*installed, "/usr/bin", *ours]))

    def unpack(self) -> None:
        """Download and unpack the packages and their missing dependencies. The system is not changed."""
        if shutil.which("apt-get") is None:
            raise OSError("PostgreSQL and Redis are not installed and there is no apt-get; install both and try again")
        simulated = subprocess.run(
            ["apt-get", "--simulate", "--no-install-recommends", "install", *PACKAGES],
            check=True,
            capture_output=True,
            text=True,
        )
        missing = {line.split()[1] for line in simulated.stdout.splitlines() if line.startswith("Inst ")}
        wanted = sorted({*PACKAGES, *missing})
        print(f"Unpacking {len(wanted)} of Debian's packages into {self._unpacked}")
        with tempfile.TemporaryDirectory() as downloads:
            subprocess.run(["apt-get", "download", "-qq", *wanted], cwd=downloads, check=True)
            for package in Path(downloads).glob("*.deb"):
                subprocess.run(["dpkg-deb", "--extract", package, self._unpacked], check=True)

    def give(self, path: Path) -> None:
        """Make the servers own the path."""
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def run(self, folder: Path, name: str, *arguments: str, **environ: str) -> str:
        """Run a program in ``folder`` and return its output."""
        found = self.find(name)
        if found is None:
            raise OSError(f"{name} is not among the programs of PostgreSQL and Redis that are here")
        libraries = [str(one.parent) for one in self._unpacked.glob("usr/lib/*/libpq.so.5")]
        surroundings = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_LIBRARY_PATH": os.pathsep.join(libraries)}
        # A file, not a pipe: the servers that stay running hold it open.
        with tempfile.TemporaryFile("w+") as output:
            ended = subprocess.run(
                [found, *arguments],
                cwd=folder,
                env={**surroundings, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self._account.pw_uid if self._account else None,
                group=self._account.pw_gid if self._account else None,
                extra_groups=[] if self._account else None,
                check=False,
            )
            output.seek(0)
            said = output.read()
        if ended.returncode:
            raise subprocess.CalledProcessError(ended.returncode, name, stderr=said)
        return said
