"""Fold mail addresses that lead to one mailbox."""


def mailbox_of(address: str) -> str:
    """Return the address without a +tag, in lower case: "Kim+shop@a.example" is the mailbox "kim@a.example".

    See RFC 5233 on subaddressing; the plus sign is what mail services use for it.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def domain_of(address: str) -> str:
    """Return what stands behind the @, in lower case."""
    return address.strip().lower().rpartition("@")[2]
