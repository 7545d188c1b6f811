"""Requests by Schemathesis, sent one after the other, and what was answered."""

import random
import time
from collections import Counter
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from bot.gateway.routes.openapi import document
from tests.fuzz.visitors import Visitor

EXAMPLES_A_ROUND = 60
SECONDS_FOR_AN_ANSWER = 60
REAL_IDS = 0.6
MOST_OF_A_BODY = 400
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Enough(Exception):
    """As many requests as were wanted, or the time is over."""


class Fuzzer:
    """``answers`` counts (visitor, status); 0 stands for no answer at all. ``faults`` says how each can be repeated."""

    def __init__(self, url: str, visitors: list[Visitor], chance: random.Random) -> None:
        self._url, self._visitors, self._chance = url, visitors, chance
        self._operations = [
            found.ok()
            for found in schemathesis.openapi.from_dict(document()).get_all_operations()
            if isinstance(found, Ok)
        ]
        self.operations = len(self._operations)
        self.answers = Counter[tuple[str, int]]()
        self.reached: set[str] = set()
        self.faults: list[str] = []
        self._wanted, self._until, self._told = 0, 0.0, 0.0

    def run(self, wanted: int, until: float) -> None:
        """Round after round, every operation by everybody who may call it, in an order that the seed decides."""
        self._wanted, self._until = wanted, until
        try:
            while True:
                pairs = [(one, who) for one in self._operations for who in self._visitors if who.may_call(one.path)]
                self._chance.shuffle(pairs)
                for operation, visitor in pairs:
                    for mode in MODES:
                        self._some(operation, visitor, mode)
        except Enough:
            return

    def _some(self, operation: Any, visitor: Visitor, mode: GenerationMode) -> None:
        @seeded(self._chance.getrandbits(32))
        @settings(
            max_examples=EXAMPLES_A_ROUND // len(MODES),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            self._send(case, visitor)

        try:
            send()
        except Unsatisfiable:
            return  # such as an invalid form of a request that has no fields

    def _send(self, case: Any, visitor: Visitor) -> None:
        if sum(self.answers.values()) >= self._wanted or time.monotonic() > self._until:
            raise Enough
        for name in case.path_parameters or {}:
            if name in visitor.known and self._chance.random() < REAL_IDS:
                case.path_parameters[name] = self._chance.choice(visitor.known[name])
        made = case.as_transport_kwargs(base_url=self._url)
        headers = {**dict(made.pop("headers") or {}), **visitor.headers}
        made.pop("cookies", None)
        try:
            answer = visitor.http.request(
                **made, headers=headers, stream=True, timeout=SECONDS_FOR_AN_ANSWER, allow_redirects=False
            )
        except (UnicodeError, requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL):
            return  # the client itself cannot write this down
        except requests.RequestException as error:
            self.answers[visitor.name, 0] += 1
            self.faults.append(f"no answer ({type(error).__name__}): {self._repeat_request(case, made)}")
            return
        self.answers[visitor.name, answer.status_code] += 1
        self.reached.add(case.operation.label)
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            answer.close()
        elif answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            said = answer.text[:200]
            self.faults.append(f"{answer.status_code} for {visitor.name}: {self._repeat_request(case, made)} -> {said}")
            print(self.faults[-1], flush=True)
        else:
            answer.content  # noqa: B018 - read to its end, so that the connection can be used again
        if answer.status_code == requests.codes.unauthorized:
            visitor.sign_in()
        self._report()

    def _repeat_request(self, case: Any, made: dict[str, Any]) -> str:
        body = {name: made[name] for name in ("json", "data", "files", "params") if made.get(name) is not None}
        return f"{made.get('method')} {made.get('url')} {str(body)[:MOST_OF_A_BODY]!r}"

    def _report(self) -> None:
        if time.monotonic() > self._told + 30:
            self._told = time.monotonic()
            print(f"{sum(self.answers.values()):,} sent, {len(self.faults)} faults", flush=True)
