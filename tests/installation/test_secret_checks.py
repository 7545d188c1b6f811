"""`techref doctor` warns of secrets that can be guessed or read, and never shows one."""

import secrets
from pathlib import Path

import pytest

from bot.installation.finding import Finding
from bot.installation.secret_checks import check_exposure, secrets_in_use
from bot.settings.env.settings import load_settings

GOOD = "0123456789abcdef" * 4  # the same in every process that runs the tests


def found(**environ: str) -> list[Finding]:
    given = {f"TECHREF_{name.upper()}": value for name, value in environ.items()}
    settings = load_settings(given)
    return [*secrets_in_use(settings, given), *check_exposure(settings)]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("identity_secret", "short", "fewer than 32"),
        ("identity_secret", f"{GOOD},short", "fewer than 32"),
        ("identity_secret", "a" * 40, "repeats"),
        ("identity_secret", "secret" * 8, "tries first"),
        ("internal_secret", "changeme", "fewer than 32"),
        ("slack_signing_secret", "changeme", "tries first"),
        ("stripe_webhook_secret", "Password1", "tries first"),
        ("teams_app_secret", "test", "fewer than 8"),
        ("database_url", "postgresql://techref:techref@db.example/techref", "guessed"),
        ("database_url", "postgresql://techref:password1@db.example/techref", "guessed"),
        ("smtp_url", "smtp://robot:changeme@mail.example:587", "guessed"),
        ("redis_url", "redis://cache.example:6379/0", "no password"),
    ],
)
def test_a_weak_secret_is_named_and_not_shown(name: str, value: str, says: str) -> None:
    (finding,) = found(**{name: value})
    assert finding.fine is not True and says in finding.text and finding.about == f"TECHREF_{name.upper()}"
    assert value not in f"{finding.about} {finding.text} {finding.remedy}"


def test_good_secrets_are_fine() -> None:
    (finding,) = found(
        identity_secret=f"{GOOD},{secrets.token_hex(32)}",
        slack_signing_secret=secrets.token_hex(16),
        database_url=f"postgresql://techref:{secrets.token_urlsafe(12)}@db.example/techref",
        redis_url="redis://127.0.0.1:6379",
    )
    assert finding.fine is True


def test_one_secret_for_two_things_is_reported() -> None:
    (finding,) = found(identity_secret=GOOD, sealing_key=GOOD)
    assert finding.fine is False and "same secret" in finding.text


def test_a_file_that_others_can_read_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(GOOD)
    file.chmod(0o644)
    (finding,) = found(identity_secret_file=str(file))
    assert finding.fine is False and "chmod 600" in finding.remedy
    file.chmod(0o600)
    assert [one.fine for one in found(identity_secret_file=str(file))] == [True]


def test_a_proxy_that_is_not_named_is_reported() -> None:
    assert [one.about for one in found(public_url="https://support.example")] == ["secrets", "proxies"]
    assert [one.about for one in found(public_url="https://support.example", trusted_proxies="127.0.0.1")] == [
        "secrets"
    ]
    assert [one.about for one in found(host="0.0.0.0")] == ["secrets", "encryption"]
