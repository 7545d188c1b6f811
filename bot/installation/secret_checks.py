"""Check for `techref doctor` that secrets cannot be guessed or read, and that the proxy's headers are trusted.

No finding ever holds a secret or a part of one.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.installation.finding import Finding
from bot.settings.env.parsing import LOOPBACK
from bot.settings.env.settings import Settings

# Signing keys that we, or the host site, generate; others have the length that their service gives them.
OURS = ("internal_secret", "sealing_key", "identity_secret")
SHORTEST_OF_OURS = 32
SHORTEST = 8
FEWEST_CHARACTERS = 5
OBVIOUS = (
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "password",
    "passwort",
    "example",
    "default",
    "admin",
    "test",
)
ADDRESSES = ("database_url", "redis_url", "smtp_url")
REMEDY = "Make another one: openssl rand -hex 32"


def secrets_in_use(settings: Settings, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Yield weak, shared and readable secrets; one finding that all is well when there are none."""
    findings = [*_weak(settings), *_the_same(settings), *_passwords(settings), *_files(environ)]
    yield from findings or [Finding("secrets", True, "none can be guessed easily or read by other users")]


def check_exposure(settings: Settings) -> Iterator[Finding]:
    """Check that the proxies in front of the gateway are named, and that its traffic is encrypted."""
    is_https = (settings.public_url or "").startswith("https://")
    if is_https and not settings.trusted_proxies:
        text = "are not named, though customers come over https: all of them count as one address for the limits"
        yield Finding("proxies", None, text, "Set TECHREF_TRUSTED_PROXIES to the addresses of the proxies in front.")
    if settings.host not in LOOPBACK and not is_https:
        text = f"the gateway listens on {settings.host} and TECHREF_PUBLIC_URL is no https:// address"
        remedy = "Put a proxy with TLS in front and set TECHREF_PUBLIC_URL; cookies and tokens are readable otherwise."
        yield Finding("encryption", None, text, remedy)


def _weak(settings: Settings) -> Iterator[Finding]:
    for name, value in _keys(settings):
        shortest = SHORTEST_OF_OURS if name in OURS else SHORTEST
        for one in value.split(",") if name == "identity_secret" else [value]:
            if (why := weakness_of(one.strip(), shortest)) is not None:
                yield Finding(_setting(name), False, why, REMEDY if name in OURS else "Look it up and set it again.")


def _the_same(settings: Settings) -> Iterator[Finding]:
    names = defaultdict(list)
    for name, value in _keys(settings):
        names[value].append(_setting(name))
    for shared in names.values():
        if len(shared) > 1:
            yield Finding(" and ".join(shared), False, "are the same secret: who knows one knows both", REMEDY)


def _passwords(settings: Settings) -> Iterator[Finding]:
    """Check passwords of databases and mail servers on other machines; on this one an attacker needs access first."""
    for name in ADDRESSES:
        parts = urlsplit(getattr(settings, name) or "")
        if not parts.hostname or parts.hostname in LOOPBACK:
            continue
        password = unquote(parts.password or "")
        if not password and name != "smtp_url":
            yield Finding(_setting(name), None, "names another machine and no password", "Give it a password.")
        elif password and (password == parts.username or weakness_of(password, SHORTEST)):
            text = "has a password that can be guessed"
            yield Finding(_setting(name), False, text, "Change it there and here.")


def _files(environ: Mapping[str, str]) -> Iterator[Finding]:
    for one in fields(Settings):
        key = f"{_setting(one.name)}_FILE"
        file = Path(environ.get(key, "")) if one.metadata["secret"] and environ.get(key) else None
        if file is not None and file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(key, False, "names a file that other users can read", f"Run: chmod 600 '{file}'")


def weakness_of(secret: str, shortest: int) -> str | None:
    """Return the reason in words, or None for a secret of sufficient strength."""
    if len(secret) < shortest:
        return f"has fewer than {shortest} characters"
    if len(set(secret)) < FEWEST_CHARACTERS:
        return "repeats a few characters"
    plain = secret.lower().strip("0123456789!?.-_ ")
    if plain in OBVIOUS or any(plain == word * (len(plain) // len(word)) for word in OBVIOUS):
        return "is a word that everybody tries first"
    return None


def _keys(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the secrets that are set, without addresses, which embed theirs."""
    for one in fields(Settings):
        value = getattr(settings, one.name)
        if one.metadata["secret"] and isinstance(value, str) and one.name not in ADDRESSES:
            yield one.name, value


def _setting(name: str) -> str:
    return f"TECHREF_{name.upper()}"
