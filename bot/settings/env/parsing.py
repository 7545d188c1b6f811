"""Parse the values of environment settings. Each function raises ValueError with the correction."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_LOG_FORMS = ("text", "json")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def text(written: str) -> str:
    return written


def long_secret(written: str) -> str:
    """Return a secret of sufficient length; its value never appears in the message."""
    if len(written) < 32:
        raise ValueError("write at least 32 characters, such as `openssl rand -hex 32` makes them")
    return written


def path(written: str) -> Path:
    return Path(written).expanduser().resolve()


def port(written: str) -> int:
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= 65535:
        raise ValueError("write a port number from 1 to 65535")
    return int(written)


def host(written: str) -> str:
    if any(character in written for character in "/ @"):
        raise ValueError("write an address without scheme, port or path, such as 127.0.0.1")
    return written


def networks(written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Parse comma-separated addresses and networks; refuse one that contains everybody."""
    try:
        found = tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())
    except ValueError:
        raise ValueError("write addresses or networks such as 127.0.0.1 or 10.0.0.0/8, with commas between") from None
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("this would trust everybody; name the proxies' own addresses")
    return found


def log_level(written: str) -> str:
    if written.upper() not in _LEVELS:
        raise ValueError(f"write one of {', '.join(_LEVELS)}")
    return written.upper()


def log_form(written: str) -> str:
    if written.lower() not in _LOG_FORMS:
        raise ValueError(f"write one of {', '.join(_LOG_FORMS)}")
    return written.lower()


def own_url(written: str) -> str:
    """Return the gateway's own address without a trailing slash; http is allowed for a company's own network."""
    parts = _parts(written)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write a whole address such as https://support.example.com")
    return written.rstrip("/")


def web_url(written: str) -> str:
    """Return an https address; plain http only on this machine, where tests run fake outside services."""
    parts = _parts(written)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write a whole address that begins with https://")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("write https://; plain http is for 127.0.0.1 only")
    return written


def database_url(written: str) -> str:
    if _parts(written).scheme.split("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError("write sqlite:///file or postgresql://user:password@host/name")
    return written


def redis_url(written: str) -> str:
    if _parts(written).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("write redis://host:6379/0 or rediss://…")
    return written


def smtp_url(written: str) -> str:
    """Return an ``smtp://`` (STARTTLS) or ``smtps://`` (TLS from the first byte) address.

    Plain text is for this machine only: https://www.rfc-editor.org/rfc/rfc8314. ``?tls=off`` allows a relay without TLS
    inside one's own network, but never with a password.
    """
    return _mail_url(written, "smtp", "write smtp://user:password@host:587 or smtps://user:password@host:465")


def imap_url(written: str) -> str:
    """Return an ``imap://`` (STARTTLS) or ``imaps://`` address with user and password, likewise."""
    parts = _parts(_mail_url(written, "imap", "write imaps://user:password@host:993 or imap://user:password@host:143"))
    if not parts.username or not parts.password:
        raise ValueError("write user and password, such as imaps://user:password@host:993; %40 stands for an @ in them")
    return written


def _mail_url(written: str, scheme: str, correction: str) -> str:
    parts = _parts(written)
    if parts.scheme not in (scheme, f"{scheme}s") or not parts.hostname:
        raise ValueError(correction)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(options) - {"tls", "ca"})
    if unknown or options.get("tls", "off") not in ("off", "required"):
        raise ValueError("behind the ? write tls=required, tls=off or ca=/path/of/a/certificate.pem only")
    if options.get("tls") == "off" and parts.scheme == f"{scheme}s":
        raise ValueError(f"{scheme}s:// is TLS; take away tls=off")
    if options.get("tls") == "off" and parts.username and parts.hostname not in LOOPBACK:
        raise ValueError("a password is not sent without TLS; take away tls=off or the password")
    return written


def notify_urls(written: str) -> tuple[tuple[str | None, str], ...]:
    """Parse Apprise addresses, space-separated and optionally with ``team=`` in front, into (team or None, address)."""
    found: list[tuple[str | None, str]] = []
    for part in written.split():
        team, equals, address = part.partition("=")
        named = bool(equals) and "://" not in team and team.isidentifier()
        scheme, colon, _ = (address if named else part).partition("://")
        if not colon or not scheme.replace("+", "").isalnum():
            # The address itself is a secret.
            raise ValueError("write Apprise addresses such as slack://… or team=mailto://…, with spaces between")
        found.append((team, address) if named else (None, part))
    return tuple(found)


def host_list(written: str) -> tuple[str, ...]:
    """Parse comma-separated hosts, or whole addresses on loopback such as http://127.0.0.1:9000."""
    return tuple(part.strip() for part in written.split(",") if part.strip())


def _parts(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        # The message of urlsplit may quote the address, and with it a password.
        raise ValueError("this is not an address that can be read; check brackets and port") from None
    return parts
