"""Swap in a newly trained model while the engine serves, without dropping a turn.

The engine polls the model's file once a second. Another one is loaded beside the present one, in a thread; then each
new turn begins with it, while running turns end with the model they began with.
"""

import asyncio
import logging
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any

import rasa.core.run
from rasa.core.agent import Agent
from rasa.exceptions import ModelNotFound
from rasa.model import get_local_model
from sanic import Sanic

from bot.engine.action_endpoint import ActionEndpoint
from bot.engine.failure_log import describe
from bot.engine.turn import DEADLINE_S

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
# No turn runs for longer; then no turn uses the old model's connection to the action server any more.
UNUSED_AFTER_S = 2 * DEADLINE_S
# Distinguishes one file from another of the same name.
Stamp = tuple[int, int, int] | None


def install() -> None:
    """Make ``rasa run`` remember the file that it loaded."""
    load = rasa.core.run.load_agent_on_start

    async def load_and_remember(
        model_path: str, endpoints: Any, remote_storage: Any, app: Sanic, loop: AbstractEventLoop
    ) -> Any:
        # Read before loading: a file replaced meanwhile is noticed afterwards.
        app.ctx.model_stamp = stamp_of(model_path)
        return await load(model_path, endpoints, remote_storage, app, loop)

    rasa.core.run.load_agent_on_start = load_and_remember


def stamp_of(model_path: str | Path) -> Stamp:
    """Return the identity of the model file at this path, or of the latest in this folder; None when there is none."""
    try:
        about = Path(get_local_model(str(model_path))).stat()
    except (ModelNotFound, FileNotFoundError):
        return None
    return about.st_ino, about.st_size, about.st_mtime_ns


async def follow_model(app: Sanic) -> None:
    """Swap in every new model; runs until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        agent: Agent | None = app.ctx.agent
        if agent is None or not agent.is_ready():
            continue
        found = stamp_of(agent.processor.model_path)
        if found in (None, app.ctx.model_stamp):
            continue
        # Stored first: a model that cannot be loaded is not retried until another replaces it.
        app.ctx.model_stamp = found
        try:
            app.ctx.agent = await asyncio.to_thread(successor, agent)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with the file, the old model stays in use)
            log.error("The new model cannot be loaded, the one before goes on: %s. Run: techref train", describe(error))
            continue
        log.info("A new model is in use: %s", app.ctx.agent.model_id)
        app.ctx.retired.append(asyncio.create_task(_retire(agent)))


def successor(agent: Agent) -> Agent:
    """Return an agent with the new model at the path of this one's. Both can answer at the same time.

    Each has its own connection to the action server, which knows the model's domain.
    """
    endpoint = agent.action_endpoint
    if isinstance(endpoint, ActionEndpoint):
        endpoint = ActionEndpoint(endpoint.url)
    new = Agent(action_endpoint=endpoint)
    new.load_model(agent.processor.model_path)
    return new


async def _retire(agent: Agent) -> None:
    """Close the old model's connections when its last turn must have ended, or at once when the engine stops."""
    try:
        await asyncio.sleep(UNUSED_AFTER_S)
    finally:
        if isinstance(agent.action_endpoint, ActionEndpoint):
            await agent.action_endpoint.close()
