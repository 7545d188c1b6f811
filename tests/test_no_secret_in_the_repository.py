"""No tracked file holds a key, a token or a password that would open anything."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The shapes in which services hand out their keys, and the heads of key files.
SHAPES = {
    "a private key": rb"-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY",
    "a Slack token": rb"\bxox[abeprs]-\d{9,}-[\w-]{10,}",
    "a Stripe key": rb"\b[sr]k_live_[0-9A-Za-z]{16,}",
    "a Stripe webhook secret": rb"\bwhsec_[0-9A-Za-z+/]{24,}",
    "an AWS key": rb"\bAKIA[0-9A-Z]{16}\b",
    "a GitHub token": rb"\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_\w{40,}",
    "a Google key": rb"\bAIza[0-9A-Za-z_-]{35}",
    "a JSON web token": rb"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "a password in an address": rb"\b(?:postgresql|redis|smtps?|https?)://[^\s:/@'\"{}]+:[0-9A-Za-z+/_-]{16,}@",
    "a value of a secret setting": rb"(?m)^\s*(?:export )?TECHREF_\w*(?:SECRET|KEY|TOKEN)=['\"]?[0-9A-Za-z+/_-]{16,}",
}
FILES_OF_SECRETS = re.compile(r"(^|/)(\.env(\..*)?|internal_secret|.*\.(pem|key|p12|pfx|keystore)|id_(rsa|ed25519))$")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def found_in(content: bytes) -> list[str]:
    return [what for what, shape in SHAPES.items() if re.search(shape, content)]


def test_no_tracked_file_holds_a_secret() -> None:
    names = tracked()
    assert len(names) > 500
    assert [name for name in names if FILES_OF_SECRETS.search(name)] == []
    found = {name: found_in((ROOT / name).read_bytes()) for name in names if (ROOT / name).is_file()}
    assert {name: what for name, what in found.items() if what} == {}


def test_the_shapes_would_be_seen() -> None:
    samples = {
        "a private key": b"-----BEGIN " + b"PRIVATE KEY-----",
        "a Slack token": b"xoxb" + b"-123456789012-abcdefghijkl",
        "a Stripe key": b"sk_" + b"live_" + b"a1" * 12,
        "an AWS key": b"AKIA" + b"ABCDEFGHIJKLMNOP",
        "a value of a secret setting": b"TECHREF_IDENTITY_" + b"SECRET=" + b"0f" * 20,
        "a password in an address": b"postgresql://techref:" + b"aK3" * 8 + b"@db.example/x",
    }
    assert {what: found_in(sample) for what, sample in samples.items()} == {what: [what] for what in samples}


def test_the_folder_of_the_installation_is_never_tracked() -> None:
    for name in ("var/internal_secret", "var/techref.db", ".env"):
        ignored = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=ROOT, check=False)
        assert ignored.returncode == 0, f"{name} belongs into .gitignore"
