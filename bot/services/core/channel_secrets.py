"""Addresses and secrets of channels that were typed in at the desk: encrypted in TECHREF_HOME, under the environment.

What the environment sets holds; a value from the desk takes the place of one that is not set.
"""

import json
import logging
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken

from bot.services.core.sealing_key import fernet_of
from bot.settings.env.settings import Settings

log = logging.getLogger(__name__)

FILE_NAME = "channels.json"
NAMES = (
    "public_url",
    "smtp_url",
    "notify_urls",
    "slack_signing_secret",
    "slack_bot_token",
    "slack_client_id",
    "slack_client_secret",
    "teams_app_id",
    "teams_app_secret",
    "teams_tenant_id",
    "stripe_secret_key",
    "stripe_webhook_secret",
)
_PARSE = {one.name: one.metadata["parse"] for one in fields(Settings)}


def with_stored(settings: Settings) -> Settings:
    """Return the settings of the environment with what was typed in at the desk."""
    found: dict[str, Any] = {}
    for name, sealed in _read(settings.home).items():
        if name not in NAMES or getattr(settings, name):
            continue
        try:
            found[name] = parsed(name, fernet_of(settings).decrypt(sealed.encode()).decode())
        except (InvalidToken, ValueError):
            log.error("%s of the desk cannot be read with the present key; type it in again", name)
    return replace(settings, **found) if found else settings


def parsed(name: str, written: str) -> Any:
    """Return the value of a setting as the environment would be read; raise ValueError with the correction."""
    return _PARSE[name](written)


def stored_names(home: Path) -> set[str]:
    """Return the settings that were typed in at the desk."""
    return set(_read(home))


def store(settings: Settings, changes: dict[str, str | None]) -> None:
    """Encrypt and store values by name, for the owner of the folder only; None removes one."""
    kept = _read(settings.home)
    for name, value in changes.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = fernet_of(settings).encrypt(value.encode()).decode()
    file = settings.home / FILE_NAME
    unfinished = file.with_name(f".{FILE_NAME}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as new:
        json.dump(kept, new, indent=1)
    unfinished.replace(file)


def stamp(home: Path) -> tuple[int, int] | None:
    """Return a value that changes with the file; None without one."""
    try:
        about = (home / FILE_NAME).stat()
    except FileNotFoundError:
        return None
    return about.st_mtime_ns, about.st_size


def _read(home: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        log.error("%s is damaged; type the secrets in again at the desk", FILE_NAME)
        return {}
    return found
