"""`techref mail`: list outgoing mail with its state, and send a test mail."""

from typing import Annotated, Any

import typer

from bot.commands.reporting import console, print_done
from bot.commands.running import run_use_case
from bot.services.mail import outgoing_mail, send_test_mail

app = typer.Typer()


@app.callback(invoke_without_command=True)
def list_mail(
    command: typer.Context,
    limit: Annotated[int, typer.Option(help="How many of the newest to show.")] = 50,
) -> None:
    """List outgoing mail, the newest first. Without TECHREF_SMTP_URL mail goes to .eml files in TECHREF_HOME/mail."""
    if command.invoked_subcommand is not None:
        return
    status = run_use_case(outgoing_mail.status)
    console.print(mail_status_sentence(status), markup=False)
    for one in run_use_case(lambda ctx: outgoing_mail.listed(ctx, limit)):
        parts = [f"#{one['id']}", one["created_at"][:16], one["state"], one["kind"], one["to"], one["subject"]]
        told = [f"({one['problem']}, {one['attempts']} tries)"] if one["problem"] else []
        # One unwrapped line for each, for people and for grep.
        console.print("  ".join([*parts, *told]), markup=False)


@app.command("test")
def send_test(to: Annotated[str, typer.Option(help="Where the test mail goes.")]) -> None:
    """Send a test mail now, and print the mail server's answer."""
    told = run_use_case(lambda ctx: send_test_mail.send_now(ctx, to))
    print_done(told)


def mail_status_sentence(status: dict[str, Any]) -> str:
    """Return the state of outgoing mail in a sentence for operators."""
    if status["state"] == "off":
        return f"E-mail is off: TECHREF_SMTP_URL is not set. Mail is written to files in {status['folder']}."
    if status["state"] == "trouble":
        return f"E-mail does not work now ({status['problem']}); what is queued is tried again."
    return "E-mail is on."
