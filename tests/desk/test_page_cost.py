"""What the queue costs: as many questions to the database for fifty customers as for five, and a small page."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.support.gateway_fixture import Desk, Gateway

# The session and who it is; the list, the line, what reminds me, who mentioned me, the last words and what is unread,
# the tags; whether the reading is recorded; whether three similar issues suggest a known problem.
QUERIES = 11
KILOBYTES = 12


@contextmanager
def counted(gateway: Gateway) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    engine = gateway.ctx.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", keep)


async def queue_page(anna: Desk) -> str:
    answer = await anna.browser.get("/desk")
    assert answer.status_code == 200
    return answer.text


async def test_the_queue_page_asks_the_database_the_same_number_of_times_however_long_it_is(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await gateway.app.ctx.supervisor.stop()  # what the jobs and the watcher ask is not the page's
    for _ in range(3):
        await gateway.case()
    await queue_page(anna)
    with counted(gateway) as few:
        await queue_page(anna)
    for _ in range(20):
        await gateway.case()
    with counted(gateway) as many:
        page = await queue_page(anna)
    assert page.count('class="case ') == 23
    assert len(few) == len(many) == QUERIES, many


async def test_a_queue_of_fifty_is_small_on_its_way(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for _ in range(50):
        await gateway.case()
    async with anna.browser.stream("GET", "/desk") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert len(raw) < KILOBYTES * 1024
    assert gzip.decompress(raw).count(b'class="case ') == 50
