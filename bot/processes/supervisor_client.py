"""Query and control a running supervisord over its private Unix socket.

The XML-RPC interface: http://supervisord.org/api.html
"""

import http.client
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.states import ProcessStates
from supervisor.xmlrpc import Faults, SupervisorTransport


@dataclass(frozen=True)
class Status:
    """One program as supervisord sees it. ``pid`` is None while it is not running."""

    name: str
    pid: int | None
    gave_up: bool
    last_end: str


class SupervisorClient:
    """Calls raise OSError or http.client.HTTPException while supervisord is not running."""

    def __init__(self, socket: Path) -> None:
        transport: Any = SupervisorTransport(None, None, f"unix://{socket}")
        self._supervisor = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor
        self._transport = transport

    def statuses(self) -> list[Status]:
        """Return every program's status; an empty list while supervisord does not answer."""
        try:
            rows: Any = self._supervisor.getAllProcessInfo()
        except (OSError, http.client.HTTPException):
            self._transport.close()
            return []
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == Faults.SHUTDOWN_STATE:
                return []
            raise
        return [
            Status(
                name=row["name"],
                pid=row["pid"] or None,
                gave_up=row["state"] == ProcessStates.FATAL,
                last_end=row["spawnerr"] or row["description"],
            )
            for row in rows
        ]

    def start(self, name: str) -> None:
        """Start a program that is not running; does nothing when it is."""
        try:
            self._supervisor.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise

    def restart(self, name: str) -> None:
        """Stop a program, wait until it has ended, and start it again."""
        try:
            self._supervisor.stopProcess(name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise
        self.start(name)

    def close(self) -> None:
        self._transport.close()
