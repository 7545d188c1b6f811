"""The result of one check of `techref doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``fine``: True, False (something must be done), or None (worth knowing, nothing is broken)."""

    about: str
    fine: bool | None
    text: str
    remedy: str = ""
