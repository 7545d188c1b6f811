"""Whatever is sent: a clear 4xx in the one error shape, or plain text; never a 5xx, never executed, nothing lost."""

from typing import Any

import httpx
import pytest

from tests.support.api_customer import ApiCustomer, texts
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def customer(stack: RunningStack) -> ApiCustomer:
    return ApiCustomer(stack.url)


def refused(answer: httpx.Response, status: int, code: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"} and set(answer.json()["error"]) == {"code", "message"}
    assert code is None or answer.json()["error"]["code"] == code


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b'{"client_message_id": "a"}'])
def test_a_body_that_is_no_message_is_refused(customer: ApiCustomer, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused(customer.http.post(f"{customer.path}/messages", content=body, headers=headers), 422)


@pytest.mark.parametrize("text", ["", " \n ", None, ["a"], {"a": 1}, 7, "x" * 10_001, "x" * 100_000, "\x00\x1b"])
def test_text_that_cannot_be_taken_is_refused(customer: ApiCustomer, text: object) -> None:
    refused(customer.http.post(f"{customer.path}/messages", json={"client_message_id": "a", "text": text}), 422)


def test_an_unknown_choice_is_refused_by_name(customer: ApiCustomer) -> None:
    body = {"client_message_id": "choice", "choice": "0123456789abcdef"}
    refused(customer.http.post(f"{customer.path}/messages", json=body), 422, "unknown_choice")


def test_a_bad_token_and_anothers_conversation_look_like_nothing_at_all(stack: RunningStack) -> None:
    mine, other = ApiCustomer(stack.url), ApiCustomer(stack.url)
    for headers in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic x"},
        {"Authorization": "Bearer"},
    ):
        for path in ("/messages", "/events"):
            refused(httpx.get(f"{stack.url}{mine.path}{path}", headers=headers, timeout=30), 401)
    for path in ("/messages", "/events", "/attachments/x"):
        refused(mine.http.get(f"{other.path}{path}"), 404)
        refused(mine.http.get(f"/api/conversations/ffffffffffffffffffffffff{path}"), 404)
    for path in ("/messages", "/typing", "/attachments"):
        refused(mine.http.post(f"{other.path}{path}", json={"client_message_id": "a", "text": "hello"}), 404)


@pytest.mark.parametrize("value", ["-1", "x", "1e3", "9" * 40, "٣"])
def test_a_bad_after_seq_is_refused(customer: ApiCustomer, value: str) -> None:
    refused(customer.http.get(f"{customer.path}/messages", params={"after_seq": value}), 422)


@pytest.mark.parametrize("path", ["/api/nothing", "/api/conversations/x/y/z", "/nothing"])
def test_what_is_not_there_is_404_in_the_same_shape(customer: ApiCustomer, path: str) -> None:
    refused(customer.http.get(path), 404, "not_found")


def test_a_wrong_method_is_405_in_the_same_shape(customer: ApiCustomer) -> None:
    refused(customer.http.put(f"{customer.path}/messages", json={}), 405)


@pytest.mark.parametrize("text", ["/restart", "/session_start", '/report_issue{"about": "1"}', "/resume", "/back"])
def test_a_typed_slash_is_never_a_command(stack: RunningStack, text: str) -> None:
    customer = ApiCustomer(stack.url)
    customer.says("it crashes when I print")
    customer.says(text)
    assert customer.reads()["messages"][2]["text"] == text
    customer.says("kim@brightsons.example")
    assert customer.reads()["reference"], "the draft went on as if nothing had happened"


def test_html_and_odd_characters_come_back_as_they_were_written(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    written = "<script>alert(1)</script> & 💥 {curly} %s \\n"
    customer.says(f"\u202e{written}")
    assert customer.reads()["messages"][0]["text"] == written, "only what cannot be seen is removed"


def test_a_lone_surrogate_is_replaced_not_fatal(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    body = b'{"client_message_id": "a", "text": "broken \\ud83d emoji"}'
    stored = customer.http.post(f"{customer.path}/messages", content=body)
    assert stored.status_code == 202 and stored.json()["text"] == "broken \N{REPLACEMENT CHARACTER} emoji"


def test_a_long_report_is_kept_whole(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    written = "it crashes when I print. " + "and again, it crashes. " * 420
    customer.says(written[:10_000])
    assert customer.reads()["messages"][0]["text"] == written[:10_000].strip()


def test_a_card_number_is_gone_from_everywhere(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    customer.says("charge my card 4111 1111 1111 1111 please")
    assert "4111" not in texts(customer.reads()["messages"])
    for file in (stack.home / "techref.db", stack.home / "techref.db-wal"):
        assert not file.exists() or b"4111 1111" not in file.read_bytes()


def test_opening_with_bad_fields_is_refused(stack: RunningStack) -> None:
    bodies: list[Any] = [[], {"locale": 5}, {"page_url": "x" * 3000}, {"identity_token": ["x"]}]
    for body in bodies:
        refused(httpx.post(f"{stack.url}/api/conversations", json=body, timeout=30), 422)
    refused(httpx.post(f"{stack.url}/api/conversations", json={"identity_token": "a.b.c"}, timeout=30), 401)


def test_an_upload_without_a_file_or_too_large_is_refused(customer: ApiCustomer) -> None:
    refused(customer.http.post(f"{customer.path}/attachments", json={}), 422)
    refused(customer.http.post(f"{customer.path}/attachments", files={"file": ("empty.txt", b"")}), 422)
    large = customer.http.post(f"{customer.path}/attachments", files={"file": ("large.txt", b"x" * 10_600_000)})
    assert large.status_code in (413, 422)


def test_a_file_comes_back_as_it_was_and_only_to_its_owner(stack: RunningStack) -> None:
    customer, other = ApiCustomer(stack.url), ApiCustomer(stack.url)
    kept = customer.http.post(
        f"{customer.path}/attachments", files={"file": ("../../error.png", b"\x89PNG\r\n\x1a\n123")}
    )
    assert kept.status_code == 201 and kept.json()["name"] == "error.png"
    file_id = kept.json()["attachment_id"]
    sent = customer.posts("see the picture", attachments=[file_id])
    assert [file["attachment_id"] for file in sent.json()["attachments"]] == [file_id]
    back = customer.http.get(f"{customer.path}/attachments/{file_id}")
    assert back.content == b"\x89PNG\r\n\x1a\n123" and back.headers["X-Content-Type-Options"] == "nosniff"
    refused(other.http.get(f"{other.path}/attachments/{file_id}"), 404)
    refused(other.posts("mine now", attachments=[file_id]), 422, "unknown_attachment")
