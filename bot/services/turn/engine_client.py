"""Talk to Rasa over its loopback turn channel; every way it can fail is one named error."""

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.dialogue.context import context_as_json
from bot.dialogue.evidence import BadEvidence, Evidence, evidence_of_json
from bot.dialogue.plan import BadPlan, Plan, plan_of_json
from bot.dialogue.reading import BadReading, Reading, reading_of_json
from bot.dialogue.said_last import said_last
from bot.services.turn.turns import Outcome, Prepared
from bot.settings.env.settings import Settings

TURN_DEADLINE = 10.0
# More than any decision holds; a server gone wrong may send without end.
MOST_BYTES = 2_000_000
READY_DEADLINE = 2.0
# Shorter than the engine's own (bot/engine/private_server.py), so that we never write to a connection it has closed.
KEEP_ALIVE = 60.0
SECRET_HEADER = "X-TechRef-Secret"  # noqa: S105 - the header's name, not its value


class EngineFailed(Exception):
    """Rasa did not give a turn: unreachable, too slow, or it said so. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the dialogue engine gave no turn: {code}")
        self.code = code


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
        """Return what was read, looked up and decided for a customer's message; raises EngineFailed."""
        body = {
            "conversation_id": prepared.context.conversation_id,
            "message_id": prepared.message_id,
            **({"text": prepared.text} if prepared.payload is None else {"payload": prepared.payload}),
            "metadata": {"context": context_as_json(prepared.context), "said_last": said_last(prepared.context)},
        }
        began = time.monotonic()
        decided = _decision(await self._answer(body))
        return Outcome(*decided, milliseconds=round((time.monotonic() - began) * 1000))

    async def _answer(self, body: dict[str, Any]) -> Any:
        try:
            async with self.client.post("/webhooks/turn/process", json=body) as response:
                answer = json.loads(await _whole(response))
        except TimeoutError as error:
            raise EngineFailed("too_slow") from error
        except aiohttp.ClientError as error:
            raise EngineFailed("unreachable") from error
        except (ValueError, RecursionError) as error:
            raise EngineFailed("unreadable") from error
        if response.status != HTTPStatus.OK:
            raise EngineFailed(_code(answer))
        return answer

    async def ready(self) -> bool:
        """Return whether Rasa answers and has a model loaded."""
        try:
            async with self.client.get("/status", timeout=aiohttp.ClientTimeout(total=READY_DEADLINE)) as status:
                return status.status == HTTPStatus.OK and bool(json.loads(await status.read()).get("model_file"))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def close(self) -> None:
        await self.client.close()


def _decision(answer: object) -> tuple[Plan, Reading, Evidence, str]:
    """Return the parts of the engine's answer; raises EngineFailed for one of another schema, which quotes nothing."""
    try:
        match answer:
            case {"decision": {"plan": plan, "reading": reading, "evidence": evidence, "support": str(support)}}:
                return plan_of_json(plan), reading_of_json(reading), evidence_of_json(evidence), support
    except (BadPlan, BadReading, BadEvidence) as error:
        raise EngineFailed("unreadable") from error
    raise EngineFailed("unreadable")


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Return the body; raises ValueError when it is longer than any turn's result."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > MOST_BYTES:
            raise ValueError("too long")
    return bytes(body)


def _code(answer: object) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("code", "failed"))[:100] if isinstance(error, dict) else "failed"
