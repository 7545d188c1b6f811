"""What is erased is gone, from every table and file; references and counts stay; time erases by itself."""

import json
import os
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.services.channel import receive
from bot.services.channel.receive import Incoming
from bot.services.conversation import attachments, lifecycle
from bot.services.core import audit, erased_words, jobs
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, NotFound, Unauthorised
from bot.services.desk.technician_messages import add_note
from bot.services.hand_off import resolve_issues
from bot.services.mail import outgoing_mail
from bot.services.privacy import customer_export, erasure, retention
from bot.services.turn import conversation_lease, turns
from bot.services.turn.conversation_lease import LeaseLost
from bot.store.tables import (
    AuditEntry,
    Base,
    Conversation,
    HandOff,
    Issue,
    Message,
    OutboxItem,
    SearchRecord,
    Technician,
)
from bot.store.tables import Customer as CustomerRow
from tests.support.outbox import a_mail, send_mail
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import answered, logged
from tests.support.turn_outcomes import outcome_of

SECRETS = ("mia", "bakery.example", "flour and sugar", "invoice-of-mia", "difficult person", "where is my flour")


async def whole_life(ctx: Context, customer: Customer, anna: Technician) -> Issue:
    """A customer who leaves something everywhere; resolved in the end."""
    file = await attachments.store_attachment(ctx, customer.id, "invoice-of-mia.txt", b"flour and sugar")
    await receive.receive(
        ctx, customer.id, Incoming("mia-1", text="flour and sugar", attachments=[file["attachment_id"]])
    )
    issue = await logged(ctx, customer, "mia@bakery.example")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        conversation.page_url = "https://bakery.example/mia"
        person = await session.get_one(CustomerRow, conversation.customer_id)
        person.name, person.email, person.phone, person.subject = "Mia", "mia@bakery.example", "555", "mia-7"
        session.add(
            SearchRecord(
                conversation_id=customer.id,
                question="where is my flour",
                shown=[{"title": "mia"}],
                score=1.0,
                confident=True,
                created_at=ctx.clock(),
            )
        )
        await outgoing_mail.enqueue(
            session,
            ctx,
            a_mail("x", "test", "mia@bakery.example", "mia", "flour and sugar"),
            conversation,
        )
    await send_mail(ctx)
    await answered(ctx, customer, anna, "Hello Mia, how is the flour and sugar?")
    await add_note(ctx, anna, customer.id, "difficult person")
    await resolve_issues.resolve(ctx, customer.id, anna)
    return issue


async def traces(ctx: Context) -> list[str]:
    """What of the secrets is still anywhere: in tables, in files of the home folder, in the database's own file."""
    texts = []
    async with ctx.db.read() as session:
        for table in Base.metadata.sorted_tables:
            texts += [f"{table.name}: {row}" for row in await session.execute(select(table))]
    for file in ctx.home.rglob("*"):
        if file.is_file():
            texts += [f"{file.name}: {file.name}", f"{file.name}: {file.read_bytes().decode('latin-1')}"]
    found = [(secret, text) for text in texts for secret in SECRETS if secret in text.lower()]
    return [f"{secret} in {text[:300]}" for secret, text in found]


async def test_nothing_of_an_erased_customer_is_left_but_reference_and_counts(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    issue = await whole_life(ctx, customer, anna)
    assert len(await traces(ctx)) > 10, "the test leaves something to be erased"
    done = await erasure.erase_customer(ctx, issue.customer_id, actor="operator")
    assert (done["conversations"], done["files"]) == (1, 1)
    assert await traces(ctx) == []
    async with ctx.db.read() as session:
        kept = await session.get_one(Issue, issue.id)
        messages = len(list(await session.scalars(select(Message.id))))
        actions = list(await session.scalars(select(AuditEntry.action)))
    assert (kept.reference, kept.status, kept.title) == (issue.reference, "resolved", "")
    assert messages > 4 and "customer.erase" in actions


async def test_the_token_of_an_erased_conversation_opens_nothing(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    issue = await whole_life(ctx, customer, anna)
    await erasure.erase_customer(ctx, issue.customer_id, actor="operator")
    with pytest.raises(Unauthorised):
        await lifecycle.authenticate_token(ctx, customer.token)


async def test_who_is_being_helped_is_not_erased_under_the_technicians_hands(ctx: Context, customer: Customer) -> None:
    issue = await logged(ctx, customer)
    with pytest.raises(Conflict) as raised:
        await erasure.erase_customer(ctx, issue.customer_id, actor="operator")
    assert raised.value.code == "under_way"
    with pytest.raises(NotFound):
        await erasure.erase_customer(ctx, 999, actor="operator")


async def test_others_are_left_alone(ctx: Context, customer: Customer, anna: Technician) -> None:
    issue = await whole_life(ctx, customer, anna)
    other = await Customer.arrives(ctx)
    await other.writes("mine stays")
    await erasure.erase_customer(ctx, issue.customer_id, actor="operator")
    assert [message["text"] for message in await other.reads()] == ["mine stays"]


async def test_the_export_holds_everything_and_is_json(ctx: Context, customer: Customer, anna: Technician) -> None:
    issue = await whole_life(ctx, customer, anna)
    told = json.dumps(await customer_export.export_customer(ctx, issue.customer_id, actor=audit.technician_actor(anna)))
    for secret in (*SECRETS, issue.reference):
        assert secret in told.lower() or secret in told
    with pytest.raises(NotFound):
        await customer_export.export_customer(ctx, 999, actor="operator")


@pytest.mark.parametrize("query", ["reference", "Mia@Bakery.Example", "#1", "1"])
async def test_a_customer_is_found(ctx: Context, customer: Customer, anna: Technician, query: str) -> None:
    issue = await whole_life(ctx, customer, anna)
    wanted = issue.reference.lower().replace("-", " ") if query == "reference" else query
    assert [one["id"] for one in await customer_export.find_customers(ctx, wanted)] == [issue.customer_id]
    for nobody in ("bakery", "", "TR-111-111-111", None, "#" + "9" * 30):
        assert await customer_export.find_customers(ctx, nobody) == []


async def erased(ctx: Context) -> int:
    async with ctx.db.read() as session:
        return len(list(await session.scalars(select(Conversation.id).where(Conversation.erased_at.is_not(None)))))


async def test_a_resolved_conversation_goes_after_its_time_and_not_before(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await whole_life(ctx, customer, anna)
    clock.advance(days=ctx.support.retention.conversation_days)
    await retention.apply_retention(ctx)
    assert await erased(ctx) == 0
    clock.advance(seconds=1)
    await retention.apply_retention(ctx)
    await retention.apply_retention(ctx)
    assert await erased(ctx) == 1 and [one for one in await traces(ctx) if "audit" not in one] == []


async def test_an_open_issue_is_never_erased_by_time(ctx: Context, customer: Customer, clock: Clock) -> None:
    await logged(ctx, customer)
    clock.advance(days=4000)
    await retention.apply_retention(ctx)
    assert await erased(ctx) == 0


async def test_a_conversation_without_an_issue_has_a_shorter_time(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    await customer.writes("hello")
    clock.advance(days=ctx.support.retention.without_issue_days + 1)
    await retention.apply_retention(ctx)
    assert await erased(ctx) == 1 and (await customer.reads())[0]["text"] == ""


async def test_mails_audit_searches_and_backups_have_their_own_times(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await whole_life(ctx, customer, anna)
    kept = ctx.support.retention
    backup = ctx.home / "backups" / "techref-20200101-000000.tar.gz"
    backup.parent.mkdir()
    backup.write_bytes(b"old")
    newest = backup.with_name("techref-20200102-000000.tar.gz")
    newest.write_bytes(b"old too")
    os.utime(backup, (0, 0))
    mine = ctx.home / "backups" / "my-own.tar.gz"
    mine.write_bytes(b"old")
    clock.advance(days=kept.mail_days + 1)
    await retention.apply_retention(ctx)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(OutboxItem.id))) == [] and list((ctx.home / "mail").iterdir()) == []
        assert len(list(await session.scalars(select(AuditEntry.id)))) > 3
    async with ctx.db.write() as session:
        await session.execute(update(HandOff).values(updated_at=clock()))
    clock.now += timedelta(days=kept.audit_days)
    await retention.apply_retention(ctx)
    async with ctx.db.read() as session:
        assert set(await session.scalars(select(AuditEntry.action))) <= {"conversation.erase"}
        assert set(await session.scalars(select(SearchRecord.question))) == {""}
    assert not backup.exists() and mine.exists(), "only what `techref backup` wrote itself"
    assert newest.exists(), "the last backup stays, however old it is"


async def on_disk(ctx: Context, words: str) -> list[str]:
    return [file.name for file in ctx.home.glob("techref.db*") if words.encode() in file.read_bytes()]


async def test_words_erased_while_somebody_reads_are_overwritten_when_they_have_read(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    if not ctx.db.is_sqlite:
        pytest.skip("PostgreSQL has no log of writes that others can read")
    await jobs.register_jobs(ctx, [erased_words.JOB])
    await jobs.run_if_due(ctx, erased_words.JOB)
    await whole_life(ctx, customer, anna)
    async with ctx.db.read() as session:
        customer_id = (await lifecycle.load(session, customer.id)).customer_id
    reader = sqlite3.connect(ctx.home / "techref.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    await erasure.erase_customer(ctx, customer_id, actor="test")
    assert await on_disk(ctx, "flour and sugar") == ["techref.db-wal"], "the reader keeps the log in use"
    with pytest.raises(erased_words.LogInUse):
        await jobs.run_if_due(ctx, erased_words.JOB)
    reader.execute("COMMIT")
    reader.close()
    clock.advance(seconds=20)
    assert await jobs.run_if_due(ctx, erased_words.JOB)
    assert await on_disk(ctx, "flour and sugar") == []


async def test_a_file_for_an_erased_conversation_leaves_no_bytes_behind(ctx: Context, customer: Customer) -> None:
    async with ctx.db.read() as session:
        customer_id = (await lifecycle.load(session, customer.id)).customer_id
    await erasure.erase_customer(ctx, customer_id, actor="test")
    with pytest.raises(NotFound):
        await attachments.store_attachment(ctx, customer.id, "late.txt", b"a late secret")
    assert [path for path in (ctx.home / "attachments").rglob("*") if path.is_file()] == []


async def test_nothing_waits_for_an_answer_in_an_erased_conversation(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    lease, prepared = await customer.begins_a_turn()
    async with ctx.db.read() as session:
        customer_id = (await lifecycle.load(session, customer.id)).customer_id
    await erasure.erase_customer(ctx, customer_id, actor="test")
    assert await conversation_lease.due(ctx) == []
    with pytest.raises(LeaseLost):
        await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello."))
    with pytest.raises(NotFound):
        await customer.writes("hello?")
