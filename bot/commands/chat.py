"""`techref chat`: the conversation in a terminal, over the same public API as the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.commands.chat_client import ChatClient, ChatRefused
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit
from bot.installation.readiness import base_url

app = typer.Typer()
COLOURS = {"assistant": "cyan", "technician": "green", "system": "yellow"}


@app.command()
def chat(url: Annotated[str | None, typer.Option(help="Another gateway's address.")] = None) -> None:
    """Talk to the assistant; a number chooses a quick reply. Ctrl-D ends."""
    try:
        client = ChatClient.open(url or base_url(load_settings_or_exit()))
    except ChatRefused as error:
        exit_with_error(error)
    console.print("Write your message and press Enter; a number chooses a quick reply, Ctrl-D ends.", style="dim")
    with _listening(client):
        for line in _typed():
            try:
                client.send(line)
            except ChatRefused as error:
                errors.print(escape(str(error)), style="red")


def _typed() -> Iterator[str]:
    while True:
        try:
            line = console.input().strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line:
            yield line


@contextmanager
def _listening(client: ChatClient) -> Iterator[None]:
    over = threading.Event()
    listener = threading.Thread(target=_follow, args=(client, over), daemon=True)
    listener.start()
    try:
        yield
    finally:
        client.wait_for_answers()
        over.set()
        listener.join(timeout=2)


def _follow(client: ChatClient, over: threading.Event) -> None:
    while not over.is_set():
        try:
            for message in client.news():
                _show(message)
        except ChatRefused as error:
            errors.print(escape(str(error)), style="red")
        over.wait(0.3)


def _show(message: dict[str, Any]) -> None:
    if message["author"] == "customer":
        return
    colour = COLOURS[message["author"]]
    console.print(f"[bold {colour}]{escape(message['author_name'])}[/]: {escape(message['text'])}")
    for card in message["cards"]:
        console.print(f"  [underline]{escape(card['url'])}[/]  {escape(card['title'])}")
        if card["excerpt"]:
            console.print(f"    {escape(card['excerpt'])}")
    for number, choice in enumerate(message["choices"], start=1):
        console.print(f"  {number}. {escape(choice['title'])}", style="dim")
