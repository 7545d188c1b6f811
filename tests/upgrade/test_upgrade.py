"""An office of an older version upgrades: nothing is lost, the present code reads it, and nothing is done by halves."""

import dataclasses
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.installation import backup
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context, wire
from bot.services.desk import conversation_news, issue_search, queue_view
from bot.services.hand_off.known_problem_news import KnownProblemNewsSender
from bot.services.hand_off.notify_team import TeamNoticeSender
from bot.services.outbox import items
from bot.services.technician import sessions
from bot.services.turn import conversation_lease, turns
from bot.settings.env.settings import load_settings
from bot.store import schema
from bot.store.tables import Base, HandOff, Payment, Technician
from tests.support.outbox import mails, outbox_items, payload, send_due, send_mail
from tests.support.running_stack import ROOT
from tests.support.turn_outcomes import outcome_of
from tests.upgrade import old_databases
from tests.upgrade.old_databases import NOW


def previous() -> str:
    """Return the revision before the newest: of a release, or the last that was squashed into the first."""
    return (schema.LAST_SQUASHED, *schema.revisions())[-2]


STARTS = sorted({schema.LAST_SQUASHED, previous()})
TOO_OLD = ("0001", "0018")
BEFORE_THE_OUTBOX = "0003_authorisation_once"
BEFORE_NUMBERS_WERE_COMPARED = "0004_outbox"
SAME_NUMBERS = """
INSERT INTO contracts (number, company, status, starts_on, ends_on, email_domains) VALUES
  ('C 1001', 'Lindholm Bakery', 'active', '2025-01-01', '2025-12-31', '[]'),
  ('2024-1-12', 'Harbour', 'active', '2024-01-01', '2026-12-31', '[]'),
  ('2024-11-2', 'Mill', 'active', '2024-01-01', '2027-12-31', '[]'),
  ('2024112', 'Quarry', 'suspended', '2024-01-01', NULL, '[]');
INSERT INTO customers (name, contract_number, contract_proof, contract_claimed, created_at) VALUES
  ('Hal', '2024-1-12', 'technician', FALSE, '2026-05-02 09:00:00.000000'),
  ('Old', 'C 1001', 'technician', FALSE, '2025-05-02 09:00:00.000000');
INSERT INTO one_time_codes
  (conversation_id, purpose, subject, contract_number, code_hash, tries, created_at, expires_at) VALUES
  ('c-waiting', 'contract', 'harbour', '2024-1-12', 'code', 0, '2026-06-16 13:55:00.000000',
   '2026-06-16 14:05:00.000000');
"""


def techref(*arguments: str) -> str:
    ended = CliRunner().invoke(build_command_line(arguments[0]), list(arguments))
    assert ended.exit_code == 0, ended.output
    return ended.output


def stays(before: old_databases.Tables) -> old_databases.Tables:
    """Return the tables and columns that the newest schema still has. The others have moved, as tests below show."""
    kept = {}
    for name, rows in before.items():
        if (table := Base.metadata.tables.get(name)) is not None:
            kept[name] = [{column: row[column] for column in row if column in table.columns} for row in rows]
    return {name: old_databases.in_order(rows) for name, rows in kept.items()}


def of_the_columns_of(before: old_databases.Tables, after: old_databases.Tables) -> old_databases.Tables:
    """What ``after`` holds in the tables and columns that there were before."""
    kept = {}
    for table, rows in before.items():
        columns = list(rows[0]) if rows else []
        kept[table] = old_databases.in_order({name: row[name] for name in columns} for row in after[table])
    return kept


@pytest.mark.parametrize("start", STARTS)
def test_every_row_is_still_there(url: str, start: str) -> None:
    old_databases.make(url, start)
    before = stays(old_databases.everything(url))
    assert f"{start} -> {schema.newest()}" in techref("migrate")
    assert of_the_columns_of(before, old_databases.everything(url)) == before
    assert old_databases.broken_references(url) == []
    assert "up to date" in techref("migrate")


def test_the_rows_leave_no_table_out(tmp_path: Path) -> None:
    """A new table without rows here would be upgraded untested from the next version on."""
    url = f"sqlite:///{tmp_path / 'techref.db'}"
    old_databases.make(url, schema.newest())
    rows = old_databases.everything(url)
    assert set(rows) == set(Base.metadata.tables)
    assert [table for table, found in rows.items() if not found] == []


@pytest.fixture
def upgraded_url(url: str) -> str:
    old_databases.make(url, previous())
    schema.upgrade(url)
    return url


async def test_the_present_code_goes_on_with_what_it_finds(upgraded: Context) -> None:
    ctx = upgraded
    assert await lifecycle.authenticate_token(ctx, old_databases.TOKEN) == "c-waiting"
    async with ctx.db.read() as session:
        said = await transcript.messages_after(session, "c-waiting", 0)
        assert (await lifecycle.conversation_state(ctx, session, "c-waiting"))["queue_position"] == 1
        payment = await session.scalar(select(Payment))
        assert payment is not None and (payment.minutes, payment.amount) == (30, 7000)
    assert [message["seq"] for message in said] == [1, 2, 3]
    assert "– “again”. 🙁" in said[0]["text"] and said[1]["choices"][0]["title"] == "Talk to a person"

    new = await sessions.sign_in(ctx, "anna@vendor.example", old_databases.PASSWORD, address="127.0.0.1")
    anna = (await sessions.find_session(ctx, new.token)).technician
    assert [row["reference"] for row in await queue_view.list_queue(ctx, anna, "waiting")] == ["TR-418-293-054"]
    assert [row["reference"] for row in await queue_view.list_queue(ctx, anna, "mine")] == ["TR-709-364-184"]
    solved = await issue_search.by_reference(ctx, anna, "TR-582-103-647")
    assert solved["rating"]["score"] == 5 and solved["status"] == "resolved"
    assert (await issue_search.by_reference(ctx, anna, "TR-418-293-054"))["timeline"]
    talking = await conversation_news.conversation_news(ctx, anna, "c-talking", 0)
    assert [note["text"] for note in talking.notes] == ["Sounds like the new menu."]
    (mail,) = await mails(ctx)
    assert (mail.state, payload(mail)["text"]) == ("queued", "We have your issue.")


async def test_an_answer_that_was_pending_before_the_upgrade_is_given_after_it(upgraded: Context) -> None:
    assert await conversation_lease.due(upgraded) == ["c-writing"]
    begun = await turns.begin(upgraded, "c-writing")
    assert begun is not None
    lease, prepared = begun
    await turns.complete(upgraded, lease, prepared, outcome_of(upgraded, "Which version do you have?"))
    async with upgraded.db.read() as session:
        said = await transcript.messages_after(session, "c-writing", 0)
    assert [message["author"] for message in said] == ["customer", "assistant"]
    assert await conversation_lease.due(upgraded) == []


# What the four queues before the outbox held, in every state.
FOUR_QUEUES = """
INSERT INTO mails (key, kind, recipient, subject, body, secret, state, attempts, due_at, expires_at, tried_at, trouble,
    problem, created_at, done_at) VALUES
('code:9', 'code', 'mia@lindholm.example', 'Your code', '', {yes}, 'expired', 0, '{past}', '{past}', NULL, {no}, NULL,
    '{past}', '{past}'),
('copy:9', 'transcript', 'gone@lindholm.example', 'Copy', 'Text', {no}, 'bounced', 1, '{past}', '{past}', '{past}',
    {no}, 'recipient: 550', '{past}', '{past}'),
('test:9', 'test', 'ops@vendor.example', 'Test', 'Text', {no}, 'filed', 1, '{past}', '{past}', '{past}', {no}, NULL,
    '{past}', '{past}');
INSERT INTO deliveries (message_id, conversation_id, channel, status, attempts, parts_sent, outside_id, error, next_at,
    created_at, sent_at) VALUES
(2, 'c-waiting', 'teams', 'sent', 0, 1, '19:1', NULL, '{past}', '{past}', '{past}'),
(3, 'c-waiting', 'teams', 'failed', 3, 0, NULL, 'channel_not_found', '{past}', '{past}', NULL);
INSERT INTO known_problem_updates (problem_id, kind, text, technician_id, created_at)
    SELECT problem_id, 'update', 'Still being worked on.', technician_id, '{past}' FROM known_problem_updates;
UPDATE issues SET known_problem_id = (SELECT min(problem_id) FROM known_problem_updates), status = 'new',
    created_at = '{earlier}' WHERE id = 1;
UPDATE hand_offs SET created_at = {lately} WHERE id = 1;
UPDATE hand_offs SET announced_at = '{past}' WHERE id = 2;
"""


def fill_four_queues(url: str) -> None:
    sqlite = url.startswith("sqlite")
    lately = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-5 minutes')" if sqlite else "now() - interval '5 minutes'"
    yes, no = ("1", "0") if sqlite else ("true", "false")
    past, earlier = "2026-06-16 14:00:00.000000", "2026-06-01 14:00:00.000000"
    old_databases.run(url, FOUR_QUEUES.format(past=past, earlier=earlier, lately=lately, yes=yes, no=no))


@pytest.fixture
def queued_url(url: str) -> str:
    old_databases.make(url, BEFORE_THE_OUTBOX)
    fill_four_queues(url)
    schema.upgrade(url)
    return url


@pytest.fixture
async def with_outbox(queued_url: str) -> AsyncIterator[Context]:
    context = wire(load_settings(os.environ))
    context.clock = lambda: NOW
    yield context
    await context.db.close()


async def test_the_outbox_takes_over_what_four_queues_held(with_outbox: Context) -> None:
    ctx = with_outbox
    found = {item.key: item for item in await outbox_items(ctx)}
    assert {key: (item.kind, item.target, item.state, item.error) for key, item in found.items()} == {
        "reference:1": ("mail", "mia@lindholm.example", "queued", None),
        "code:9": ("mail", "mia@lindholm.example", "failed", "expired"),
        "copy:9": ("mail", "gone@lindholm.example", "failed", "recipient: 550"),
        "test:9": ("mail", "ops@vendor.example", "filed", None),
        "message:12:slack": ("message", "slack", "queued", None),
        "message:2:teams": ("message", "teams", "sent", None),
        "message:3:teams": ("message", "teams", "failed", "channel_not_found"),
        "notice:1:*": ("team_notice", "*", "queued", None),
        "notice:2:*": ("team_notice", "*", "sent", None),
        "news:1:1": ("known_problem_news", "issue:1", "sent", None),
        "news:2:1": ("known_problem_news", "issue:1", "queued", None),
    }
    half_sent = found["message:12:slack"]
    assert (half_sent.parts_sent, half_sent.outside_id, half_sent.lane) == (1, "171.2", "c-slack")
    assert (half_sent.last_message_id, half_sent.last_outside_id) == (half_sent.message_id, "171.2")
    assert found["code:9"].secret and found["reference:1"].id == 1, "the file of a mail is named by its number"
    async with ctx.db.write() as session:
        new = await items.enqueue(session, kind="mail", key="new", target="a@b.example", now=NOW)
    assert new is not None and new.id > max(item.id for item in found.values())


async def test_what_four_queues_held_is_sent_by_the_outbox(with_outbox: Context) -> None:
    ctx = with_outbox
    ctx.settings = dataclasses.replace(ctx.settings, notify_urls=((None, "json://127.0.0.1:1/a"), (None, "json://b/b")))
    await send_mail(ctx)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    async with ctx.db.read() as session:
        said = await transcript.messages_after(session, "c-waiting", 3)
        created_at = await session.scalar(select(HandOff.created_at).where(HandOff.id == 1))
    assert sum("Still being worked on." in message["text"] for message in said) == 1
    assert created_at is not None
    ctx.clock = lambda: created_at
    await send_due(ctx, TeamNoticeSender(ctx))
    notices = {item.key: item.state for item in await outbox_items(ctx, "team_notice")}
    assert notices.pop("notice:1:*") == "sent" and notices.pop("notice:2:*") == "sent"
    assert list(notices.values()) == ["queued", "queued"], "one for each address"
    assert {item.state for item in await mails(ctx)} == {"filed", "failed"}


async def test_new_rows_get_numbers_that_nothing_has_had(upgraded: Context) -> None:
    async with upgraded.db.write() as session:
        session.add(Technician(email="cleo@vendor.example", name="Cleo", password_hash="-", created_at=NOW))
    async with upgraded.db.read() as session:
        assert list(await session.scalars(select(Technician.id).order_by(Technician.id))) == [1, 2, 3]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_gateway_refuses_to_start_before_and_names_the_command(url: str) -> None:
    old_databases.make(url, previous())
    before = old_databases.everything(url)
    gateway = subprocess.run(
        [sys.executable, "-m", "bot.gateway"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert gateway.returncode == 1
    assert "cannot start" in gateway.stderr and "Run: techref migrate" in gateway.stderr
    assert previous() in gateway.stderr
    assert old_databases.everything(url) == before


def test_a_backup_of_the_older_version_is_restored_into_the_newer(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_databases.make(url, previous())
    before = stays(old_databases.everything(url))
    (tmp_path / "home/attachments/ab").mkdir(parents=True)
    (tmp_path / "home/attachments/ab/abc").write_bytes(b"a picture")
    file = tmp_path / "old.tar.gz"
    backup.write_backup(load_settings(os.environ), file, NOW, lambda _step: None)

    monkeypatch.setenv("TECHREF_HOME", str(tmp_path / "new"))
    if url.startswith("sqlite"):
        restored = f"sqlite:///{tmp_path / 'new' / 'techref.db'}"
    else:
        restored = url
        old_databases.run(url, "UPDATE contracts SET company = 'somebody else'; DROP TABLE search_clicks")
        old_databases.run(url, "CREATE TABLE of_a_newer_version (x INT)")
    techref("restore", str(file), "--replace")
    assert schema.current(restored) == schema.newest()
    assert of_the_columns_of(before, old_databases.everything(restored)) == before
    if not url.startswith("sqlite"):
        assert schemas(url) == {"public", "before_restore"}
    assert (tmp_path / "new/attachments/ab/abc").read_bytes() == b"a picture"


def test_an_authorisation_that_was_recorded_twice_is_kept_twice_and_marked(url: str) -> None:
    """Before 0003 nothing kept two technicians from recording one payment. What was counted is not taken back."""
    old_databases.make(url, schema.LAST_SQUASHED)
    again = (
        "INSERT INTO payments (issue_id, customer_id, provider, state, minutes, amount, currency, authorisation, "
        "created_at) SELECT issue_id, customer_id, provider, {state}, minutes, amount, currency, authorisation, "
        "created_at FROM payments WHERE id = 1"
    )
    for state in ("state", "state", "'refunded'"):
        old_databases.run(url, again.format(state=state))
    techref("migrate")
    rows = sorted(old_databases.everything(url)["payments"], key=lambda row: row["id"])
    found = [(row["authorisation"], row["state"]) for row in rows]
    assert found == [
        ("A-77", "paid"),
        ("A-77 (recorded again as 2)", "paid"),
        ("A-77 (recorded again as 3)", "paid"),
        ("A-77", "refunded"),
    ]


def test_contracts_of_one_number_all_stay_and_the_later_get_a_mark(url: str) -> None:
    """Before 0005 spaces and dashes made two contracts of one number. Nobody is moved from one to the other."""
    old_databases.make(url, BEFORE_NUMBERS_WERE_COMPARED)
    old_databases.run(url, SAME_NUMBERS)
    techref("migrate")
    after = old_databases.everything(url)
    contracts = {row["number"]: (row["number_key"], row["company"], str(row["ends_on"])) for row in after["contracts"]}
    assert contracts == {
        "C-1001": ("c1001", "Lindholm Bakery", "2026-12-31"),
        "C 1001 (2)": ("c1001(2)", "Lindholm Bakery", "2025-12-31"),
        "2024-11-2": ("2024112", "Mill", "2027-12-31"),
        "2024-1-12 (2)": ("2024112(2)", "Harbour", "2026-12-31"),
        "2024112 (3)": ("2024112(3)", "Quarry", "None"),
    }
    theirs = {row["name"]: row["contract_number"] for row in after["customers"] if row["contract_number"]}
    assert theirs == {"Mia Lindholm": "C-1001", "Hal": "2024-1-12 (2)", "Old": "C 1001 (2)"}
    assert {row["contract_number"] for row in after["one_time_codes"]} == {"C-1001", "2024-1-12 (2)"}
    changed = [json.loads(row["details"]) for row in after["audit"] if row["action"] == "contracts.renumber"]
    assert {row["from"]: row["to"] for row in changed} == {
        "2024-1-12": "2024-1-12 (2)",
        "2024112": "2024112 (3)",
        "C 1001": "C 1001 (2)",
    }
    assert old_databases.broken_references(url) == []


def schemas(url: str) -> set[str]:
    """Those of a database, without the moment that is in a name."""
    found = old_databases.column(url, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
    return {re.sub(r"_[0-9_]+$", "", name) for name in found}


def test_an_upgrade_that_fails_in_the_middle_changes_nothing_and_can_be_tried_again(url: str) -> None:
    # The first migration makes a table of this name, after others.
    old_databases.run(url, "CREATE TABLE search_clicks (in_the_way TEXT)")
    before = old_databases.everything(url)
    failed = CliRunner().invoke(build_command_line("migrate"), ["migrate"])
    assert failed.exit_code == 1 and "is as it was before" in failed.output and "search_clicks" in failed.output
    assert old_databases.everything(url) == before and schema.current(url) is None
    old_databases.run(url, "DROP TABLE search_clicks")
    techref("migrate")
    schema.check(url)


def test_the_first_migration_makes_the_tables_that_a_database_taken_over_has(url: str) -> None:
    """Later migrations meet both, so every column, key, index and default must be the same."""
    old_databases.make(url, schema.LAST_SQUASHED)
    taken_over = old_databases.structure(url)
    old_databases.empty(url)
    schema.upgrade(url, schema.revisions()[0])
    assert old_databases.structure(url) == taken_over


@pytest.mark.parametrize("found", TOO_OLD)
def test_a_database_older_than_the_last_squashed_is_left_alone(url: str, tmp_path: Path, found: str) -> None:
    old_databases.make(url, schema.LAST_SQUASHED)
    old_databases.run(url, f"UPDATE alembic_version SET version_num = '{found}'")
    before = old_databases.everything(url)
    with pytest.raises(schema.SchemaTooOld, match=r"Nothing was changed. Start the last version 0.1.0 once"):
        schema.check(url)
    refused = CliRunner().invoke(build_command_line("migrate"), ["migrate"])
    assert refused.exit_code == 1 and found in refused.output and "0.1.0" in refused.output
    file = tmp_path / f"{secrets.token_hex(4)}.tar.gz"
    backup.write_backup(load_settings(os.environ), file, NOW, lambda _step: None)
    restored = CliRunner().invoke(build_command_line("restore"), ["restore", str(file), "--replace"])
    assert restored.exit_code == 1 and "0.1.0" in restored.output
    assert old_databases.everything(url) == before and schema.current(url) == found
    assert not (tmp_path / "home/backups").exists()


def test_a_database_of_a_newer_version_is_left_alone(url: str, tmp_path: Path) -> None:
    schema.upgrade(url)
    old_databases.run(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.SchemaAhead, match=r"newer version again.*techref restore"):
        schema.check(url)
    refused = CliRunner().invoke(build_command_line("migrate"), ["migrate"])
    assert refused.exit_code == 1 and "9999" in refused.output
    file = tmp_path / f"{secrets.token_hex(4)}.tar.gz"
    backup.write_backup(load_settings(os.environ), file, NOW, lambda _step: None)
    restored = CliRunner().invoke(build_command_line("restore"), ["restore", str(file), "--replace"])
    assert restored.exit_code == 1 and "newer version" in restored.output
    assert not (tmp_path / "home/backups").exists()
