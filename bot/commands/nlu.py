"""`techref nlu review`: teach the assistant what it did not understand."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reporting import console, exit_with_error, print_done
from bot.commands.running import run_use_case
from bot.services.technician.accounts import COMMAND_LINE
from bot.services.understanding import learned_examples, misunderstood
from bot.services.understanding.misunderstood import Phrase

app = typer.Typer(no_args_is_help=True)

DISMISS = "-"


@app.callback()
def _group() -> None:
    """Teach the assistant what it did not understand."""


@app.command("review")
def review_phrases(
    limit: Annotated[int, typer.Option(help="How many phrases, the most frequent first.")] = 20,
    as_list: Annotated[bool, typer.Option("--list", help="Only list them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Only list them, as JSON.")] = False,
    label: Annotated[
        list[str] | None, typer.Option(help="KEY=INTENT, or KEY=- to dismiss; instead of being asked. Repeatable.")
    ] = None,
    repository: Annotated[
        bool, typer.Option("--repository", help="For developers: write to data/nlu instead of TECHREF_HOME/nlu.")
    ] = False,
) -> None:
    """List misunderstood phrases, anonymised; ask for a label for each; show the change as a diff."""
    phrases = run_use_case(lambda ctx: misunderstood.list_misunderstood(ctx, limit))
    if as_json:
        typer.echo(json.dumps([_shown(one) for one in phrases], indent=1, ensure_ascii=False))
    elif label:
        _learn([_read(one) for one in label], repository)
    elif not phrases:
        print_done("nothing waits for a label")
    elif as_list:
        for one in phrases:
            console.print(_line(one), markup=False)
    else:
        _learn(_ask(phrases), repository)


def _shown(one: Phrase) -> dict[str, object]:
    return {"key": one.key, "text": one.text, "count": one.count, "suggestion": one.suggestion}


def _line(one: Phrase) -> str:
    hint = f"  (customers chose: {one.suggestion})" if one.suggestion else ""
    return f"{one.key}  {one.count:4} x  {one.text}{hint}"


def _read(written: str) -> tuple[str, str | None]:
    key, equals, intent = written.partition("=")
    if not equals or not intent:
        exit_with_error(
            f"Write KEY=INTENT, or KEY={DISMISS} to dismiss it: {written} was neither. Nothing was changed."
        )
    return key, None if intent == DISMISS else intent


def _ask(phrases: list[Phrase]) -> list[tuple[str, str | None]]:
    known = sorted(learned_examples.list_intents())
    console.print(f"Intents: {', '.join(known)}", markup=False)
    console.print(f"Enter leaves a phrase for later, {DISMISS} dismisses it, q ends.\n", markup=False)
    labels: list[tuple[str, str | None]] = []
    for one in phrases:
        console.print(_line(one), markup=False)
        answer = _one_of(known, one.suggestion)
        if answer == "q":
            break
        if answer:
            labels.append((one.key, None if answer == DISMISS else answer))
    return labels


def _one_of(known: list[str], suggestion: str | None) -> str:
    while True:
        answer: str = typer.prompt("  meant", default=suggestion or "", show_default=bool(suggestion)).strip()
        fitting = [intent for intent in known if intent.startswith(answer)] if answer else []
        if answer in ("", DISMISS, "q") or answer in known:
            return answer
        if len(fitting) == 1:
            return fitting[0]
        console.print(f"  There is no intent {answer}; one of those above, or its beginning.", markup=False)


def _learn(labels: list[tuple[str, str | None]], repository: bool) -> None:
    for key, intent in labels:
        file = _file(intent) if repository and intent else None
        diff = run_use_case(partial(misunderstood.label_phrase, key=key, intent=intent, actor=COMMAND_LINE, file=file))
        if diff:
            typer.echo(diff)
    taught = sum(intent is not None for _, intent in labels)
    print_done(
        f"{taught} taught, {len(labels) - taught} dismissed." + (" Put them to use: techref train" if taught else "")
    )


def _file(intent: str) -> Path:
    if intent not in learned_examples.list_intents():
        exit_with_error(f"There is no intent {intent}; nothing was changed.")
    return learned_examples.shipped_file(intent)
