"""Combine the sources into a verdict on one environment."""

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.version import Version

from tools.audit.known import KnownList
from tools.audit.locks import Environment, Pins
from tools.audit.sources import Advisory, Answer


@dataclass(frozen=True)
class Finding:
    """An advisory that affects a locked version, and the reason it cannot be reached, if that is known."""

    advisory: Advisory
    versions: tuple[Version, ...]
    unreachable: str


@dataclass(frozen=True)
class Verdict:
    """The findings of an environment."""

    environment: Environment
    packages: int
    findings: tuple[Finding, ...]
    answers: tuple[Answer, ...]

    @property
    def unexplained(self) -> list[Finding]:
        return [one for one in self.findings if not one.unreachable]

    @property
    def passes(self) -> bool:
        """Return True when the public environment has no advisory, and the other none without an explanation."""
        return not (self.findings if self.environment.faces_the_internet else self.unexplained)

    def line(self) -> str:
        """Return the last line about an environment, with its sources."""
        known = f"{len(self.findings)} known {'advisory' if len(self.findings) == 1 else 'advisories'}"
        explained = len(self.findings) - len(self.unexplained)
        parts = [f"{self.environment.name}: {self.packages} packages", known]
        if not self.environment.faces_the_internet:
            parts += [f"{explained} explained", f"{len(self.unexplained)} unexplained"]
        return f"{', '.join(parts)} (source: {'; '.join(self._scope(one) for one in self.answers)})"

    def _scope(self, answer: Answer) -> str:
        """Return a source's name, and the number of packages it knows if those are not all."""
        part = f" for {answer.packages} of the packages" if answer.packages < self.packages else ""
        return f"{answer.source}{part}"


def judge(environment: Environment, pins: Pins, known: KnownList, answers: Sequence[Answer]) -> Verdict:
    """Merge the list and the other sources; an advisory with several names counts once."""
    by_hand = Answer(f"known-advisories.toml, {known.reach(pins)}", len(pins), ())
    concerning = [one for one in known.advisories if any(map(one.concerns, pins.get(one.package, ())))]
    advisories = [Advisory(one.package, one.ids, one.what) for one in concerning]
    for found in (advisory for answer in answers for advisory in answer.found):
        if not any(found.package == one.package and found.ids & one.ids for one in advisories):
            advisories.append(found)
    explained = {(one.package, id_): one.unreachable for one in known.advisories for id_ in one.ids}
    findings = (
        Finding(one, pins[one.package], next(filter(None, (explained.get((one.package, id_)) for id_ in one.ids)), ""))
        for one in advisories
    )
    return Verdict(environment, len(pins), tuple(findings), (by_hand, *answers))
