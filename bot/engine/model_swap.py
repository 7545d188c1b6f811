"""A newly trained model is taken into use while the engine serves, and no turn is dropped for it.

The engine looks at the model's file once a second. Another one is loaded beside the present one, in a thread; then each
new turn begins with it, while turns under way end with the model they began with. A dialogue that began with the old
model is refused as ``model_changed``, and the gateway begins a new episode of it that goes on where it was.
"""

import asyncio
import copy
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
# No turn runs for longer; then nobody uses the old model's connection to the action server any more.
UNUSED_AFTER_S = 2 * DEADLINE_S
# What tells one file from another that has taken its name.
Stamp = tuple[int, int, int] | None


def install() -> None:
    """Have ``rasa run`` remember which file it loaded."""
    load = rasa.core.run.load_agent_on_start

    async def load_and_remember(
        model_path: str, endpoints: Any, remote_storage: Any, app: Sanic, loop: AbstractEventLoop
    ) -> Any:
        # Before loading: a file that takes its place meanwhile is noticed afterwards.
        app.ctx.model_stamp = stamp_of(model_path)
        return await load(model_path, endpoints, remote_storage, app, loop)

    rasa.core.run.load_agent_on_start = load_and_remember


def stamp_of(model_path: str | Path) -> Stamp:
    """Which file is the model at this path, or the latest of this folder; None when there is none at this moment."""
    try:
        about = Path(get_local_model(str(model_path))).stat()
    except (ModelNotFound, FileNotFoundError):
        return None
    return about.st_ino, about.st_size, about.st_mtime_ns


async def follow_model(app: Sanic) -> None:
    """Take up every new model; runs until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        agent: Agent | None = app.ctx.agent
        if agent is None or not agent.is_ready():
            continue
        found = stamp_of(agent.processor.model_path)
        if found in (None, app.ctx.model_stamp):
            continue
        # Remembered first: a model that cannot be loaded is not tried again until another takes its place.
        app.ctx.model_stamp = found
        try:
            app.ctx.agent = await asyncio.to_thread(successor, agent)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with the file, the old model goes on)
            log.error("The new model cannot be loaded, the one before goes on: %s. Run: techref train", describe(error))
            continue
        log.info("A new model is in use: %s", app.ctx.agent.model_id)
        app.ctx.retired.append(asyncio.create_task(_retire(agent)))


def successor(agent: Agent) -> Agent:
    """An agent with the model that lies where this one's lay. Both can answer at the same time.

    The stores are the same; what knows the model's domain is each one's own.
    """
    endpoint = agent.action_endpoint
    if isinstance(endpoint, ActionEndpoint):
        endpoint = ActionEndpoint(endpoint.url)
    new = Agent(tracker_store=copy.copy(agent.tracker_store), lock_store=agent.lock_store, action_endpoint=endpoint)
    new.load_model(agent.processor.model_path)
    return new


async def _retire(agent: Agent) -> None:
    """Close what only the old model used, when its last turn must have ended, or at once when the engine stops."""
    try:
        await asyncio.sleep(UNUSED_AFTER_S)
    finally:
        if isinstance(agent.action_endpoint, ActionEndpoint):
            await agent.action_endpoint.close()
