"""Audit the locks of both environments: python -m tools.audit [--database FOLDER] [--write]

Ends with 1 when the environment that faces the internet has a known advisory, or the engine's has one that
requirements/known-advisories.toml does not explain. docs/dependencies.md says how far that reaches.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.audit import page
from tools.audit.known import read
from tools.audit.locks import ENVIRONMENTS, pinned
from tools.audit.sources import ask_pip_audit, read_database
from tools.audit.verdict import Verdict, judge

REACH = (
    "An audit knows what its sources know on their day. Nothing is said about advisories published later, about bugs "
    "that nobody has reported, or about what is no Python package (Python itself, the system's libraries)."
)
ONLY_THE_LIST = (
    "{name}: only requirements/known-advisories.toml speaks, {reach}. "
    "With a clone of PyPA's advisory database: make audit DATABASE=folder"
)


def show(verdict: Verdict, console: Console) -> None:
    table = Table(title=f"{verdict.environment.name}: {', '.join(f'{one}.txt' for one in verdict.environment.locks)}")
    for heading in ("package", "advisory", "what", "why it cannot be reached"):
        table.add_column(heading, overflow="fold")
    for one in sorted(verdict.findings, key=lambda finding: finding.advisory.package):
        ids = " ".join(sorted(one.advisory.ids))
        what = " ".join(one.advisory.what.split())[:300]
        locked = " and ".join(map(str, one.versions))
        table.add_row(f"{one.advisory.package} {locked}", ids, what, one.unreachable or "[bold red]unexplained[/]")
    console.print(table if verdict.findings else f"{verdict.environment.name}: nothing known")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--database", type=Path, help="a clone of PyPA's advisory database, for audits without internet"
    )
    parser.add_argument("--write", action="store_true", help="only renew the list in docs/dependencies.md")
    arguments = parser.parse_args()
    known = read()
    if arguments.write:
        page.write(known)
        return 0
    console, verdicts = Console(), []
    for environment in ENVIRONMENTS:
        pins = pinned(environment.files)
        heard = [ask_pip_audit(environment.files)]
        if arguments.database:
            heard.append(read_database(arguments.database, pins))
        for silent in (one for one in heard if one.silence):
            console.print(
                f"{environment.name}: {silent.source} gave no answer: {silent.silence}", style="yellow", soft_wrap=True
            )
        answers = [one for one in heard if not one.silence]
        if not answers:
            console.print(
                ONLY_THE_LIST.format(name=environment.name, reach=known.reach(pins)), style="yellow", soft_wrap=True
            )
        verdicts.append(judge(environment, pins, known, answers))
    for verdict in verdicts:
        show(verdict, console)
    console.print(REACH, style="dim", soft_wrap=True)
    for verdict in verdicts:
        console.print(verdict.line(), soft_wrap=True, highlight=False, markup=False)
    return 0 if all(verdict.passes for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
