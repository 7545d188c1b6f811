"""The files under deploy/: they name settings that exist, images by tag, and units that systemd can read."""

import fnmatch
import ipaddress
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings.env.settings import load_settings, unknown_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
UNITS = sorted(DEPLOY.glob("*.service"))


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bTECHREF_[A-Z_]+\b", file.read_text()))
    assert unknown_settings(dict.fromkeys(named, "x")) == []


def test_images_are_named_by_tag_and_by_no_host() -> None:
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert len(images) == 6
    for image in images:
        assert re.fullmatch(r"techref|[a-z]+:[a-z0-9.-]+", image), image


def test_the_proxy_that_is_believed_is_the_one_in_front() -> None:
    services = COMPOSE["services"]
    address = services["caddy"]["networks"]["front"]["ipv4_address"]
    settings = load_settings({"TECHREF_TRUSTED_PROXIES": services["techref"]["environment"]["TECHREF_TRUSTED_PROXIES"]})
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
    unit = (DEPLOY / "techref@.service").read_text()

    def settings_of(instance: str) -> dict[str, str]:
        return dict(re.findall(r"^Environment=(\w+)=(\S+)", unit.replace("%i", instance), re.M))

    database = {"TECHREF_DATABASE_URL": "postgresql://host/name"}
    one, other = load_settings(settings_of("8001") | database), load_settings(settings_of("8002") | database)
    assert one.home == other.home and one.shares_home and other.shares_home and one.local != other.local
    ports = [port for each in (one, other) for port in (each.port, each.rasa_port, each.actions_port)]
    assert len(set(ports)) == 6


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_in_a_unit(unit: Path, tmp_path: Path) -> None:
    # What is started must be there for the check; who it is started as, too.
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
    copy = tmp_path / unit.name.replace("@", "@8001")
    copy.write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.returncode == 0 and checked.stderr == ""
