"""Talk to Rasa over its loopback turn channel; every way it can fail is one named error."""

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.services.turn import engine_schema
from bot.services.turn.turns import Outcome, Prepared
from bot.settings.env.settings import Settings

TURN_DEADLINE = 10.0
READY_DEADLINE = 2.0
# Shorter than the engine's own (bot/engine/private_server.py), so that we never write to a connection it has closed.
KEEP_ALIVE = 60.0
SECRET_HEADER = "X-TechRef-Secret"  # noqa: S105 - the header's name, not its value


class EngineFailed(Exception):
    """Rasa did not give a turn: unreachable, too slow, or it said so. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the dialogue engine gave no turn: {code}")
        self.code = code


class ModelChanged(Exception):
    """Rasa loaded another model since this episode began: begin a new one."""


@dataclass
class Engine:
    """The turn channel of one Rasa server, over connections that are kept open."""

    client: aiohttp.ClientSession

    @classmethod
    def connect(cls, settings: Settings) -> "Engine":
        """To be called where an event loop runs."""
        client = aiohttp.ClientSession(
            f"http://127.0.0.1:{settings.rasa_port}",
            headers={SECRET_HEADER: settings.internal_secret or ""},
            timeout=aiohttp.ClientTimeout(total=TURN_DEADLINE),
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
        )
        return cls(client)

    async def turn(self, prepared: Prepared) -> Outcome:
        """Return one turn for a customer's message; raises EngineFailed or ModelChanged."""
        metadata = {"unseen_question": prepared.unseen_question, "choice": prepared.payload is not None}
        return await self._post(prepared, prepared.message_id, prepared.text, prepared.payload, metadata)

    async def resume(self, prepared: Prepared) -> Outcome:
        """Tell Rasa where an episode begins, so that the next message finds slots and form in place."""
        metadata = {"resume": prepared.resume}
        message_id = f"resume-{prepared.sender}"
        return await self._post(prepared, message_id, None, "/resume", metadata)

    async def _post(
        self,
        prepared: Prepared,
        message_id: str,
        text: str | None,
        payload: str | None,
        metadata: dict[str, Any],
    ) -> Outcome:
        body = {
            "sender": prepared.sender,
            "message_id": message_id,
            "text": text,
            "payload": payload,
            "model_id": prepared.model_id,
            "metadata": {
                "message_id": message_id,
                "epoch": prepared.epoch,
                "mode": prepared.mode,
                **metadata,
            },
        }
        began = time.monotonic()
        answer = await self._answer(body)
        return Outcome(
            replies=answer["replies"],
            effects=answer["effects"],
            model_id=answer["model_id"],
            trace=answer["trace"],
            milliseconds=round((time.monotonic() - began) * 1000),
        )

    async def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self.client.post("/webhooks/turn/process", json=body) as response:
                answer = json.loads(await _whole(response))
        except TimeoutError as error:
            raise EngineFailed("too_slow") from error
        except aiohttp.ClientError as error:
            raise EngineFailed("unreachable") from error
        except (ValueError, RecursionError) as error:
            raise EngineFailed("unreadable") from error
        if response.status == HTTPStatus.CONFLICT:
            raise ModelChanged
        if response.status != HTTPStatus.OK:
            raise EngineFailed(_code(answer))
        try:
            return engine_schema.check(answer)
        except engine_schema.Unreadable as error:
            raise EngineFailed("unreadable") from error

    async def forget(self, conversation_id: str) -> None:
        """Delete the trackers of every episode of the conversation; raises EngineFailed when that is not certain."""
        try:
            async with self.client.post("/webhooks/turn/forget", json={"conversation_id": conversation_id}) as response:
                forgotten = response.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError) as error:
            raise EngineFailed("unreachable") from error
        if not forgotten:
            raise EngineFailed("not_forgotten")

    async def ready(self) -> bool:
        """Return whether Rasa answers and has a model loaded."""
        try:
            async with self.client.get("/status", timeout=aiohttp.ClientTimeout(total=READY_DEADLINE)) as status:
                return status.status == HTTPStatus.OK and bool(json.loads(await status.read()).get("model_file"))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def close(self) -> None:
        await self.client.close()


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Return the body; raises ValueError when it is longer than any turn's result."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > engine_schema.MOST_BYTES:
            raise ValueError("too long")
    return bytes(body)


def _code(answer: object) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("code", "failed"))[:100] if isinstance(error, dict) else "failed"
