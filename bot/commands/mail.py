"""`techref mail`: list outgoing mail with its state, send a test mail, hand in one that has come."""

import sys
from typing import Annotated, Any

import typer

from bot.commands import mail_drop
from bot.commands.reporting import console, errors, load_settings_or_exit, print_done
from bot.commands.running import run_use_case
from bot.installation.readiness import base_url
from bot.services.core.context import Context
from bot.services.mail import send_test_mail
from bot.services.mail.mail_status import IS_MAIL, MailStatus, mail_status
from bot.services.outbox import status

app = typer.Typer()

SHOWN = ("state", "letter", "to", "subject")


@app.callback(invoke_without_command=True)
def list_mail(
    command: typer.Context,
    limit: Annotated[int, typer.Option(help="How many of the newest to show.")] = 50,
) -> None:
    """List outgoing mail, the newest first. Without TECHREF_SMTP_URL mail goes to .eml files in TECHREF_HOME/mail."""
    if command.invoked_subcommand is not None:
        return

    async def read(ctx: Context) -> tuple[MailStatus, list[dict[str, Any]]]:
        return await mail_status(ctx), await status.list_items(ctx, IS_MAIL, limit=limit)

    mail, items = run_use_case(read)
    console.print(mail.in_words(), markup=False)
    for one in items:
        parts = [f"#{one['id']}", one["created_at"][:16], *(one[name] or "" for name in SHOWN)]
        told = [f"({one['error']}, {one['attempts']} tries)"] if one["error"] else []
        # A line each, never cut: it is read by people and by grep.
        console.print("  ".join([*parts, *told]), markup=False)


@app.command("drop")
def drop_mail(url: Annotated[str | None, typer.Option(help="Another gateway's address.")] = None) -> None:
    """Hand one mail from standard input to the gateway; for a mail server's pipe. Status 75 asks it to try again."""
    settings = load_settings_or_exit()
    if not settings.mail_drop_secret:
        errors.print("TECHREF_MAIL_DROP_SECRET is not set; the mail was not taken. Set it as the gateway has it.")
        raise typer.Exit(mail_drop.LATER)
    status, told = mail_drop.drop(url or base_url(settings), settings.mail_drop_secret, sys.stdin.buffer.read())
    errors.print(f"mail: {told}", markup=False)
    raise typer.Exit(status)


@app.command("test")
def send_test(to: Annotated[str, typer.Option(help="Where the test mail goes.")]) -> None:
    """Send a test mail now, and print the mail server's answer."""
    told = run_use_case(lambda ctx: send_test_mail.send_now(ctx, to))
    print_done(told)
