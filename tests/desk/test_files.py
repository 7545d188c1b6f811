"""Files both ways: what is taken, what is refused with the reason, and how it is served."""

import httpx
import pytest

from tests.support.gateway_fixture import Case, Desk, Gateway

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


async def customer_sends(case: Case, name: str, data: bytes) -> httpx.Response:
    address = f"/api/conversations/{case.conversation_id}/attachments"
    headers = {"Authorization": f"Bearer {case.token}"}
    return await case.browser.post(address, files={"file": (name, data)}, headers=headers)


async def technician_sends(desk: Desk, case: Case, name: str, data: bytes) -> httpx.Response:
    address = f"/desk/api/conversations/{case.conversation_id}/attachments"
    return await desk.browser.post(address, files={"file": (name, data)})


@pytest.mark.parametrize("name", ["run.exe", "page.html", "picture.png.exe", "noending", "macro.docm"])
async def test_other_kinds_of_files_are_refused_with_what_is_taken(gateway: Gateway, name: str) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    for answer in (await customer_sends(case, name, b"data"), await technician_sends(anna, case, name, b"data")):
        assert answer.status_code == 422
        error = answer.json()["error"]
        assert error["code"] == "file_type" and ".png" in error["message"] and "10 MB" in error["message"]
    assert not (gateway.ctx.home / "attachments").exists(), "nothing was kept"


async def test_a_picture_goes_both_ways_and_runs_nowhere(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    sent = (await customer_sends(case, "Screen.PNG", PNG)).json()
    body = {"client_message_id": "1", "text": "", "attachments": [sent["attachment_id"]]}
    headers = {"Authorization": f"Bearer {case.token}"}
    address = f"/api/conversations/{case.conversation_id}/messages"
    assert (await case.browser.post(address, json=body, headers=headers)).status_code == 202
    served = await anna.get(f"conversations/{case.conversation_id}/attachments/{sent['attachment_id']}")
    assert served.headers["content-type"] == "image/png" and served.content == PNG
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in served.headers["content-security-policy"]
    assert [file["name"] for file in (await anna.about(case))["files"]] == ["Screen.PNG"]
    disguised = (await technician_sends(anna, case, "notes.txt", b"<script>alert(1)</script>")).json()
    got = await case.get(f"conversations/{case.conversation_id}/attachments/{disguised['attachment_id']}")
    assert got.headers["content-type"].startswith("text/plain") and "attachment" in got.headers["content-disposition"]


async def test_a_message_has_only_so_many_files(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    files = [(await technician_sends(anna, case, f"{n}.png", PNG)).json()["attachment_id"] for n in range(6)]
    body = {"client_message_id": "1", "text": "see these", "attachments": files}
    refused = await anna.post(f"conversations/{case.conversation_id}/messages", body)
    assert refused.status_code == 422 and "5 files" in refused.json()["error"]["message"]
    body["attachments"] = files[:5]
    assert (await anna.post(f"conversations/{case.conversation_id}/messages", body)).status_code == 201
