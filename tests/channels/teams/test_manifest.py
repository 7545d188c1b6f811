"""The package that is uploaded to Teams, and what doctor says about the channel."""

import io
import json
import re
import struct
import zipfile
import zlib
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.channels.teams.manifest import TEMPLATE, manifest, package
from bot.cli import build_command_line
from bot.installation import teams_checks
from bot.settings.env.settings import Settings, load_settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from tests.support.fake_microsoft import APP_ID, FakeMicrosoft

SUPPORT = load_support(Path("no-such-home"))


def settings(**environ: str) -> Settings:
    keys = {"TECHREF_TEAMS_APP_ID": APP_ID, "TECHREF_PUBLIC_URL": "https://support.example.com", **environ}
    return load_settings({key: value for key, value in keys.items() if value})


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_a_whole_manifest_and_two_icons_at_its_root() -> None:
    files = opened(package(settings(), SUPPORT))
    assert set(files) == {"manifest.json", "color.png", "outline.png"}
    told = json.loads(files["manifest.json"])
    assert told == manifest(settings(), SUPPORT)
    assert not re.search(r"\{\w+\}", files["manifest.json"].decode()), "a placeholder was left"
    assert told["manifestVersion"] in told["$schema"]
    assert told["id"] == told["bots"][0]["botId"] == APP_ID
    assert told["bots"][0]["scopes"] == ["personal", "team", "groupChat"] and told["bots"][0]["supportsFiles"]
    assert told["validDomains"] == ["support.example.com"]
    assert told["developer"]["privacyUrl"] == "https://support.example.com/privacy"
    for part, name, limit in (("name", "short", 30), ("name", "full", 100), ("description", "short", 80)):
        assert 0 < len(told[part][name]) <= limit


def test_a_changed_package_has_a_higher_version() -> None:
    told = json.loads(opened(package(settings(), SUPPORT, "1.0.1"))["manifest.json"])
    assert told["version"] == "1.0.1"
    major, minor, patch = metadata.version("techref").split(".")
    assert manifest(settings(), SUPPORT)["version"] == f"{int(major) + 1}.{minor}.{patch}"
    for wrong in ("1.0", "next", "1.0.0-beta", ""):
        with pytest.raises(SettingsError, match="three numbers"):
            manifest(settings(), SUPPORT, wrong)


def test_only_the_package_for_the_own_tenant_reads_channels_unmentioned() -> None:
    told = manifest(settings(), SUPPORT, staff=True)
    (permission,) = told["authorization"]["permissions"]["resourceSpecific"]
    assert permission == {"type": "Application", "name": "ChannelMessage.Read.Group"}
    assert told["webApplicationInfo"]["id"] == APP_ID
    assert manifest(settings(), SUPPORT).keys() == told.keys() - {"authorization", "webApplicationInfo"}


def test_the_same_settings_give_the_same_package() -> None:
    assert package(settings(), SUPPORT) == package(settings(), SUPPORT)


@pytest.mark.parametrize(("name", "side", "see_through"), [("color.png", 192, False), ("outline.png", 32, True)])
def test_the_icons_have_the_size_and_ground_that_teams_asks_for(name: str, side: int, see_through: bool) -> None:
    data = opened(package(settings(), SUPPORT))[name]
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (side, side)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    pixels = zlib.decompress(data[start + 4 : start + 4 + length])
    assert len(pixels) == side * (side * 4 + 1)
    corner, seen = (
        pixels[1:5],
        {pixels[row * (side * 4 + 1) + 1 + column * 4 :][:4] for row in range(side) for column in range(side)},
    )
    assert corner[3] == (0 if see_through else 255)
    assert b"\xff\xff\xff\xff" in seen and len(seen) > 2
    if not see_through:
        assert corner[:3].hex() == SUPPORT.colour.removeprefix("#")


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        ({"TECHREF_TEAMS_APP_ID": ""}, "TECHREF_TEAMS_APP_ID"),
        ({"TECHREF_PUBLIC_URL": ""}, "TECHREF_PUBLIC_URL"),
        ({"TECHREF_PUBLIC_URL": "http://support.example.com"}, "TECHREF_PUBLIC_URL"),
    ],
)
def test_a_missing_setting_is_named(environ: dict[str, str], key: str) -> None:
    with pytest.raises(SettingsError, match=key):
        package(settings(**environ), SUPPORT)


def test_the_template_is_json_that_can_be_read_in_the_repository() -> None:
    assert json.loads(TEMPLATE.read_text(encoding="utf-8"))["manifestVersion"]


def test_doctor_sees_keys_token_clock_and_address(microsoft: FakeMicrosoft) -> None:
    found = list(teams_checks.check_teams(settings(**microsoft.environ)))
    assert [(one.about, one.fine) for one in found] == [
        ("Teams keys", True),
        ("clock", True),
        ("Teams token", True),
        ("Teams address", True),
    ]


@pytest.mark.parametrize(
    ("environ", "about", "fine"),
    [
        ({"TECHREF_TEAMS_APP_SECRET": "wrong"}, "Teams token", False),
        ({"TECHREF_TEAMS_APP_SECRET": ""}, "Teams", False),
        ({"TECHREF_TEAMS_APP_SECRET": "", "TECHREF_TEAMS_APP_ID": "", "TECHREF_TEAMS_TENANT_ID": ""}, "Teams", None),
        ({"TECHREF_TEAMS_TENANT_ID": "example.com"}, "Teams", False),
        ({"TECHREF_TEAMS_OPENID_URL": "http://127.0.0.1:1/openid"}, "Teams keys", False),
        ({"TECHREF_TEAMS_TOKEN_URL": "http://127.0.0.1:1/token"}, "Teams token", False),
        ({"TECHREF_PUBLIC_URL": ""}, "Teams address", None),
    ],
)
def test_doctor_says_what_is_wrong_and_what_to_do(
    environ: dict[str, str], about: str, fine: bool | None, microsoft: FakeMicrosoft
) -> None:
    found = {one.about: one for one in teams_checks.check_teams(settings(**{**microsoft.environ, **environ}))}
    assert found[about].fine is fine
    assert found[about].remedy or fine is None
    assert "wrong" not in str(found)


def test_doctor_sees_that_no_key_may_sign_for_teams(microsoft: FakeMicrosoft) -> None:
    microsoft.offered = {"k1": ["webchat"]}
    found = {one.about: one.fine for one in teams_checks.check_teams(settings(**microsoft.environ))}
    assert found["Teams keys"] is False


def test_the_command_writes_the_package_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "teams.zip"
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    refused = CliRunner().invoke(build_command_line("teams"), ["teams", "manifest", "--out", str(out)])
    assert refused.exit_code == 1 and "TECHREF_PUBLIC_URL" in refused.output and not out.exists()
    monkeypatch.setenv("TECHREF_TEAMS_APP_ID", APP_ID)
    monkeypatch.setenv("TECHREF_PUBLIC_URL", "https://support.example.com")
    written = CliRunner().invoke(build_command_line("teams"), ["teams", "manifest", "--out", str(out)])
    assert written.exit_code == 0 and str(out) in written.output
    assert json.loads(opened(out.read_bytes())["manifest.json"])["id"] == APP_ID
