"""The domain of a mail address in the form in which servers know it."""

import idna

LONGEST = 255  # https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4


def ascii_domain(domain: str) -> str:
    """Return the ASCII form of a domain (xn--…) in small letters; one that has none is returned as written.

    https://www.unicode.org/reports/tr46/
    """
    plain = domain.strip()[:LONGEST].rstrip(".")
    try:
        return idna.encode(plain, uts46=True, std3_rules=False).decode("ascii").lower()
    except idna.IDNAError:
        return plain.lower()
