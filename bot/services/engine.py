"""Talk to Rasa over its loopback turn channel; every way it can fail is one named error."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from bot.services.turns import Outcome, Prepared
from bot.settings import Settings

TURN_DEADLINE = 10.0
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
    """The turn channel of one Rasa server."""

    client: httpx.AsyncClient
    secret: str

    @classmethod
    def connect(cls, settings: Settings) -> "Engine":
        base_url = f"http://127.0.0.1:{settings.rasa_port}"
        return cls(httpx.AsyncClient(base_url=base_url, timeout=TURN_DEADLINE), settings.internal_secret or "")

    async def turn(self, prepared: Prepared) -> Outcome:
        """One turn for a customer's message; raises EngineFailed or ModelChanged."""
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
            response = await self.client.post("/webhooks/turn/process", json=body, headers={SECRET_HEADER: self.secret})
            answer = response.json()
        except httpx.TimeoutException as error:
            raise EngineFailed("too_slow") from error
        except httpx.HTTPError as error:
            raise EngineFailed("unreachable") from error
        except ValueError as error:
            raise EngineFailed("unreadable") from error
        if response.status_code == 409:
            raise ModelChanged
        if response.status_code != 200:
            raise EngineFailed(_code(answer))
        if not isinstance(answer, dict) or not {"replies", "effects", "model_id", "trace"} <= answer.keys():
            raise EngineFailed("unreadable")
        return answer

    async def forget(self, conversation_id: str) -> None:
        """Delete the trackers of every episode of the conversation; raises EngineFailed when that is not certain."""
        try:
            response = await self.client.post(
                "/webhooks/turn/forget", json={"conversation_id": conversation_id}, headers={SECRET_HEADER: self.secret}
            )
        except httpx.HTTPError as error:
            raise EngineFailed("unreachable") from error
        if response.status_code != 200:
            raise EngineFailed("not_forgotten")

    async def ready(self) -> bool:
        """Whether Rasa answers and has a model loaded."""
        try:
            status = await self.client.get("/status", timeout=2, headers={SECRET_HEADER: self.secret})
            return status.status_code == 200 and bool(status.json().get("model_file"))
        except (httpx.HTTPError, ValueError):
            return False

    async def close(self) -> None:
        await self.client.aclose()


def _code(answer: object) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("code", "failed")) if isinstance(error, dict) else "failed"
