"""Report invalid settings so that an operator can correct them."""

from collections.abc import Iterable
from difflib import get_close_matches


class SettingsError(Exception):
    """A setting is missing or wrong. ``problems`` has a line each: the key, the fault, the correction."""

    def __init__(self, where: str, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join([f"{where} cannot be used; nothing was started or changed.", *self.problems]))


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Return a hint at the most similar known name, `` Did you mean "hours"?``, or nothing."""
    near = get_close_matches(written, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
