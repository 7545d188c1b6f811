"""What is wrong with a setting, said so that an operator can put it right."""

from collections.abc import Iterable
from difflib import get_close_matches


class SettingsError(Exception):
    """A setting is missing or wrong. ``problems`` has a line each: the key, what is wrong, what to write."""

    def __init__(self, where: str, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join([f"{where} cannot be used; nothing was started or changed.", *self.problems]))


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A hint at the known name nearest to what was written: `` Did you mean "hours"?``, or nothing."""
    near = get_close_matches(written, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
