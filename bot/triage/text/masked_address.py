"""An e-mail address as somebody may see it who need not know it: m…@bakery.example."""


def masked(address: str) -> str:
    """Return the first letter and the domain; text that is no address is hidden whole."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at and name else "…"
