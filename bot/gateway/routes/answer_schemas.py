"""JSON schemas of successful answers, made from the types that the views of the desk have.

A type is named in the description as in the code. An operation without an entry here keeps what openapi.yml says.
"""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

from bot.services.desk.audit_view import AuditPage
from bot.services.desk.bulk_actions import BulkResult
from bot.services.desk.conversation_news import DeskState
from bot.services.desk.delayed_actions import Delayed
from bot.services.desk.find_caller import Caller
from bot.services.desk.macros import MacroView
from bot.services.desk.saved_views import ViewOfIssues
from bot.services.desk.tags import CountedTag
from bot.services.desk.transfers import TransferTargets

_Schema = dict[str, Any]
_PLAIN: dict[Any, _Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    Any: {},
}


class Callers(TypedDict):
    callers: list[Caller]


class Tags(TypedDict):
    tags: list[CountedTag]


class Views(TypedDict):
    views: list[ViewOfIssues]


class SavedViewId(TypedDict):
    id: int


class Macros(TypedDict):
    macros: list[MacroView]


class Moved(DeskState):
    """The state after an action, with what it brought: what can be undone, or the minutes of a call."""

    delayed: NotRequired[Delayed]
    minutes: NotRequired[int]


class BulkResults(TypedDict):
    results: list[BulkResult]


CONVERSATION = "/desk/api/conversations/{conversation_id}"
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("get", "/desk/api/callers"): {"200": Callers},
    ("get", "/desk/api/tags"): {"200": Tags},
    ("get", "/desk/api/views"): {"200": Views},
    ("post", "/desk/api/views"): {"201": SavedViewId},
    ("post", "/desk/api/views/{view_id}"): {"200": SavedViewId},
    ("get", "/desk/api/macros"): {"200": Macros},
    ("post", "/desk/api/macros"): {"201": MacroView},
    ("post", "/desk/api/macros/{macro_id}"): {"200": MacroView},
    ("post", "/desk/api/issues/bulk"): {"200": BulkResults},
    ("get", "/desk/api/audit"): {"200": AuditPage},
    ("get", "/desk/api/colleagues"): {"200": TransferTargets},
    ("post", f"{CONVERSATION}/return"): {"200": Moved},
    ("post", f"{CONVERSATION}/resolve"): {"200": Moved, "202": Moved},
    ("post", f"{CONVERSATION}/transfer"): {"200": Moved, "202": Moved},
    ("post", f"{CONVERSATION}/deliveries/{{delivery_id}}/resend"): {"200": Moved},
    ("post", f"{CONVERSATION}/call"): {"200": Moved},
    ("post", f"{CONVERSATION}/call/end"): {"200": Moved},
    ("post", f"{CONVERSATION}/promise"): {"200": Moved},
    ("post", f"{CONVERSATION}/macros/{{macro_id}}"): {"200": Moved},
}


def describe_answers(paths: Mapping[str, Any], schemas: dict[str, Any]) -> None:
    """Put the schema of each typed answer into the operations, and the types that they name into ``schemas``."""
    for (method, path), answers in ANSWERS.items():
        responses = paths[path][method]["responses"]
        said = responses.pop("2XX", {"description": "Done."})
        for status, kind in answers.items():
            content = {"application/json": {"schema": schema_of(kind, schemas)}}
            responses[status] = {**responses.get(status, said), "content": content}


def schema_of(kind: Any, schemas: dict[str, Any]) -> _Schema:
    """Return the schema of a type; a TypedDict becomes a schema of its name.

    Raises TypeError for a type that JSON does not have.
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_typeddict(kind):
        return _named(kind, schemas)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is list:
        return {"type": "array", "items": schema_of(inner[0], schemas)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1], schemas)}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(one, schemas) for one in inner]}
    raise TypeError(f"{kind} has no form in JSON")


def _named(kind: Any, schemas: dict[str, Any]) -> _Schema:
    if kind.__name__ not in schemas:
        described: _Schema = {"type": "object", "required": sorted(kind.__required_keys__)}
        schemas[kind.__name__] = described
        fields = get_type_hints(kind).items()
        described["properties"] = {name: schema_of(one, schemas) for name, one in fields}
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
