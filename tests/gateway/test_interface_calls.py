"""The interface's calls are those of the description, and what is answered has the form that its types have."""

import re
from pathlib import Path

import pytest

from bot.gateway.routes.answer_schemas import ANSWERS, schema_of
from bot.gateway.routes.openapi import document

DESK = Path("bot/desk")
# call("POST", `conversations/${id}/promise`, …) of a script; data-call="POST issues/{{ reference }}/minutes" of a form.
IN_SCRIPTS = re.compile(r"""call\("([A-Z]+)", ["`]((?:\$\{[^}]*\}|[^"`])+)["`]""")
IN_FORMS = re.compile(r'data-call="([A-Z]+) ((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])+)"')
# An address that a script was given, of any length; any other expression stands for one part of the address.
GIVEN = re.compile(r"^\$\{(?:this\.)?address\}")
ENDING = re.compile(r"(?<!/)(?:\$\{\w+\}|\{\{[^}]*\}\})$|\?.*$")


def calls() -> list[tuple[str, str, str]]:
    """Return (file, method, address) of every call that is written in one place."""
    scripts = [(path, IN_SCRIPTS) for path in sorted((DESK / "static").glob("*.js"))]
    forms = [(path, IN_FORMS) for path in sorted((DESK / "templates").glob("*.html"))]
    found = [(path, which.findall(path.read_text())) for path, which in (*scripts, *forms)]
    return [(path.name, method, address) for path, written in found for method, address in written]


def as_pattern(address: str) -> re.Pattern[str]:
    """Return what the path of the operation must look like."""
    given = GIVEN.match(address)
    rest = ENDING.sub("", address[given.end() :] if given else address)
    parts = re.split(r"\$\{[^}]*\}|\{\{.*?\}\}|\{%.*?%\}", rest)
    return re.compile("/desk/api/" + (".+" if given else "") + "[^/]+".join(re.escape(part) for part in parts))


def is_described(method: str, address: str) -> bool:
    wanted = as_pattern(address)
    return any(wanted.fullmatch(path) and method.lower() in known for path, known in document()["paths"].items())


def test_every_call_of_the_interface_is_an_operation_of_the_description() -> None:
    found = calls()
    assert len(found) > 100
    assert [call for call in found if not is_described(*call[1:])] == []
    assert not is_described("POST", "issues/${reference}/dance") and not is_described("DELETE", "calls")


@pytest.mark.parametrize(("method", "path"), ANSWERS, ids=[f"{method} {path}" for method, path in ANSWERS])
def test_a_typed_answer_is_described_by_its_type(method: str, path: str) -> None:
    responses = document()["paths"][path][method]["responses"]
    assert "2XX" not in responses
    for status, kind in ANSWERS[method, path].items():
        described = responses[status]["content"]["application/json"]["schema"]
        assert described == {"$ref": f"#/components/schemas/{kind.__name__}"}
        assert document()["components"]["schemas"][kind.__name__]["properties"]


def test_a_type_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        schema_of(set[str], {})
