"""Every error is a class with a code and a status, and the description of the interface lists them all."""

import ast
import re
from typing import Any

import pytest

from bot.gateway.routes.openapi import STATUS_OF_RESPONSES, document
from bot.http.errors import answer_error
from bot.installation.places import ROOT
from bot.services.core import errors
from bot.services.core.errors import Conflict, Invalid, NotFound, Retryable, ServiceError, TooMany

ROOT_CLASS: type[ServiceError] = ServiceError
CLASSES = [kind for kind in errors.error_classes() if kind is not Retryable]
METHODS = {"get", "post", "put", "delete", "patch"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_a_code_belongs_to_one_class() -> None:
    codes = [kind.code for kind in CLASSES]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z_]{3,40}", code) for code in codes)
    assert all(kind.__doc__ and 400 <= kind.status <= 599 for kind in CLASSES)


def test_every_code_is_in_the_description_and_no_other() -> None:
    listed = document()["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"]
    assert set(listed) == {kind.code for kind in CLASSES} | {ServiceError.code}


def test_each_response_names_the_codes_of_its_status() -> None:
    for name, status in STATUS_OF_RESPONSES.items():
        schema = document()["components"]["responses"][name]["content"]["application/json"]["schema"]
        codes = schema["allOf"][1]["properties"]["error"]["properties"]["code"]["enum"]
        assert codes == sorted({kind.code for kind in [ROOT_CLASS, *CLASSES] if kind.status == status})


def test_an_operation_refers_to_the_response_of_its_status() -> None:
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            name = response.get("$ref", "").rpartition("/")[2]
            if name:
                assert STATUS_OF_RESPONSES[name] == int(status), (path, method)


def test_an_operation_says_that_it_wants_a_token_or_a_session_and_the_csrf_token() -> None:
    for path, method, operation in operations():
        wanted = [name for scheme in operation.get("security", []) for name in scheme]
        if wanted:
            assert "401" in operation["responses"], (path, method)
        if "csrf" in wanted:
            assert "403" in operation["responses"], (path, method)


def test_errors_are_raised_by_their_class_and_never_with_a_code_of_their_own() -> None:
    """Also no other part of the product answers with an error that it puts together itself."""
    kinds = {kind.__name__ for kind in [ROOT_CLASS, *CLASSES]}
    for file in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("actions/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                most = 2 if issubclass(getattr(errors, node.func.id, ServiceError), Retryable) else 1
                assert len(node.args) <= most, f"{file}:{node.lineno}"


@pytest.mark.parametrize("kind", [NotFound, Conflict, Invalid, errors.WrongCode, errors.BadSignIn])
def test_the_edge_answers_in_one_shape(kind: type[ServiceError]) -> None:
    answer = answer_error(kind("Say what happened."))
    assert answer.status == kind.status
    assert answer.body == b'{"error":{"code":"%s","message":"Say what happened."}}' % kind.code.encode()


def test_what_can_be_done_later_says_when() -> None:
    assert answer_error(TooMany("Wait.", 7)).headers["Retry-After"] == "7"
