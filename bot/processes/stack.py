"""Keep a set of programs running under supervisord until a stop signal, and leave no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from rich.console import Console

from bot.processes.folders import Folders
from bot.processes.log_follower import LogFollower
from bot.processes.program import Program, with_parent_death_signal
from bot.processes.supervisor_client import Status, SupervisorClient
from bot.processes.supervisor_configuration import SECONDS_TO_STOP, render_configuration

TICK = 0.2
SECONDS_BETWEEN_LATE_TRIES = 60


class Stack:
    """The running programs, all with the environment ``environ``.

    ``each_tick`` is called a few times a second with the stack, for readiness and reloading.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        folder: Path,
        directory: Path,
        environ: dict[str, str],
        console: Console,
        each_tick: Callable[["Stack"], None],
    ) -> None:
        self._programs = programs
        self._directory = directory
        self._environ = environ
        self._console = console
        self._each_tick = each_tick
        self._folders = Folders.under(folder)
        self._client = SupervisorClient(self._folders.socket)
        self._pids: dict[str, int] = {}
        self._try_again_at: dict[str, float] = {}
        self._stop_requests = 0
        width = max(len(program.name) for program in programs)
        self._followers = [
            LogFollower(self._folders.log_of(program.name), program.name, program.colour, width) for program in programs
        ]

    def run(self) -> int:
        """Start everything and stay until SIGINT, SIGTERM or SIGHUP.

        Returns 0 after a clean stop, 1 when the process manager itself died.
        """
        with self._signals_asked_for():
            supervisord = self._start()
            try:
                while supervisord.poll() is None and not self._stop_requests:
                    self._tick()
                    time.sleep(TICK)
                if supervisord.returncode is not None:
                    self._say(
                        f"the process manager ended by itself; see {self._folders.log_of('supervisord')}",
                        "red",
                    )
                return 0 if supervisord.returncode is None else 1
            finally:
                self._stop(supervisord)

    def restart(self, names: Sequence[str]) -> None:
        for name in names:
            self._client.restart(name)

    def _start(self) -> subprocess.Popen[bytes]:
        text = render_configuration(self._programs, self._folders, self._directory)
        self._folders.supervisor_configuration.write_text(text)
        command = [sys.executable, "-m", "supervisor.supervisord"]
        command += ["--nodaemon", "--configuration", str(self._folders.supervisor_configuration)]
        # Its own session: Ctrl-C in the terminal reaches only the launcher, which stops the programs in order.
        return subprocess.Popen(
            with_parent_death_signal(command),
            cwd=self._directory,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _tick(self) -> None:
        for status in self._client.statuses():
            self._note_process_id(status)
            self._try_again_later(status)
        self._show_logs()
        self._each_tick(self)

    def _note_process_id(self, status: Status) -> None:
        """Keep run/NAME.pid up to date, and report a replaced process."""
        before = self._pids.get(status.name)
        if status.pid == before:
            return
        if before is not None:
            end_process_group(before)
            self._say(f"{status.name} (process {before}) ended; it is being started again", "yellow")
        pid_file = self._folders.pid_file_of(status.name)
        if status.pid is None:
            self._pids.pop(status.name, None)
            pid_file.unlink(missing_ok=True)
        else:
            self._pids[status.name] = status.pid
            write_atomically(pid_file, f"{status.pid}\n")

    def _try_again_later(self, status: Status) -> None:
        """Restart a program that supervisord gave up after its quick retries; the cause may pass within a minute."""
        if not status.gave_up:
            self._try_again_at.pop(status.name, None)
        elif status.name not in self._try_again_at:
            self._try_again_at[status.name] = time.monotonic() + SECONDS_BETWEEN_LATE_TRIES
            log = self._folders.log_of(status.name)
            self._say(
                f"{status.name} does not stay up ({status.last_end}); {log} says why. "
                f"It is tried again every {SECONDS_BETWEEN_LATE_TRIES} seconds.",
                "red",
            )
        elif time.monotonic() >= self._try_again_at[status.name]:
            del self._try_again_at[status.name]
            self._client.start(status.name)

    def _show_logs(self) -> None:
        for follower in self._followers:
            follower.show_new_lines(self._console)

    def _stop(self, supervisord: subprocess.Popen[bytes]) -> None:
        self._say("stopping", "cyan")
        deadline = time.monotonic() + (SECONDS_TO_STOP + 1) * len(self._programs)
        if supervisord.poll() is None:
            supervisord.terminate()
        while supervisord.poll() is None and self._stop_requests < 2 and time.monotonic() < deadline:
            self._show_logs()
            time.sleep(TICK)
        self._end_what_is_left(supervisord)
        self._show_logs()
        for follower in self._followers:
            follower.close()
        for program in self._programs:
            self._folders.pid_file_of(program.name).unlink(missing_ok=True)
        self._client.close()
        self._folders.discard_socket()
        self._say("everything has stopped", "cyan")

    def _end_what_is_left(self, supervisord: subprocess.Popen[bytes]) -> None:
        if supervisord.poll() is None:
            supervisord.kill()
        supervisord.wait()
        for pid in self._pids.values():
            end_process_group(pid)

    @contextmanager
    def _signals_asked_for(self) -> Iterator[None]:
        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            self._stop_requests += 1

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, ask_to_stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _say(self, text: str, colour: str) -> None:
        self._console.print(f"techref: {text}", style=colour, markup=False, highlight=False, soft_wrap=True)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file atomically, so that a reader never sees half of it."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(text)
    unfinished.replace(path)


def end_process_group(leader: int) -> None:
    """End the leftovers of a dead program: they would hold the port its successor needs.

    Every program leads its own process group, so a group that still exists holds only its leftovers.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
