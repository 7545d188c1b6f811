"""`techref mail`: what was mailed, what waits, what was refused; and a test mail."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.reporting import console, done
from bot.commands.running import run
from bot.services import mail, mail_test

app = typer.Typer()
COLUMNS = ("id", "kind", "to", "subject", "state", "attempts", "problem", "created_at")


@app.callback(invoke_without_command=True)
def list_mail(
    command: typer.Context,
    limit: Annotated[int, typer.Option(help="How many of the newest to show.")] = 50,
) -> None:
    """List outgoing mail, the newest first. Without TECHREF_SMTP_URL it lies as .eml files in TECHREF_HOME/mail."""
    if command.invoked_subcommand is not None:
        return
    status = run(mail.status)
    console.print(in_words(status), markup=False)
    table = Table(*COLUMNS)
    for one in run(lambda ctx: mail.listed(ctx, limit)):
        table.add_row(*(Text(str(one[column] if one[column] is not None else "")) for column in COLUMNS))
    console.print(table)


@app.command()
def test(to: Annotated[str, typer.Option(help="Where the test mail goes.")]) -> None:
    """Send a test mail now, and say what the mail server made of it."""
    told = run(lambda ctx: mail_test.send_now(ctx, to))
    done(told)


def in_words(status: dict[str, Any]) -> str:
    """How mail stands, in a sentence for operators."""
    if status["state"] == "off":
        return f"E-mail is off: TECHREF_SMTP_URL is not set. Mail is written to files in {status['folder']}."
    if status["state"] == "trouble":
        return f"E-mail does not work now ({status['problem']}); what is queued is tried again."
    return "E-mail is on."
