"""Mail: queued with what it tells, sent to a real server until it is taken or refused, filed without one."""

import asyncio
import dataclasses
import re
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid
from bot.services.mail import mail_server as mail_server_module
from bot.services.mail import outgoing_mail, send_test_mail
from bot.services.mail.mail_sender import MailSender
from bot.services.mail.mail_server import build, message_of, server_of
from bot.services.mail.mail_status import mail_status
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.outbox import items, leases, recording
from bot.services.outbox.items import MAIL
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.store.tables import OutboxItem
from tests.support.mail_servers import Postbox, certificate, mail_server, only
from tests.support.outbox import a_mail, database_is_away, outbox_items, payload, send_mail
from tests.support.service_fixtures import Clock, Customer

LETTER = a_mail(
    "reference:1", "reference", "mia@bakery.example", "[TR-483-920-179] Your support issue", "Zürich: logged."
)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


def through(ctx: Context, url: str | None) -> Context:
    """The same wiring with this mail server."""
    ctx.settings = dataclasses.replace(ctx.settings, smtp_url=url)
    return ctx


async def queue(ctx: Context, letter: OutgoingMail = LETTER) -> OutboxItem:
    async with ctx.db.write() as session:
        queued = await outgoing_mail.enqueue(session, ctx, letter)
    assert queued is not None
    return queued


async def now_of(ctx: Context, queued: OutboxItem) -> OutboxItem:
    async with ctx.db.read() as session:
        return await session.get_one(OutboxItem, queued.id)


async def works(ctx: Context) -> bool:
    async with ctx.db.read() as session:
        return await outgoing_mail.works(session, ctx)


async def test_a_mail_arrives_once_with_the_reference_in_its_subject(ctx: Context, postbox: Postbox) -> None:
    with mail_server(postbox) as url:
        through(ctx, url)
        queued = await queue(ctx)
        assert (await send_mail(ctx), await send_mail(ctx)) == (1, 0)
    (arrived,) = postbox.mails
    assert arrived["Subject"] == "[TR-483-920-179] Your support issue"
    assert arrived["From"] == "Quillbook Software <support@quillbook.example>"
    assert arrived["Auto-Submitted"] == "auto-generated" and arrived["Message-ID"].startswith("<techref-")
    assert "Zürich: logged." in arrived.get_content() and "234-542-4400" in arrived.get_content()
    assert postbox.envelopes[0].rcpt_tos == ["mia@bakery.example"]
    assert (await now_of(ctx, queued)).state == "sent" and await works(ctx)


async def test_ids_inform_no_number_and_mails_of_a_conversation_stand_together(
    ctx: Context, customer: Customer
) -> None:
    other = await Customer.arrives(ctx)
    letters = [(customer.id, "first"), (customer.id, "second"), (other.id, "third")]
    made = []
    for conversation_id, key in letters:
        letter = OutgoingMail(key, "reply", "mia@bakery.example", "Reply", "Hello.")
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, conversation_id)
            queued = await outgoing_mail.enqueue(session, ctx, letter, conversation)
        assert queued is not None
        made.append(message_of(ctx, queued))
    ids = [message["Message-ID"] for message in made]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"<techref-[0-9a-f]{32}@quillbook\.example>", one) for one in ids)
    roots = [message["References"] for message in made]
    assert roots[0] == roots[1] == made[0]["In-Reply-To"] and roots[0] != roots[2]
    assert customer.id not in str(made[0])


async def test_without_a_server_it_is_a_file_that_only_the_owner_reads(ctx: Context) -> None:
    queued = await queue(ctx)
    await send_mail(ctx)
    (file,) = (ctx.home / "mail").iterdir()
    filed = message_from_bytes(file.read_bytes(), policy=default)
    assert file.suffix == ".eml" and filed["To"] == "mia@bakery.example"
    assert file.stat().st_mode & 0o077 == 0
    assert (await now_of(ctx, queued)).state == "filed"


async def test_nothing_counts_as_mailed_without_a_server(ctx: Context) -> None:
    await queue(ctx)
    await send_mail(ctx)
    assert not await works(ctx)


async def test_the_same_letter_is_queued_once(ctx: Context) -> None:
    await queue(ctx)
    async with ctx.db.write() as session:
        assert await outgoing_mail.enqueue(session, ctx, LETTER) is None


async def test_what_is_rolled_back_is_never_mailed(ctx: Context, postbox: Postbox) -> None:
    with pytest.raises(RuntimeError):
        async with ctx.db.write() as session:
            await outgoing_mail.enqueue(session, ctx, LETTER)
            raise RuntimeError("the issue could not be stored")
    with mail_server(postbox) as url:
        assert await send_mail(through(ctx, url)) == 0


async def test_greylisting_is_waited_out(ctx: Context, clock: Clock, postbox: Postbox) -> None:
    postbox.answers = ["451 4.7.1 greylisted, come back later"] * 2
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        await send_mail(ctx)
        waiting = await now_of(ctx, queued)
        assert (waiting.state, waiting.error, waiting.attempts) == ("queued", "recipient: 451", 1)
        assert await works(ctx)  # the server is fine: it is the other side that wants patience
        await send_mail(ctx)
        assert (await now_of(ctx, queued)).attempts == 1
        clock.advance(minutes=1)
        await send_mail(ctx)
        clock.advance(minutes=1)
        await send_mail(ctx)
        assert (await now_of(ctx, queued)).attempts == 2  # the second wait is longer
        clock.advance(minutes=1)
        await send_mail(ctx)
    assert len(postbox.mails) == 1 and (await now_of(ctx, queued)).state == "sent"


@pytest.mark.parametrize("stage", ["answers", "data_answers"])
async def test_a_refusal_for_good_is_a_bounce_and_not_tried_again(
    ctx: Context, clock: Clock, postbox: Postbox, stage: str
) -> None:
    setattr(postbox, stage, ["550 5.1.1 no such user here"])
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        await send_mail(ctx)
        clock.advance(days=1)
        await send_mail(ctx)
    bounced = await now_of(ctx, queued)
    assert (bounced.state, bounced.attempts, postbox.mails) == ("failed", 1, [])
    assert bounced.error in ("recipient: 550", "message: 550")
    assert (await mail_status(ctx)).failed == 1


async def test_a_server_that_is_away_is_trouble_until_it_is_back(ctx: Context, clock: Clock, postbox: Postbox) -> None:
    with mail_server(postbox) as url:
        pass
    first = await queue(through(ctx, url))
    await send_mail(ctx)
    assert not await works(ctx)
    status = await mail_status(ctx)
    assert status.state == "trouble" and status.problem is not None and status.problem.startswith("server: ")
    with mail_server(postbox, port=int(url.rpartition(":")[2])):
        await queue(ctx, dataclasses.replace(LETTER, key="reference:2"))
        await send_mail(ctx)
        assert await works(ctx)
        await send_mail(ctx)  # what waited for the server goes at once, not at the end of its pause
    assert len(postbox.mails) == 2 and (await now_of(ctx, first)).state == "sent"


async def test_what_comes_too_late_is_not_sent(ctx: Context, clock: Clock, postbox: Postbox) -> None:
    code = dataclasses.replace(LETTER, kind="code", useful_for=timedelta(minutes=10), secret=True)
    queued = await queue(ctx, code)
    clock.advance(minutes=10)
    with mail_server(postbox) as url:
        await send_mail(through(ctx, url))
    late = await now_of(ctx, queued)
    assert (late.state, late.error, payload(late)["text"], postbox.mails) == ("failed", "expired", "", [])


async def test_the_text_of_a_secret_mail_is_erased_once_it_has_gone(ctx: Context, postbox: Postbox) -> None:
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url), dataclasses.replace(LETTER, secret=True))
        await send_mail(ctx)
    assert payload(await now_of(ctx, queued))["text"] == ""
    assert "logged" in postbox.mails[0].get_content()


async def test_a_gateway_that_dies_while_sending_leaves_the_mail_to_another(
    ctx: Context, clock: Clock, postbox: Postbox
) -> None:
    queued = await queue(ctx)
    async with ctx.db.write() as session:
        await session.execute(update(OutboxItem).values(lease_until=ctx.clock() + timedelta(minutes=1)))
    with mail_server(postbox) as url:
        await send_mail(through(ctx, url))
        assert not postbox.mails
        clock.advance(minutes=1)
        await send_mail(ctx)
    assert len(postbox.mails) == 1 and (await now_of(ctx, queued)).state == "sent"


async def test_a_server_that_reads_a_mail_before_it_accepts_it_gets_it_once(
    ctx: Context, clock: Clock, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server_module, "TIMEOUT_SECONDS", 0.5)
    postbox.accepts_after = 1.0
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        await send_mail(ctx)
        clock.advance(hours=1)
        await send_mail(ctx)
    assert len(postbox.mails) == 1 and (await now_of(ctx, queued)).state == "sent"


async def test_a_mail_is_recorded_before_the_server_is_taken_leave_of(ctx: Context, postbox: Postbox) -> None:
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        postbox.may_quit.clear()
        sending = asyncio.create_task(send_mail(ctx))
        await asyncio.to_thread(postbox.quits.wait, 10)
        state = (await now_of(ctx, queued)).state
        postbox.may_quit.set()
        await sending
    assert state == "sent" and len(postbox.mails) == 1


async def test_an_accepted_mail_is_not_sent_again_because_the_database_was_away(
    ctx: Context, clock: Clock, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "FIRST_WAIT_SECONDS", 0.05)
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        item = await leases.claim(ctx, queued.id)
        assert item is not None
        database_is_away(ctx, monkeypatch)
        await MailSender(ctx).send(item)
        clock.advance(hours=1)
        await send_mail(ctx)
    assert len(postbox.mails) == 1 and (await now_of(ctx, queued)).state == "sent"


async def test_a_mail_that_is_sent_again_after_a_kill_has_the_same_id(
    ctx: Context, clock: Clock, postbox: Postbox
) -> None:
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, url))
        # The process dies when the server has accepted the mail: nothing is recorded.
        async with server_of(ctx).accepting("test.eml", build(ctx, queued)):
            pass
        await send_mail(ctx)
    first, again = postbox.mails
    assert first["Message-ID"] == again["Message-ID"] and str(first) == str(again)


async def test_starttls_with_a_trusted_certificate(ctx: Context, postbox: Postbox, tmp_path: Path) -> None:
    file, context = certificate(tmp_path)
    with mail_server(postbox, tls_context=context, require_starttls=True) as url:
        await queue(through(ctx, f"{url}?tls=required&ca={file}"))
        await send_mail(ctx)
    assert postbox.over_tls == [True]


async def test_an_unknown_certificate_gets_no_mail(ctx: Context, postbox: Postbox, tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    with mail_server(postbox, tls_context=context) as url:
        queued = await queue(through(ctx, f"{url}?tls=required"))
        await send_mail(ctx)
    waiting = await now_of(ctx, queued)
    assert (postbox.mails, waiting.state, waiting.trouble) == ([], "queued", True)
    assert waiting.error == "server: SSLCertVerificationError"


async def test_a_server_without_starttls_gets_no_mail_where_it_is_required(ctx: Context, postbox: Postbox) -> None:
    with mail_server(postbox) as url:
        queued = await queue(through(ctx, f"{url}?tls=required"))
        await send_mail(ctx)
    assert not postbox.mails and (await now_of(ctx, queued)).trouble


async def test_tls_from_the_first_byte(ctx: Context, postbox: Postbox, tmp_path: Path) -> None:
    file, context = certificate(tmp_path)
    with mail_server(postbox, ssl_context=context) as url:
        await queue(through(ctx, f"{url.replace('smtp:', 'smtps:')}?ca={file}"))
        await send_mail(ctx)
    assert len(postbox.mails) == 1


async def test_a_wrong_password_is_trouble_of_ours_and_not_the_recipients(
    ctx: Context, postbox: Postbox, tmp_path: Path
) -> None:
    file, context = certificate(tmp_path)
    with mail_server(postbox, tls_context=context, **only("desk", "right/word")) as url:
        secured = f"{url}?tls=required&ca={file}"
        queued = await queue(through(ctx, secured.replace("//", "//desk:wrong@", 1)))
        await send_mail(ctx)
        waiting = await now_of(ctx, queued)
        assert (waiting.state, waiting.trouble) == ("queued", True)
        through(ctx, secured.replace("//", "//desk:right%2Fword@", 1))
        await queue(ctx, dataclasses.replace(LETTER, key="other"))
        await send_mail(ctx)
    assert len(postbox.mails) == 1


HEADERS = ["a\r\nBcc: everybody@elsewhere.example", "a\nX-Evil: 1", "a\rb", "a\x00b", "a\u2028b", "x" * 5000]


@pytest.mark.parametrize("subject", HEADERS)
async def test_a_subject_is_one_header_whatever_is_in_it(ctx: Context, postbox: Postbox, subject: str) -> None:
    with mail_server(postbox) as url:
        await queue(through(ctx, url), dataclasses.replace(LETTER, subject=subject))
        await send_mail(ctx)
    (arrived,) = postbox.mails
    assert arrived["Bcc"] is None and arrived["X-Evil"] is None
    assert postbox.envelopes[0].rcpt_tos == ["mia@bakery.example"]


@pytest.mark.parametrize(
    "to",
    [
        "mia@bakery.example\r\nBcc: all@x.example",
        "mia@bakery.example, ben@x.example",
        "Mia <mia@bakery.example>",
        "mia@bakery.example\n",
        "mia@",
        "",
        "mia",
        "mia@@bakery.example",
        '"a b"@bakery.example',
        "mia@bakery.example>",
        "<script>@bakery.example",
    ],
)
async def test_an_address_is_one_plain_address_or_none(ctx: Context, to: str) -> None:
    async with ctx.db.write() as session:
        queued = await outgoing_mail.enqueue(session, ctx, dataclasses.replace(LETTER, to=to))
    assert queued is None or queued.target == "mia@bakery.example"


@pytest.mark.parametrize(
    ("written", "recipient"),
    [
        ("kasse@müller.example", "kasse@xn--mller-kva.example"),
        ("kasse@xn--mller-kva.example", "kasse@xn--mller-kva.example"),
        ("kasse@mu\u0308ller.example\u200b", "kasse@xn--mller-kva.example"),
        ("kim@почта.рф", "kim@xn--80a1acny.xn--p1ai"),
        ("jürgen@example.com", None),
        ("x" * 100_000 + "@example.com", None),
    ],
)
async def test_mail_goes_to_the_ascii_form_of_an_address(ctx: Context, written: str, recipient: str | None) -> None:
    async with ctx.db.write() as session:
        queued = await outgoing_mail.enqueue(session, ctx, dataclasses.replace(LETTER, to=written))
    assert (queued.target if queued else None) == recipient


async def test_nobodys_mailbox_can_be_flooded(ctx: Context) -> None:
    most = ctx.support.email.per_address_a_day
    async with ctx.db.write() as session:
        queued = [
            await outgoing_mail.enqueue(session, ctx, dataclasses.replace(LETTER, key=str(n))) for n in range(most + 5)
        ]
        other = await outgoing_mail.enqueue(session, ctx, dataclasses.replace(LETTER, key="o", to="ben@bakery.example"))
    assert [one is not None for one in queued].count(True) == most and other is not None


async def test_a_test_mail_says_what_became_of_it(ctx: Context, postbox: Postbox) -> None:
    assert "E-mail is off" in await send_test_mail.send_now(ctx, "ops@vendor.example")
    with mail_server(postbox) as url:
        assert "has taken" in await send_test_mail.send_now(through(ctx, url), "ops@vendor.example")
        postbox.answers = ["550 no"]
        with pytest.raises(Conflict, match="for good"):
            await send_test_mail.send_now(ctx, "ops@vendor.example")
    with pytest.raises(Conflict, match="tried again"):
        await send_test_mail.send_now(ctx, "ops@vendor.example")
    with pytest.raises(Invalid):
        await send_test_mail.send_now(ctx, ["ops"])


async def test_whoever_asked_for_a_test_mail_is_answered_while_the_server_still_reads_it(
    ctx: Context, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_test_mail, "TIMEOUT_SECONDS", 0.3)
    postbox.accepts_after = 1.0
    with mail_server(postbox) as url:
        with pytest.raises(Conflict, match="the server has not answered"):
            await send_test_mail.send_now(through(ctx, url), "ops@vendor.example")
        await asyncio.gather(*send_test_mail._sending)
    assert [item.state for item in await outbox_items(ctx)] == ["sent"] and len(postbox.mails) == 1


async def test_no_address_and_no_word_of_a_mail_is_in_what_operators_read(ctx: Context, postbox: Postbox) -> None:
    postbox.answers = ["550 5.1.1 <mia@bakery.example> unknown: Zürich"]
    with mail_server(postbox) as url:
        await queue(through(ctx, url))
        await send_mail(ctx)
    async with ctx.db.read() as session:
        problems = list(await session.scalars(select(OutboxItem.error)))
    assert problems == ["recipient: 550"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://user:secret@mail.example?tls=off", "not sent without TLS"),
        ("smtps://mail.example?tls=off", "take away tls=off"),
        ("smtp://mail.example?starttls=no", "behind the"),
        ("smtp://mail.example?tls=maybe", "behind the"),
    ],
)
def test_a_mail_server_without_protection_is_refused(url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as error:
        load_settings({"TECHREF_SMTP_URL": url})
    assert "secret" not in str(error.value).replace("TECHREF", "")


# As an older version, or a hand at the database, may have left them: ``enqueue`` refuses such mails.
UNSENDABLE = [
    ("jörg@bakery.example", "Subject", "Text"),
    ("ben@bakery.example", "Two\nlines", "Text"),
    ("everybody", "Subject", "Text"),
]


@pytest.mark.parametrize(("to", "subject", "text"), UNSENDABLE)
async def test_a_mail_that_cannot_be_built_fails_by_itself_and_delays_no_other(
    ctx: Context, postbox: Postbox, to: str, subject: str, text: str
) -> None:
    written = {"letter": "reference", "subject": subject, "text": text}
    async with ctx.db.write() as session:
        for number in range(30):
            key = f"unsendable:{number}"
            await items.enqueue(session, kind=MAIL, key=key, target=to, now=ctx.clock(), payload=written)
    honest = await queue(ctx)
    began = time.monotonic()
    with mail_server(postbox) as url:
        await send_mail(through(ctx, url))
    assert len(postbox.mails) == 1 and (await now_of(ctx, honest)).state == "sent"
    assert time.monotonic() - began < 10
    *bad, _ = await outbox_items(ctx, MAIL)
    assert {(one.state, one.attempts) for one in bad} == {("failed", 1)}
    assert all((one.error or "").startswith("mail: ") and "@" not in (one.error or "") for one in bad)
    assert (await mail_status(ctx)).failed == 30 and await works(ctx)


@pytest.mark.parametrize("to", ["jörg@bakery.example", "ｍｉａ@bakery.example", "mia@", "everybody", ["ops"], None, ""])
async def test_a_test_mail_to_a_bad_address_is_refused_with_a_sentence(ctx: Context, to: object) -> None:
    with pytest.raises(Invalid, match=r"not an address that mail can be sent to: .+ Nothing was sent\."):
        await send_test_mail.send_now(ctx, to)
    assert await outbox_items(ctx) == []


@pytest.mark.parametrize("to", ["mia@bücher.example", "mia@xn--bcher-kva.example", "mia@BÜCHER.example"])
async def test_an_international_domain_travels_in_its_ascii_form(ctx: Context, postbox: Postbox, to: str) -> None:
    with mail_server(postbox) as url:
        await queue(through(ctx, url), dataclasses.replace(LETTER, to=to))
        await send_mail(ctx)
    (arrived,) = postbox.mails
    assert arrived["To"] == "mia@xn--bcher-kva.example"
    assert postbox.envelopes[0].rcpt_tos == ["mia@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "address", ["büro@quillbook.example", "support", "a@b@c", "Support <support@quillbook.example>"]
)
def test_a_from_address_that_cannot_be_sent_is_refused_in_the_settings(tmp_path: Path, address: str) -> None:
    (tmp_path / "support.yml").write_text(f"email:\n  from_address: {address!r}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="from_address"):
        load_support(tmp_path)


async def test_a_from_address_with_an_international_domain_is_sent_from(
    ctx: Context, postbox: Postbox, tmp_path: Path
) -> None:
    written = "email:\n  from_address: support@bücher.example\n"
    (tmp_path / "support.yml").write_text(written, encoding="utf-8")
    ctx.support = load_support(tmp_path)
    with mail_server(postbox) as url:
        await queue(through(ctx, url))
        await send_mail(ctx)
    assert postbox.envelopes[0].mail_from == "support@xn--bcher-kva.example"
    assert "support@xn--bcher-kva.example" in postbox.mails[0]["From"]


async def test_stuck_mails_are_admitted(ctx: Context, clock: Clock, postbox: Postbox) -> None:
    postbox.answers = ["451 4.7.1 come back later"]
    with mail_server(postbox) as url:
        await queue(through(ctx, url))
        await send_mail(ctx)
        assert (await mail_status(ctx)).in_words() == "E-mail is on."
        clock.advance(minutes=90)
        status = await mail_status(ctx)
    assert (status.state, status.queued) == ("stuck", 1) and await works(ctx)
    assert status.in_words() == (
        "E-mail is on, but mails are stuck. 1 wait, the oldest for 1 h 30 min; the newest error is recipient: 451."
    )
