"""Keep the engine reachable by the gateway only, whatever the arguments or credentials.yml say."""

import inspect
from collections.abc import Sequence
from typing import Any

import rasa.core.run
from rasa.core.channels.channel import InputChannel
from rasa.core.channels.console import CmdlineInput

from bot.engine.environment import LOOPBACK, Unprepared
from bot.engine.turn_channel import TurnChannel


def install() -> None:
    """Check the address and the channels before Rasa serves, after all arguments and files have been read."""
    serve, open_channels = rasa.core.run.serve_application, rasa.core.run.create_http_input_channels
    signature = inspect.signature(serve)

    def serve_privately(*args: Any, **kwargs: Any) -> None:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        refuse_exposure(given.arguments["interface"], given.arguments["enable_api"])
        serve(*args, **kwargs)

    def open_our_channels(channel: str | None, credentials_file: str | None) -> list[InputChannel]:
        opened: list[InputChannel] = open_channels(channel, credentials_file)
        refuse_channels(opened)
        return opened

    # Rasa selects the arguments that it passes on by this signature.
    serve_privately.__signature__ = signature  # type: ignore[attr-defined]
    rasa.core.run.serve_application = serve_privately
    rasa.core.run.create_http_input_channels = open_our_channels


def refuse_exposure(interface: str, enable_api: bool) -> None:
    """Raise Unprepared when the server would answer other machines, or show conversations to this one."""
    if enable_api:
        raise Unprepared(
            "--enable-api would let every program on this machine read all conversations, so nothing was started. "
            "Leave it out: /status, /version and /model/parse are served anyway."
        )
    if interface != LOOPBACK:
        raise Unprepared(
            f"The engine answers on {LOOPBACK} only, so nothing was started. "
            "Leave --interface out; customers reach TechRef through the gateway."
        )


def refuse_channels(channels: Sequence[InputChannel]) -> None:
    """Raise Unprepared for a channel without a secret. ``rasa shell`` serves the person who started it."""
    for channel in channels:
        if not isinstance(channel, (TurnChannel, CmdlineInput)):
            raise Unprepared(
                f"Rasa's channel {channel.name()} asks for no secret, so nothing was started. Customers write through "
                "the gateway: remove the channel from credentials.yml and --connector from the command."
            )
