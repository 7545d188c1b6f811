"""The allow-list of hosts that may receive the bot's token, which lets its holder write to every customer.

An activity names the address that its answers go to (``serviceUrl``). It is compared with this list before anything
is sent there, whatever the activity's token says.
"""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

# Teams' public cloud, and the US government's community cloud.
MICROSOFT = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
# Files that people attach in a personal chat lie in their own company's OneDrive or SharePoint.
FILES = (".sharepoint.com", ".sharepoint.us")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class AllowedHosts:
    """The allow-list: Microsoft's own hosts and those of TECHREF_TEAMS_SERVICE_HOSTS.

    An entry is a host, a host with its port, or a whole address. A host without a port stands for the scheme's own
    port, on loopback for every port.
    """

    def __init__(self, added: Iterable[str] = ()) -> None:
        self._allowed = {(host, None) for host in MICROSOFT} | {_entry(written) for written in added}

    def allows(self, address: object) -> bool:
        """Return whether our token may be sent to this address: https, or plain http on this machine."""
        parts = _split(address)
        return parts is not None and self._is_listed(parts)

    def allows_file(self, address: object) -> bool:
        """Return whether a file that a customer attached may be fetched from here, without any token of ours."""
        parts = _split(address)
        if parts is None:
            return False
        if self._is_listed(parts):
            return True
        return parts.scheme == "https" and parts.port in (None, 443) and (parts.hostname or "").endswith(FILES)

    def _is_listed(self, parts: SplitResult) -> bool:
        host = parts.hostname or ""
        if (host, parts.port) in self._allowed:
            return True
        return (host, None) in self._allowed and (parts.port in (None, 443) or host in LOOPBACK)


def _entry(written: str) -> tuple[str, int | None]:
    parts = urlsplit(written if "//" in written else f"//{written}")
    return (parts.hostname or "").lower(), parts.port


def _split(address: object) -> SplitResult | None:
    """Return the parts of an address that hides nothing: no user, no odd characters, https unless on loopback."""
    if not isinstance(address, str) or len(address) > 2000 or not address.isascii():
        return None
    if any(character <= " " or character in "\\@" for character in address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        return None
    if not parts.hostname or parts.fragment:
        return None
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return parts
    return None
