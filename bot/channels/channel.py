"""The interface of a channel to the gateway: its routes, its state, and the one object that sends for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sanic import Blueprint

from bot.services.channel.answered import Answered
from bot.services.channel.outgoing import Outgoing
from bot.services.staff_channel.card import Card
from bot.services.staff_channel.news import Post
from bot.services.staff_channel.places import Place


class Deliver(Protocol):
    """Sends messages through one channel. The outbox calls ``parts`` once and ``send`` for each part, in order.

    ``seconds_apart``: the least time between two sends under one ``rate_key``.
    """

    seconds_apart: float

    def rate_key(self, outgoing: Outgoing) -> str:
        """Return what the channel's rate limit counts by, such as the Slack channel."""
        ...

    async def parts(self, outgoing: Outgoing) -> Sequence[Any]:
        """Return the bundle as calls under the channel's limits, as few as these allow; the same bundle must give the
        same parts again.
        """
        ...

    def smaller(self, part: Any) -> Sequence[Any]:
        """Return a part that was too large as smaller ones, at least two; the part alone when that cannot be."""
        ...

    async def send(self, outgoing: Outgoing, part: Any) -> str | None:
        """Send one part; the channel's id for it, in the form that ``Place.reply_to`` has.

        None for what is no message of ours to be answered. Raises ``NotNow`` to be tried again, ``TooLarge`` to be sent
        in smaller parts, ``Refused`` when neither would help.
        """
        ...

    async def show_answer(self, parts: Sequence[Any], answered: Answered) -> None:
        """Replace the quick replies in the last message of ``parts``, which was sent, by what was answered.

        Raises ``NotNow`` to be tried again, ``Refused`` when that would not help.
        """
        ...

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None:
        """Show or hide that somebody writes; a channel that cannot does nothing. Never raises."""
        ...

    async def close(self) -> None:
        """The gateway ends."""
        ...


class StaffPrinter(Protocol):
    """Shows hand-offs in staff channels of one platform. Raises ``NotNow`` and ``Refused`` as ``Deliver`` does."""

    async def emails_of(self, place: Place, user_id: str) -> tuple[str, ...]:
        """Return the e-mail addresses that our own workspace vouches for; none of a guest, a program, a stranger."""
        ...

    async def user_of(self, place: Place, email: str) -> str | None:
        """Return who has this address there; None when that cannot be had. Never raises."""
        ...

    async def post_card(self, place: Place, card: Card) -> str:
        """Post a card; return the id of the thread under it."""
        ...

    async def update_card(self, place: Place, thread: str, card: Card) -> None:
        """Let a card show how its hand-off stands now."""
        ...

    async def post(self, place: Place, thread: str, post: Post, mention: str | None) -> None:
        """Post under a card; ``mention`` is the user who is pinged."""
        ...


@dataclass(frozen=True)
class BackgroundStep:
    """Work that a channel repeats: ``step`` runs every so many seconds, and at once when ``news`` is set."""

    name: str
    step: Callable[[], Awaitable[None]]
    every_seconds: float
    news: asyncio.Event


@dataclass(frozen=True)
class Channel:
    """``off_because`` says in one sentence what is missing; None when the channel is on, and then it delivers.

    ``background`` is what it repeats beside sending, ``staff`` shows hand-offs to technicians.
    """

    name: str
    blueprint: Blueprint
    off_because: str | None
    deliver: Deliver | None = None
    background: Sequence[BackgroundStep] = ()
    staff: StaffPrinter | None = None

    @property
    def is_on(self) -> bool:
        return self.off_because is None
