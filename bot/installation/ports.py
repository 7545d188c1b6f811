"""Check that the configured ports are free."""

import socket

from bot.installation.programs import ACTIONS, GATEWAY, RASA
from bot.settings.env.settings import Settings

LOOPBACK = "127.0.0.1"
HIGHEST_PORT = 65_535


def busy_ports(settings: Settings, program: str | None = None) -> list[str]:
    """Return a sentence for each port that is taken or given twice, naming the setting that changes it.

    With ``program`` only that one's port is looked at.
    """
    wanted = [
        (GATEWAY, "TECHREF_PORT", "gateway", settings.host, settings.port),
        (RASA, "TECHREF_RASA_PORT", "dialogue engine", LOOPBACK, settings.rasa_port),
        (ACTIONS, "TECHREF_ACTIONS_PORT", "action server", LOOPBACK, settings.actions_port),
    ]
    problems, seen = [], dict[int, str]()
    for name, key, whose, host, port in wanted:
        if port in seen:
            problems.append(f"{key} and {seen[port]} are both {port}; give each process a port of its own.")
        elif (program in (None, name)) and (reason := _why_not(host, port)):
            another = port + 10_000 if port + 10_000 <= HIGHEST_PORT else port - 10_000
            problems.append(
                f"The {whose} cannot use port {port} ({reason}). "
                f"Stop what uses it, or set {key} to another port, for instance {key}={another}."
            )
        seen.setdefault(port, key)
    return problems


def _why_not(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do, so that a port whose last connections are in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None
