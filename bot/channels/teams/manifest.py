"""The app package that an administrator uploads to Teams: a manifest and two icons in a zip file.

``manifest.json`` beside this module is the manifest with ``{placeholders}``; what fills them comes from the settings.
"""

import io
import json
import re
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.support import Support

TEMPLATE = Path(__file__).with_name("manifest.json")
# A speech bubble with a tick, 192 and 32 pixels wide:
# https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
ICONS = {name: Path(__file__).with_name("icons") / name for name in ("color.png", "outline.png")}
# What the schema allows, in characters; longer words are cut.
LONGEST = {
    ("developer", "name"): 32,
    ("name", "short"): 30,
    ("name", "full"): 100,
    ("description", "short"): 80,
    ("description", "full"): 4000,
}
VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")
ANY_DATE = (2020, 1, 1, 0, 0, 0)


def version_of_product() -> str:
    """Return the version of a package that this version of the product writes: Teams takes none below 1.0.0."""
    major, _, rest = metadata.version("techref").partition(".")
    return f"{int(major) + 1}.{rest}"


def manifest(
    settings: Settings, support: Support, version: str | None = None, *, staff: bool = False
) -> dict[str, Any]:
    """Return the manifest of our bot. Teams takes a changed package only under a higher ``version`` than before
    (https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema#version).

    With ``staff`` it is for the own tenant: the bot reads what is written in channels without being mentioned
    (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-messages-for-bots-and-agents).
    Raises SettingsError when the app's id or our public address is not set, or the version is none.
    """
    version = version_of_product() if version is None else version
    if not VERSION.fullmatch(version):
        raise SettingsError("The package for Teams", ["--version: write three numbers, such as 1.0.1"])
    words = {**_needed(settings), **_app_description(settings, support), "version": version}
    told: dict[str, Any] = _filled(json.loads(TEMPLATE.read_text(encoding="utf-8")), words)
    for (part, name), limit in LONGEST.items():
        told[part][name] = told[part][name][:limit].strip()
    return {**told, **_reads_channels(told["id"])} if staff else told


def _reads_channels(app_id: str) -> dict[str, Any]:
    """Return what the manifest says of a bot that reads every message of the teams it is added to."""
    permission = {"type": "Application", "name": "ChannelMessage.Read.Group"}
    return {
        # The resource is asked for by the schema and used by nothing.
        "webApplicationInfo": {"id": app_id, "resource": "https://notapplicable.invalid"},
        "authorization": {"permissions": {"resourceSpecific": [permission]}},
    }


def package(settings: Settings, support: Support, version: str | None = None, *, staff: bool = False) -> bytes:
    """Return the zip file; the same settings give the same bytes. Raises SettingsError as ``manifest`` does."""
    told = json.dumps(manifest(settings, support, version, staff=staff), indent=2, ensure_ascii=False) + "\n"
    icons = {name: path.read_bytes() for name, path in ICONS.items()}
    files = {"manifest.json": told.encode(), **icons}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, ANY_DATE), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _needed(settings: Settings) -> dict[str, str]:
    address = settings.public_url or ""
    problems = []
    if not settings.teams_app_id:
        problems.append("TECHREF_TEAMS_APP_ID: set it to the application id of the bot")
    if not address.startswith("https://"):
        problems.append("TECHREF_PUBLIC_URL: set it to the https address under which customers reach this gateway")
    if problems:
        raise SettingsError("The package for Teams", problems)
    return {"app_id": settings.teams_app_id or "", "address": address, "host": urlsplit(address).hostname or ""}


def _app_description(settings: Settings, support: Support) -> dict[str, str]:
    own = support.privacy.url or ""
    return {
        "company": support.company,
        "product": support.product,
        "greeting": support.greeting,
        "colour": support.colour,
        "privacy": own if own.startswith("https://") else f"{settings.public_url}/privacy",
    }


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    return value.format(**words) if isinstance(value, str) else value
