"""The chat's modules without their view, run where they belong: in a browser, imported as the page imports them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.triage.text.content import content_of
from bot.widget.assets import read_assets
from tests.support.notation_cases import CASES

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


class Modules:
    """Runs a script with ``load(name)``, which imports one of the chat's modules."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._root = f"/widget/static/{read_assets().digest}/chat/"

    async def run(self, script: str, argument: Any = None) -> Any:
        whole = f"""async ([root, argument]) => {{
            const load = (name) => import(root + name);
            {script}
        }}"""
        return await self._page.evaluate(whole, [self._root, argument])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def workbench(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def modules(workbench: Page, site: str) -> Modules:
    # Any small answer of the site will do: what counts is its origin, for imports and storage.
    await workbench.goto(f"{site}/widget/accent.css")
    await workbench.evaluate("localStorage.clear()")
    return Modules(workbench)


PARSE = """
const { EventParser } = await load("sse.js");
const events = [];
const parser = new EventParser((event) => events.push([event.type, event.data, event.id]));
for (const piece of argument) parser.feed(piece);
return events;
"""


@pytest.mark.parametrize(
    ("pieces", "events"),
    [
        (["event: state\ndata: {}\n\n"], [["state", "{}", None]]),
        (list('id: 7\nevent: message\ndata: {"a": 1}\n\n'), [["message", '{"a": 1}', "7"]]),
        (["data: one\r", "\ndata: two\r\n\r", "\n"], [["message", "one\ntwo", None]]),
        (["data: a\r\r", "data: b\r\r."], [["message", "a", None], ["message", "b", None]]),
        ([": beat\n\n", "retry: 5\n\n", "data:x\n\n"], [["message", "x", None]]),
        (["\ufeffdata: x\n\ndata: never ended"], [["message", "x", None]]),
        (["id: 1\ndata: a\n\ndata: b\n\n"], [["message", "a", "1"], ["message", "b", None]]),
        (["event: typing\n\ndata\n\n"], [["message", "", None]]),
    ],
)
async def test_events_are_read_wherever_the_pieces_break(
    modules: Modules, pieces: list[str], events: list[list[str]]
) -> None:
    assert await modules.run(PARSE, pieces) == events


REDUCE = """
const store = await load("store.js");
const message = (seq, author = "assistant", more = {}) => ({ seq, author, author_name: author,
  text: `t${seq}`, choices: [], cards: [], attachments: [], created_at: "2026-11-22T15:00:00Z", ...more });
const play = (actions) => actions.reduce(store.reduce, store.reduce(store.INITIAL, { type: "opened", id: "c" }));
"""


async def test_messages_are_ordered_by_seq_and_never_doubled(modules: Modules) -> None:
    seqs = await modules.run(
        REDUCE
        + """const state = play([
            { type: "message", id: "c", message: message(3) }, { type: "message", id: "c", message: message(1) },
            { type: "message", id: "c", message: message(3) },
            { type: "fetched", id: "c", answer: { messages: [message(1), message(2), message(3)] } },
        ]);
        return [state.messages.map((m) => m.seq), state.cursor];"""
    )
    assert seqs == [[1, 2, 3], 3]


async def test_the_answer_to_a_sent_message_skips_nothing_before_it(modules: Modules) -> None:
    cursor = await modules.run(
        REDUCE
        + """return play([
            { type: "message", id: "c", message: message(1) },
            { type: "sent", id: "c", message: message(5, "customer", { client_message_id: "x" }) },
        ]).cursor;"""
    )
    assert cursor == 1


async def test_an_unsent_message_vanishes_as_soon_as_the_stored_one_is_there(modules: Modules) -> None:
    unsent = await modules.run(
        REDUCE
        + """const entries = [{ id: "x", conversation: "c", text: "hi" }, { id: "y", conversation: null, text: "more" },
            { id: "z", conversation: "another", text: "elsewhere" }];
        const state = play([{ type: "outbox", entries },
            { type: "message", id: "c", message: message(1, "customer", { client_message_id: "x" }) }]);
        return store.timeline(state).unsent.map((entry) => entry.id);"""
    )
    assert unsent == ["y"]


async def test_news_of_another_conversation_change_nothing(modules: Modules) -> None:
    same = await modules.run(
        REDUCE
        + """const before = play([]);
        const deaf = (action) => store.reduce(before, { id: "d", ...action }) === before;
        return ["message", "message_updated"].every((type) => deaf({ type, message: message(1) }))
            && deaf({ type: "state", answer: { owner: "queue", epoch: 9 } })
            && deaf({ type: "fetched", answer: { messages: [message(1)] } });"""
    )
    assert same is True


async def test_an_older_state_does_not_overwrite_a_newer_one(modules: Modules) -> None:
    owner = await modules.run(
        REDUCE
        + """return play([
            { type: "state", id: "c", answer: { owner: "technician", owner_name: "Dana", epoch: 3 } },
            { type: "fetched", id: "c", answer: { owner: "queue", epoch: 2, messages: [message(1)] } },
        ]).conversation.owner;"""
    )
    assert owner == "technician"


async def test_a_masked_card_number_replaces_the_text(modules: Modules) -> None:
    texts = await modules.run(
        REDUCE
        + """return play([
            { type: "message", id: "c", message: message(1, "customer", { text: "4111" }) },
            { type: "message_updated", id: "c", message: { seq: 1, text: "[card number removed]" } },
            { type: "message_updated", id: "c", message: { seq: 9, text: "unknown" } },
        ]).messages.map((m) => m.text);"""
    )
    assert texts == ["[card number removed]"]


@pytest.mark.parametrize(
    ("after", "open_at"),
    [
        ("", 1),
        ("{ type: 'message', id: 'c', message: message(2, 'system') }", 1),
        ("{ type: 'message', id: 'c', message: message(2, 'customer') }", None),
        ("{ type: 'message', id: 'c', message: message(2, 'assistant', { choices: [{ id: 'b', title: 'B' }] }) }", 2),
        ("{ type: 'state', id: 'c', answer: { owner: 'technician', epoch: 1 } }", None),
        ("{ type: 'outbox', entries: [{ id: 'x', conversation: 'c', choice: 'a' }] }", None),
        ("{ type: 'outbox', entries: [{ id: 'x', conversation: 'c', choice: 'a', refused: 'no' }] }", 1),
    ],
)
async def test_choices_stay_open_until_they_are_used_or_superseded(
    modules: Modules, after: str, open_at: int | None
) -> None:
    found = await modules.run(
        REDUCE
        + f"""const state = play([
            {{ type: "message", id: "c", message: message(1, "assistant", {{ choices: [{{ id: "a", title: "A" }}] }})
            }},
            {after}
        ]);
        return store.openChoices(state)?.seq ?? null;"""
    )
    assert found == open_at


async def test_only_what_others_wrote_after_the_last_look_is_unread(modules: Modules) -> None:
    count = await modules.run(
        REDUCE
        + """return store.unreadCount(play([{ type: "seen", seq: 2 },
            { type: "fetched", id: "c", answer: {
                messages: [message(1), message(2), message(3), message(4, "customer"), message(5, "system")] } }]));"""
    )
    assert count == 2


OUTBOX = """
const { Outbox } = await load("outbox.js");
const { Memory } = await load("memory.js");
const { ApiError } = await load("api.js");
const memory = new Memory("test.");
const delivered = [];
const until = async (condition) => { while (!condition()) await new Promise((go) => setTimeout(go, 5)); };
const outboxWith = (deliver, more = {}) => new Outbox({ memory, deliver, onSent: (entry) => delivered.push(entry.text),
  onLost: () => {}, onChange: () => {}, random: () => 0, ...more });
"""


async def test_messages_go_in_order_one_at_a_time_and_a_failure_keeps_the_order(modules: Modules) -> None:
    delivered, at_once = await modules.run(
        OUTBOX
        + """let running = 0, most = 0, failures = 2;
        const box = outboxWith(async () => {
            most = Math.max(most, ++running);
            await new Promise((go) => setTimeout(go, 10));
            running--;
            if (failures-- > 0) throw new ApiError(503);
        });
        for (const text of ["one", "two", "three"]) box.add({ text, conversation: "c" });
        await until(() => delivered.length === 3);
        return [delivered, most];"""
    )
    assert delivered == ["one", "two", "three"]
    assert at_once == 1


async def test_the_same_id_is_sent_again_after_a_lost_answer(modules: Modules) -> None:
    ids = await modules.run(
        OUTBOX
        + """const ids = [];
        const box = outboxWith(async (entry) => { ids.push(entry.id); if (ids.length < 2) throw new ApiError(0); });
        box.add({ text: "one", conversation: "c" });
        await until(() => delivered.length === 1);
        return ids;"""
    )
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_retry_after_is_kept(modules: Modules) -> None:
    wait = await modules.run(
        OUTBOX
        + """const box = outboxWith(async () => { throw new ApiError(429, { retryAfter: 7000 }); });
        const before = Date.now();
        box.add({ text: "one", conversation: "c" });
        await until(() => box.entries()[0].state === "waiting");
        return box.entries()[0].not_before - before;"""
    )
    assert 6_900 < wait < 9_000


async def test_a_refused_message_is_kept_lets_others_pass_and_is_retried_under_a_new_id(modules: Modules) -> None:
    result = await modules.run(
        OUTBOX
        + """let refuse = true;
        const box = outboxWith(async (entry) => {
            if (refuse && entry.text === "bad") throw new ApiError(422, { message: "Too strange." });
        });
        const { id } = box.add({ text: "bad", conversation: "c" });
        box.add({ text: "good", conversation: "c" });
        await until(() => delivered.length === 1);
        const [kept] = box.entries();
        refuse = false;
        box.retry(id);
        await until(() => delivered.length === 2);
        return [kept.state, kept.refused, kept.text, delivered, box.entries().length];"""
    )
    assert result == ["failed", "Too strange.", "bad", ["good", "bad"], 0]


async def test_what_was_not_sent_survives_the_page(modules: Modules, workbench: Page) -> None:
    await modules.run(OUTBOX + 'outboxWith(() => new Promise(() => {})).add({ text: "kept", conversation: "c" });')
    await workbench.reload()
    delivered = await modules.run(
        OUTBOX + "outboxWith(async () => {}).run(); await until(() => delivered.length); return delivered;"
    )
    assert delivered == ["kept"]


async def test_two_tabs_send_each_message_under_one_id_and_none_is_left(modules: Modules, workbench: Page) -> None:
    """A browser tells its tabs of a change a moment late, so both may send; the server knows the id again."""
    other = await workbench.context.new_page()
    await other.goto(workbench.url)
    ids = await modules.run(
        OUTBOX
        + """window.sent = [];
        window.box = outboxWith(async (entry) => {
            sent.push(entry.id);
            await new Promise((go) => setTimeout(go, 150));
        });
        return ["one", "two", "three"].map((text) => box.add({ text, conversation: "c" }).id);"""
    )
    elsewhere = await Modules(other).run(
        OUTBOX
        + """const sent = [];
        const box = outboxWith(async (entry) => { sent.push(entry.id); });
        await box.run();
        await until(() => box.entries().length === 0);
        return sent;"""
    )
    await other.close()
    assert await modules.run("await box.run(); return box.entries();") == []
    assert set(elsewhere) | set(await workbench.evaluate("window.sent")) == set(ids)


async def test_the_unsent_words_of_a_lost_conversation_go_to_the_next(modules: Modules) -> None:
    entries = await modules.run(
        OUTBOX
        + """const box = outboxWith(() => new Promise(() => {}));
        box.add({ text: "words", conversation: "gone", seen_seq: 4 });
        box.add({ choice: "a1", title: "Yes", conversation: "gone", seen_seq: 4 });
        box.add({ text: "other", conversation: "alive", seen_seq: 4 });
        box.rebind("gone", null);
        return box.entries().map((entry) => [entry.text, entry.choice ?? null, entry.conversation, entry.seen_seq]);"""
    )
    assert entries == [["words", None, None, None], ["Yes", None, None, None], ["other", None, "alive", 4]]


async def test_a_full_storage_is_reported_and_nothing_is_lost(modules: Modules) -> None:
    result = await modules.run(
        """const { Memory } = await load("memory.js");
        const full = { getItem: () => null, key: () => null, length: 0, removeItem() {},
            setItem() { throw new DOMException("full", "QuotaExceededError"); } };
        const memory = new Memory("test.", full);
        const troubles = [];
        memory.onTrouble((trouble) => troubles.push(trouble));
        memory.set("out.1", { id: 1 });
        return [memory.get("out.1"), memory.keys("out."), troubles];"""
    )
    assert result == [{"id": 1}, ["out.1"], ["full"]]


LIVE = """
const { LiveConversation } = await load("stream.js");
const { ApiError } = await load("api.js");
const until = async (condition) => { while (!condition()) await new Promise((go) => setTimeout(go, 5)); };
const seen = { refreshed: 0, events: [], statuses: [], lost: null };
// A stream that says what it is given and then stays open without a word, until it is abandoned.
const silentAfter = (text) => (signal) => new Response(new ReadableStream({
  start(controller) {
    if (text) controller.enqueue(new TextEncoder().encode(text));
    signal.addEventListener("abort", () => controller.error(signal.reason));
  },
}));
const live = (more) => new LiveConversation({ silenceMs: 150, firstWordMs: 150, random: () => 0,
  refresh: async () => { seen.refreshed += 1; }, subscribe: silentAfter("event: state\\ndata: {}\\n\\n"),
  onEvent: (type, data) => seen.events.push([type, data]), onStatus: (status) => seen.statuses.push(status),
  onLost: (error) => { seen.lost = error.status; }, ...more });
"""


@pytest.mark.parametrize("said", ["event: state\ndata: {}\n\n", ""])
async def test_a_silent_connection_is_given_up_and_the_state_fetched_again(modules: Modules, said: str) -> None:
    kinds = await modules.run(
        LIVE
        + """const conversation = live({ subscribe: silentAfter(argument) });
        conversation.start();
        await until(() => seen.refreshed === 2);
        const kinds = seen.statuses.map((status) => status.kind);
        conversation.stop();
        return kinds;""",
        said,
    )
    expected = ["connecting", *(["open"] if said else []), "waiting", "connecting"]
    assert kinds[: len(expected)] == expected


async def test_a_heartbeat_keeps_the_connection(modules: Modules) -> None:
    refreshed = await modules.run(
        LIVE
        + """const beating = (signal) => new Response(new ReadableStream({
            start(controller) {
                const beat = setInterval(() => controller.enqueue(new TextEncoder().encode(": beat\\n\\n")), 40);
                signal.addEventListener("abort", () => { clearInterval(beat); controller.error(signal.reason); });
            },
        }));
        const conversation = live({ subscribe: beating });
        conversation.start();
        await new Promise((go) => setTimeout(go, 600));
        conversation.stop();
        return seen.refreshed;"""
    )
    assert refreshed == 1


async def test_a_token_that_opens_nothing_ends_the_connection(modules: Modules) -> None:
    lost = await modules.run(
        LIVE
        + """live({ refresh: async () => { throw new ApiError(401); } }).start();
        await until(() => seen.lost);
        return [seen.lost, seen.statuses.map((status) => status.kind)];"""
    )
    assert lost == [401, ["connecting"]]


async def test_a_busy_server_is_given_the_time_it_asks_for_unless_something_happens(modules: Modules) -> None:
    wait, refreshed = await modules.run(
        LIVE
        + """const conversation = live({ refresh: async () => {
            seen.refreshed += 1;
            if (seen.refreshed === 1) throw new ApiError(429, { retryAfter: 60000 });
        } });
        conversation.start();
        await until(() => seen.statuses.at(-1).kind === "waiting");
        const { until: end, reason } = seen.statuses.at(-1);
        conversation.nudge();
        await until(() => seen.refreshed === 2);
        conversation.stop();
        return [[Math.round((end - Date.now()) / 1000), reason], seen.refreshed];"""
    )
    assert wait == [60, "busy"]
    assert refreshed == 2


RICH = """
const { contentNodes } = await load("view/content.js");
const box = document.createElement("div");
box.append(...contentNodes(...argument));
const links = [...box.querySelectorAll("a")].map((link) => link.getAttribute("href"));
return [box.textContent, links, box.querySelectorAll("*:not(a, p)").length];
"""


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.com/a?b=1#c.", ["https://example.com/a?b=1#c"]),
        ("(see http://example.com/x_(y))", ["http://example.com/x_(y)"]),
        ("javascript:alert(1) data:text/html,x https://", []),
        ("<img src=x onerror=alert(1)> & <b>bold</b>", []),
        ("Write to help@quillbook.example, please", ["mailto:help@quillbook.example"]),
        ("https://user@example.com/x and HTTPS://EXAMPLE.COM", ["https://user@example.com/x", "HTTPS://EXAMPLE.COM"]),
        ("two\nlines", []),
    ],
)
async def test_text_stays_text_and_only_web_and_mail_addresses_become_links(
    modules: Modules, text: str, links: list[str]
) -> None:
    assert await modules.run(RICH, [text, content_of(text, by_customer=True)]) == [text, links, 0]


@pytest.mark.parametrize(
    ("name", "size", "kind", "refused"),
    [
        ("photo.PNG", 10, "image/png", False),
        ("trace.log", 10, "", False),
        ("run.exe", 10, "application/x-msdownload", True),
        ("photo.png", 2_000_001, "image/png", True),
        ("photo.png", 0, "image/png", True),
    ],
)
async def test_a_file_is_judged_before_it_is_uploaded(
    modules: Modules, name: str, size: int, kind: str, refused: bool
) -> None:
    reason = await modules.run(
        """const { refusal } = await load("staged_files.js");
        return refusal(argument, { file_bytes: 2_000_000, file_types: [".png", ".log"] });""",
        {"name": name, "size": size, "type": kind},
    )
    assert (reason is not None) is refused
    if refused:
        assert reason.startswith(f"{name} was not attached")


async def test_two_people_at_one_computer_have_separate_memories(modules: Modules) -> None:
    owners = await modules.run(
        """const { ownerOf } = await load("sessions.js");
        const urlSafe = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        const token = (claims) => `h.${urlSafe(JSON.stringify(claims))}.s`;
        const tokens = [{ sub: "anna" }, { sub: "anna", exp: 9 }, { sub: "ben" }].map(token);
        return [null, "nonsense", ...tokens].map(ownerOf);"""
    )
    nobody, unreadable, anna, anna_later, ben = owners
    assert nobody == unreadable == "guest"
    assert anna == anna_later
    assert len({nobody, anna, ben}) == 3
    assert "anna" not in anna


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(1, 500, 1000), (2, 1000, 2000), (6, 15000, 30000), (60, 15000, 30000)]
)
async def test_waiting_doubles_up_to_half_a_minute_and_varies(
    modules: Modules, attempt: int, least: int, most: int
) -> None:
    low, high = await modules.run(
        """const { backoff } = await load("backoff.js");
        return [backoff(argument, () => 0), backoff(argument, () => 1)];""",
        attempt,
    )
    assert (low, high) == (least, most)


SHOW = """
const { contentNodes } = await load("view/content.js");
return argument.map(([text, content]) => {
    const shown = document.createElement("div");
    shown.append(...contentNodes(text, content));
    return shown.innerHTML;
});
"""


async def test_the_browser_shows_every_case_of_the_notation(modules: Modules) -> None:
    by_technician = [(case.text, content_of(case.text, by_customer=False)) for case in CASES]
    assert await modules.run(SHOW, by_technician) == [case.html for case in CASES]
    by_customer = [(case.text, content_of(case.text, by_customer=True)) for case in CASES]
    assert await modules.run(SHOW, by_customer) == [case.customer or case.html for case in CASES]


async def test_a_link_of_another_scheme_is_no_link(modules: Modules) -> None:
    link = {"kind": "link", "target": "javascript:alert(1)", "parts": ["x"]}
    shown = await modules.run(SHOW, [["x", [{"kind": "paragraph", "lines": [[link]]}]]])
    assert shown == ["<p><span>x</span></p>"]
