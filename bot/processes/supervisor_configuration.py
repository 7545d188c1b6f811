"""Write the configuration file of supervisord: http://supervisord.org/configuration.html"""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from bot.processes.folders import Folders
from bot.processes.program import Program

# A program that ends sooner than this has failed to start: each retry waits one second longer than the last.
SECONDS_TO_COUNT_AS_STARTED = 10
TRIES_BEFORE_A_PAUSE = 10
SECONDS_TO_STOP = 12
LOG_BYTES = 5_000_000
OLD_LOGS = 5


def render_configuration(programs: Sequence[Program], folders: Folders, directory: Path) -> str:
    """Return the text of supervisord.conf; the programs run in ``directory``."""
    sections = [
        _section(
            "supervisord",
            nodaemon="true",
            silent="true",
            logfile=folders.log_of("supervisord"),
            logfile_maxbytes=LOG_BYTES,
            logfile_backups=1,
            pidfile=folders.pid_file_of("supervisord"),
            directory=directory,
            umask="077",
        ),
        _section("unix_http_server", file=folders.socket, chmod="0700"),
        _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
    ]
    return "\n".join([*sections, *(_program(program, folders) for program in programs)])


def _program(program: Program, folders: Folders) -> str:
    return _section(
        f"program:{program.name}",
        command=shlex.join(program.guarded_command()),
        priority=program.priority,
        autorestart="true",
        startsecs=SECONDS_TO_COUNT_AS_STARTED,
        startretries=TRIES_BEFORE_A_PAUSE,
        stopwaitsecs=SECONDS_TO_STOP,
        stopasgroup="true",
        redirect_stderr="true",
        stdout_logfile=folders.log_of(program.name),
        stdout_logfile_maxbytes=LOG_BYTES,
        stdout_logfile_backups=OLD_LOGS,
    )


def _section(name: str, **options: object) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {_escaped(str(value))}" for key, value in options.items()), ""])


def _escaped(value: str) -> str:
    """Escape a value for supervisor, which expands %(name)s and reads " #" and " ;" as the start of a comment.

    Raises ValueError for a path it could not read back.
    """
    if re.search(r"\s[#;]|\n", value):
        raise ValueError(f"The process manager cannot read a path with a line end, ' #' or ' ;' in it: {value}")
    return value.replace("%", "%%")
