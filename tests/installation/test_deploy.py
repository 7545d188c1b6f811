"""The files under deploy/: they name settings that exist, images by tag, and units that systemd can read."""

import fnmatch
import ipaddress
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.installation.programs import programs_of_stack
from bot.settings.env.settings import Settings, load_settings, unknown_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
SYSTEMD = DEPLOY / "systemd"
SERVICES = sorted(SYSTEMD.glob("*.service"))
PROGRAMS = {program.name for program in programs_of_stack(load_settings({}))}


@pytest.mark.parametrize(
    "file", sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ids=lambda file: file.name
)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bTECHREF_[A-Z_]+\b", file.read_text()))
    assert unknown_settings(dict.fromkeys(named, "x")) == []


def test_images_are_named_by_tag_and_by_no_host() -> None:
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert len(set(images)) == 5
    for image in images:
        assert re.fullmatch(r"techref|[a-z]+:[a-z0-9.-]+", image), image


def test_the_proxy_that_is_believed_is_the_one_in_front() -> None:
    services = COMPOSE["services"]
    address = services["caddy"]["networks"]["front"]["ipv4_address"]
    settings = load_settings({"TECHREF_TRUSTED_PROXIES": services["gateway"]["environment"]["TECHREF_TRUSTED_PROXIES"]})
    assert [str(network.network_address) for network in settings.trusted_proxies] == [address]
    assert all("ports" not in service for name, service in services.items() if name != "caddy")
    # Docker gives the first address that is free to whoever starts first.
    given = ipaddress.ip_network(COMPOSE["networks"]["front"]["ipam"]["config"][0]["ip_range"])
    assert ipaddress.ip_address(address) not in given


@pytest.mark.parametrize("file", ["deploy/Caddyfile", "docs/install.md"])
def test_the_proxy_compresses_no_event_stream(file: str) -> None:
    """Caddy compresses ``text/*`` unless types are named, and holds a compressed stream back."""
    text = (DEPLOY.parent / file).read_text()
    assert re.search(r"^\s*encode zstd gzip \{\s+match \{", text, re.M)
    types = re.findall(r"^\s*header Content-Type (\S+)", text, re.M)
    assert "text/html*" in types
    assert not any(fnmatch.fnmatchcase("text/event-stream; charset=utf-8", one) for one in types)


def test_stacks_on_one_machine_share_a_home_and_no_port() -> None:
    common = (SYSTEMD / "techref-.service.d" / "common.conf").read_text()
    database = {"TECHREF_DATABASE_URL": "postgresql://host/name"}

    def settings_of(program: str, instance: str) -> Settings:
        unit = common + (SYSTEMD / f"techref-{program}@.service").read_text().replace("%i", instance)
        return load_settings(dict(re.findall(r"^Environment=(\w+)=(\S+)", unit, re.M)) | database)

    one, other = ([settings_of(program, port) for program in PROGRAMS] for port in ("8001", "8002"))
    assert all(each == one[0] for each in one) and all(each == other[0] for each in other)
    assert one[0].home == other[0].home and one[0].shares_home and one[0].local != other[0].local
    ports = [port for each in (one[0], other[0]) for port in (each.port, each.rasa_port, each.actions_port)]
    assert len(set(ports)) == 6


@pytest.mark.parametrize("instance", ["", "@"])
def test_each_program_is_a_service_of_the_one_target(instance: str) -> None:
    """Supervisor has no part in it: a service becomes the program itself, and the target starts and stops all."""
    target = (SYSTEMD / f"techref{instance}.target").read_text()
    names = {
        re.sub(r"^techref-|@?\.service$", "", path.name): path
        for path in SERVICES
        if ("@" in path.name) == bool(instance)
    }
    assert names.keys() == PROGRAMS
    for name, path in names.items():
        unit = path.read_text()
        full = f"techref-{name}{'@%i' if instance else ''}.service"
        assert f"ExecStart=/opt/techref/.venv/bin/techref serve {name}\n" in unit
        assert f"PartOf=techref{'@%i' if instance else ''}.target\n" in unit
        for key in ("Wants", "Before"):
            assert full in next(line for line in target.splitlines() if line.startswith(f"{key}="))


@pytest.mark.parametrize("suffix", ["", "-2", "-3"])
def test_the_containers_of_a_stack_share_the_network_that_the_proxy_reaches(suffix: str) -> None:
    services = COMPOSE["services"]
    network = services[f"stack{suffix}"]
    assert network["networks"]["front"]["aliases"] == ["techref"] and network["entrypoint"][0] == "sleep"
    for program in PROGRAMS:
        container = services[f"{program}{suffix}"]
        assert container["command"] == ["serve", program]
        assert container["network_mode"] == f"service:stack{suffix}" and "networks" not in container
        assert container.get("profiles") == network.get("profiles")
        assert container["volumes"] == ["home:/var/lib/techref"] and container["env_file"] == [".env"]
    assert "dynamic a techref 8000" in (DEPLOY / "Caddyfile").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_finds_no_fault_in_the_units_and_what_they_have_in_common(tmp_path: Path) -> None:
    shutil.copytree(SYSTEMD, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.glob("*.service"):
        # What is started must be there for the check.
        path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M))
    units = [path.name.replace("@", "@8001") for path in tmp_path.iterdir() if path.suffix in (".service", ".target")]

    def verify() -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
        command = ["systemd-analyze", "verify", *units]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    checked = verify()
    assert checked.returncode == 0 and checked.stderr == ""
    # It reads the common part too.
    with (tmp_path / "techref-.service.d" / "common.conf").open("a") as common:
        common.write("[Service]\nNoSuchKey=1\n")
    assert "NoSuchKey" in verify().stderr
