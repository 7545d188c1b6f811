"""Cache what Sanic derives for each application and what is equal in all of them: a test run starts hundreds."""

import ast
import inspect
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

import sanic_routing.router
from sanic.mixins.routes import RouteMixin
from sanic_routing import BaseRouter


def install() -> None:
    """Cache the error format that Sanic reads in a handler's source, and the compiled code of its router."""
    RouteMixin._determine_error_format = _cached_by_code(RouteMixin._determine_error_format)  # type: ignore[method-assign]
    BaseRouter._render = _compiled_once(BaseRouter._render)  # type: ignore[method-assign]


def _cached_by_code(determine: Callable[..., str]) -> Callable[..., str]:
    known: dict[CodeType, str] = {}

    def determined(self: RouteMixin, handler: Any) -> str:
        # Handlers are methods and wrapped functions, new ones for each application; their code is the same.
        code = inspect.unwrap(handler).__code__
        if code not in known:
            known[code] = determine(self, handler)
        return known[code]

    return determined


def _compiled_once(render: Callable[..., None]) -> Callable[..., None]:
    def rendered(self: BaseRouter, do_compile: bool = True, do_optimize: bool = False) -> None:
        render(self, do_compile=False)
        if do_compile:
            made: dict[str, Any] = {}
            exec(_compiled(self.find_route_src), vars(sanic_routing.router), made)
            self._find_route, self._matchers = made["find_route"], made.get("matchers")

    return rendered


@cache
def _compiled(source: str) -> CodeType:
    return compile(ast.parse(source), "", "exec")
