"""Ports that are taken are named before anything is started."""

import socket
from pathlib import Path

from bot.installation.ports import busy_ports
from bot.settings.env.settings import load_settings
from tests.support.running_stack import free_ports


def environ(home: Path, *ports: int) -> dict[str, str]:
    keys = ("TECHREF_PORT", "TECHREF_RASA_PORT", "TECHREF_ACTIONS_PORT")
    return {"TECHREF_HOME": str(home), **{key: str(port) for key, port in zip(keys, ports, strict=True)}}


def test_free_ports_are_no_problem(tmp_path: Path) -> None:
    assert busy_ports(load_settings(environ(tmp_path, *free_ports(3)))) == []


def test_a_taken_port_is_reported_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    gateway, actions = free_ports(2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        rasa = other.getsockname()[1]
        (problem,) = busy_ports(load_settings(environ(tmp_path, gateway, rasa, actions)))
    assert str(rasa) in problem
    assert "set TECHREF_RASA_PORT to another port" in problem
    suggested = problem.rpartition("TECHREF_RASA_PORT=")[2].rstrip(".")
    assert load_settings(environ(tmp_path, gateway, int(suggested), actions)).rasa_port != rasa


def test_one_port_for_two_processes_is_reported(tmp_path: Path) -> None:
    one, two = free_ports(2)
    (problem,) = busy_ports(load_settings(environ(tmp_path, one, two, one)))
    assert "TECHREF_ACTIONS_PORT and TECHREF_PORT are both" in problem
