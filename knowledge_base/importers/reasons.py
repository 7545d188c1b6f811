"""Group the reasons why documents were not taken by their kind: four hundred times the same says less than once."""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_base.importers.document import LEFT_OUT

_SHOWN_KINDS = 4


@dataclass(frozen=True)
class Refusals:
    """The documents that were refused for one kind of reason; ``example`` is the whole reason of the first."""

    kind: str
    example: str
    names: list[str]


def kinds_of(refused: Iterable[tuple[str, str]]) -> list[Refusals]:
    """Return the (name, reason) pairs by kind, the most frequent first."""
    found: dict[str, Refusals] = {}
    for name, reason in refused:
        kind = _kind(reason)
        found.setdefault(kind, Refusals(kind, reason, [])).names.append(name)
    return sorted(found.values(), key=lambda one: -len(one.names))


def describe_kinds(kinds: list[Refusals]) -> str:
    """Return the kinds with their counts as part of a sentence."""
    told = [f"{one.kind.removeprefix(LEFT_OUT)}: {len(one.names)}" for one in kinds[:_SHOWN_KINDS]]
    more = sum(len(one.names) for one in kinds[_SHOWN_KINDS:])
    return ", ".join([*told, *([f"for other reasons: {more}"] if more else [])])


def _kind(reason: str) -> str:
    """Return the reason without what is of one document only."""
    if reason.startswith(LEFT_OUT):
        return reason
    kind = reason.partition(";")[0]
    return kind if kind.startswith("of a kind") else kind.partition(":")[0]
