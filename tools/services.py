"""PostgreSQL and Redis for trying several stacks on one machine: from Debian's packages, run without rights.

    python -m tools.services start|stop

The data lies in TECHREF_HOME/services (or SERVICES_DIR). The ports are free ones (or SERVICES_POSTGRES_PORT and
SERVICES_REDIS_PORT) and stay the same. Both listen on 127.0.0.1 only and want a password that was made for them.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.server_programs import ServerPrograms

FOLDER = Path(os.environ.get("SERVICES_DIR") or Path(os.environ.get("TECHREF_HOME") or "var") / "services").resolve()
DATA, REDIS, KEPT = FOLDER / "postgresql", FOLDER / "redis", FOLDER / "services.json"
NAME = "techref"
programs = ServerPrograms(FOLDER / "packages")


def main() -> int:
    if sys.argv[1:] not in (["start"], ["stop"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        stop() if sys.argv[1] == "stop" else start()
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or ""
        print(f"{said}{error}\nThe servers' logs are under {FOLDER}; what was stored is kept.", file=sys.stderr)
        return 1
    return 0


def start() -> None:
    """Start the stopped servers, and print the addresses."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (programs.find("postgres") and programs.find("redis-server")):
        programs.unpack()
    values = kept()
    for folder in (DATA, REDIS):
        folder.mkdir(mode=0o700, exist_ok=True)
        programs.give(folder)
    start_postgresql(values)
    start_redis(values)
    password = values["password"]
    print("PostgreSQL and Redis run. To use them:\n")
    print(f"  export TECHREF_DATABASE_URL=postgresql://{NAME}:{password}@127.0.0.1:{values['postgres_port']}/{NAME}")
    print(f"  export TECHREF_REDIS_URL=redis://:{password}@127.0.0.1:{values['redis_port']}/0\n")
    print("`make services-stop` stops both and keeps the data.")


def stop() -> None:
    if not KEPT.exists():
        print(f"Nothing was started from {FOLDER}.")
        return
    values = kept()
    if answers(values["redis_port"]):
        stop_redis(values)
    if (DATA / "postmaster.pid").exists():
        programs.run(DATA, "pg_ctl", "stop", "--pgdata", str(DATA), "--mode", "fast", "--wait")
    print("PostgreSQL and Redis have stopped; the data is kept.")


def start_postgresql(values: dict[str, str]) -> None:
    port = values["postgres_port"]
    if not (DATA / "PG_VERSION").exists():
        with tempfile.NamedTemporaryFile("w", dir=FOLDER) as password:
            password.write(values["password"])
            password.flush()
            programs.give(Path(password.name))
            options = ["--username", NAME, "--pwfile", password.name, "--auth", "scram-sha-256", "--encoding", "UTF8"]
            programs.run(DATA, "initdb", "--pgdata", str(DATA), *options, "--locale", "C")
    if not answers(port):
        settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c jit=off"
        options = ["--wait", "--log", str(DATA / "server.log"), "--options", settings]
        programs.run(DATA, "pg_ctl", "start", "--pgdata", str(DATA), *options)
    login = {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": NAME, "PGPASSWORD": values["password"]}
    there = programs.run(DATA, "psql", "--list", "--quiet", "--tuples-only", "--no-align", **login)
    if not any(line.startswith(f"{NAME}|") for line in there.splitlines()):
        programs.run(DATA, "createdb", NAME, **login)


def start_redis(values: dict[str, str]) -> None:
    """Start Redis without persistence: it only passes messages on."""
    port, file = values["redis_port"], REDIS / "redis.conf"
    if answers(port):
        return
    file.touch(mode=0o600)
    file.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {values['password']}\n"
        'save ""\nappendonly no\nmaxmemory 64mb\nmaxmemory-policy volatile-ttl\n'
        f'daemonize yes\ndir "{REDIS}"\nlogfile "{REDIS}/server.log"\n'
    )
    programs.give(file)
    programs.run(REDIS, "redis-server", str(file))
    deadline = time.monotonic() + 10
    while not answers(port):
        if time.monotonic() > deadline:
            raise OSError(f"Redis does not answer on port {port}")
        time.sleep(0.1)


def stop_redis(values: dict[str, str]) -> None:
    """Stop Redis; the password proves that it is ours."""
    with socket.create_connection(("127.0.0.1", int(values["redis_port"])), 5) as connection:
        connection.sendall(f"AUTH {values['password']}\r\n".encode())
        if not connection.recv(100).startswith(b"+OK"):
            raise OSError(f"the server on port {values['redis_port']} is not ours; it was left alone")
        connection.sendall(b"SHUTDOWN NOSAVE\r\n")
        connection.recv(100)


def kept() -> dict[str, str]:
    """Return ports and password, generated at the first start."""
    values: dict[str, str] = json.loads(KEPT.read_text()) if KEPT.exists() else {"password": secrets.token_hex(16)}
    for key in ("postgres_port", "redis_port"):
        values[key] = os.environ.get(f"SERVICES_{key.upper()}") or values.get(key) or free_port()
    KEPT.touch(mode=0o600)
    KEPT.write_text(json.dumps(values))
    return values


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def answers(port: str) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", int(port))) == 0


if __name__ == "__main__":
    sys.exit(main())
