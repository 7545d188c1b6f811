"""Call the action server over one keep-alive connection, with the secret, a deadline, the domain only once, no events.

Rasa opens a connection per call and sends the whole domain each time. rasa-sdk remembers a domain by its digest and
answers 449 when it does not know the digest (after its own restart, or after a new model): then the domain is sent.
"""

import asyncio
import hashlib
import json
from http import HTTPStatus
from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.engine.environment import SECRET_HEADER, internal_secret

DEADLINE_S = 5.0
# Shorter than the action server's own keep-alive (120 s), so that no call is written to a connection it has closed.
KEEP_ALIVE_S = 60.0
DOMAIN_UNKNOWN = 449


class ActionEndpoint(EndpointConfig):
    """The client of the action server, in place of Rasa's own."""

    def __init__(self, url: str) -> None:
        super().__init__(url=url)
        self._session: aiohttp.ClientSession | None = None
        self._domain: Domain | None = None
        self._content: dict[str, Any] = {}
        self._digest = ""

    def digest(self, domain: Domain) -> str:
        """Return a digest of the domain's content, the same in every process."""
        if domain is not self._domain:
            self._domain, self._content = domain, domain.as_dict()
            canonical = json.dumps(self._content, sort_keys=True, default=str)
            self._digest = hashlib.sha256(canonical.encode()).hexdigest()
        return self._digest

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the action server and return its JSON response.

        Raises ClientResponseError (without the response's body, which may echo the customer), aiohttp.ClientError when
        it cannot be reached, TimeoutError when it has not answered after 5 seconds.
        """
        call = kwargs["json"]
        async with asyncio.timeout(DEADLINE_S):
            try:
                return await self._post(call)
            except ClientResponseError as error:
                if error.status != DOMAIN_UNKNOWN:
                    raise
            return await self._post({**call, "domain": self._content})

    async def close(self) -> None:
        """Close the keep-alive connection."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, call: dict[str, Any]) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={SECRET_HEADER: internal_secret()},
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_S),
            )
        async with self._session.post(self.url, json=call) as response:
            if response.status == HTTPStatus.OK:
                return await response.json()
            raise ClientResponseError(response.status, response.reason or "", "")


def install() -> None:
    """Make every Rasa command that calls actions use this endpoint."""
    read = AvailableEndpoints.read_endpoints.__func__

    def read_endpoints(cls: type[AvailableEndpoints], endpoint_file: str) -> AvailableEndpoints:
        endpoints = read(cls, endpoint_file)
        if endpoints.action is not None:
            endpoints.action = ActionEndpoint(endpoints.action.url)
        return endpoints

    AvailableEndpoints.read_endpoints = classmethod(read_endpoints)
    RemoteAction._action_call_format = action_call


def action_call(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Return the body of an action call: Rasa's own, with the domain's digest in place of the domain, without events.

    Of the events only the customer's message says anything, and that is the tracker's latest message already.
    """
    call: dict[str, Any] = {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(), "events": []},
        "version": rasa.__version__,
    }
    if isinstance(action.action_endpoint, ActionEndpoint):
        call["domain_digest"] = action.action_endpoint.digest(domain)
    return call
