"""Write the list in docs/dependencies.md from requirements/known-advisories.toml."""

from collections.abc import Sequence
from pathlib import Path

from tools.audit.known import Known, KnownList

PAGE = Path(__file__).parents[2] / "docs" / "dependencies.md"
BEGIN = "<!-- made by `make audit WRITE=1` from requirements/known-advisories.toml -->\n"
END = "<!-- end -->\n"


def listed(known: KnownList) -> str:
    """Return the two tables: advisories that cannot be reached, and excluded ones."""
    open_ = [[*_about(one), one.unreachable] for one in known.advisories if one.unreachable]
    closed = [[*_about(one), one.closed] for one in known.advisories if one.closed]
    return "\n".join(
        [
            "### Still there\n",
            *_table(["package", "versions", "advisory", "what", "why it cannot be reached"], open_),
            "\n### Kept out\n",
            *_table(["package", "versions", "advisory", "what", "closed by"], closed),
            "",
        ]
    )


def _about(one: Known) -> list[str]:
    versions = " or ".join(f"`{affected}`" for affected in one.affected)
    return [one.package, versions, " ".join((one.id, *one.also)), one.what]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (headings, ["---"] * len(headings), *rows)]


def write(known: KnownList, path: Path = PAGE) -> None:
    """Replace the part of the page between its two marks."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{listed(known)}\n{END}{after}", encoding="utf-8")
