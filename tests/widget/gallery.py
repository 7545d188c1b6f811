"""A conversation that shows every kind of thing the chat can show, answered in the place of the gateway's API."""

from typing import Any

from playwright.async_api import Browser, Page, Route

from tests.widget.browsing import Chat, open_widget

CONVERSATION = "c0ffee"
CONFIG: dict[str, Any] = {
    "company": "Quillbook Software",
    "product": "Quillbook",
    "assistant_name": "Quill, the assistant",
    "phone": "234-542-4400",
    "phone_href": "tel:2345424400",
    "greeting": "Hello! I find answers in the manual, log issues and bring you to a technician.",
    "quick_replies": [{"title": "How do I …?", "text": "a"}, {"title": "Something is wrong", "text": "b"}],
    "hours": {"open": True, "text": "Technicians are here now, until 5:00 p.m. Eastern."},
    "privacy": {"notice": "Our staff read this.", "retention": "Kept for two years.", "url": "/privacy"},
    "colour": "#1f5f8b",
    "limits": {"text": 10000, "file_bytes": 1000, "file_types": [".png", ".log"]},
}
ISSUE = {
    "reference": "TR-483-920-179",
    "title": "Quillbook closes when an invoice is printed",
    "status": "in_progress",
    "status_text": "A technician is working on it",
    "created_at": "2026-11-20T15:00:00+00:00",
    "conversation_id": CONVERSATION,
}


def message(seq: int, author: str, name: str, text: str, **more: Any) -> dict[str, Any]:
    day = 19 + seq // 4
    plain: dict[str, Any] = {"choices": [], "cards": [], "attachments": []}
    when = f"2026-11-{day}T15:{seq:02}:00+00:00"
    return {"seq": seq, "author": author, "author_name": name, "text": text, "created_at": when, **plain, **more}


MESSAGES = [
    message(1, "customer", "Anna", "How do I reprint an invoice?", client_message_id="m1"),
    message(
        2,
        "assistant",
        "Quill",
        "The manual says:",
        cards=[
            {"title": "Reprint an invoice", "url": "/manual/reprint#again", "excerpt": "Open Sales > Invoices. " * 8},
            {"title": "Not a web address", "url": "javascript:alert(1)", "excerpt": "Shown without a link."},
        ],
    ),
    message(3, "customer", "Anna", "No. https://example.com/" + "long" * 40, client_message_id="m3"),
    message(4, "system", "Quillbook Software", "Dana Reyes has joined the conversation."),
    message(5, "technician", "Dana Reyes", "Good morning!\nMay I have the log file?"),
    message(
        6,
        "customer",
        "Anna",
        "Here it is.",
        client_message_id="m6",
        attachments=[{"attachment_id": "a1", "name": "quillbook.log", "size": 48_211, "content_type": "text/plain"}],
    ),
    message(
        7,
        "assistant",
        "Quill",
        "Which version is it?",
        choices=[{"id": "v1", "title": "Quillbook 12.4"}, {"id": "v2", "title": "I do not know"}],
    ),
]
STATE = {"owner": "queue", "owner_name": None, "reference": ISSUE["reference"], "queue_position": 2, "epoch": 1}


async def answer(route: Route) -> None:
    """The gallery's API. Messages cannot be sent: the outbox then shows how it waits."""
    request, path = route.request, route.request.url.partition("/api/")[2].partition("?")[0]
    if path == "config":
        await route.fulfill(json=CONFIG)
    elif path == "issues":
        await route.fulfill(json={"issues": [ISSUE]})
    elif request.method == "GET" and path.endswith("/messages"):
        await route.fulfill(json={**STATE, "messages": MESSAGES})
    elif path.endswith("/messages"):
        refused = "refuse" in (request.post_data or "")
        said = {"error": {"code": "test", "message": "That cannot be taken."}}
        headers = {} if refused else {"Retry-After": "60"}
        await route.fulfill(status=422 if refused else 429, json=said, headers=headers)
    else:
        await route.abort("connectionreset")


async def open_gallery(browser: Browser, site: str, *, width: int, height: int, scheme: str) -> Chat:
    """The chat in the middle of the gallery's conversation, with every notice there is."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-US",
        timezone_id="America/New_York",
    )
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await page.route("**/api/**", answer)
    await page.add_init_script(
        f"""localStorage.setItem("techref.v1.guest.current", '"{CONVERSATION}"');
        localStorage.setItem("techref.v1.guest.token.{CONVERSATION}",
            JSON.stringify({{ token: "t", used_at: Date.now() }}));"""
    )
    chat = await open_widget(page, f"{site}/host/plain")
    await chat.inside.get_by_text("Which version is it?").wait_for()
    return chat


async def close_gallery(page: Page) -> None:
    await page.context.close()
