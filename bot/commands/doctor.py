"""`techref doctor`: check everything that an installation needs and say how to repair each fault."""

import os

import typer

from bot.commands.reporting import console, exit_with_error
from bot.installation.checks import all_checks
from bot.installation.finding import Finding
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError

app = typer.Typer()

MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("!", "yellow")}


@app.command()
def doctor() -> None:
    """Check the installation and say how to repair each fault. Ends with 1 when something is wrong."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        exit_with_error(error)
    findings = [finding for check in all_checks(settings) for finding in check()]
    for finding in findings:
        print_finding(finding)
    if any(finding.fine is False for finding in findings):
        raise typer.Exit(1)


def print_finding(finding: Finding) -> None:
    mark, colour = MARKS[finding.fine]
    console.print(f"[{colour}]{mark}[/] ", end="")
    console.print(f"{finding.about}: {finding.text}", markup=False)
    if finding.remedy:
        console.print(f"    {finding.remedy}", markup=False)
