"""A whole conversation in another language, from the problem to the end: no fixed sentence of it is in English."""

import re

import pytest
from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.hand_off import hours_notice, resolve_issues, transitions
from bot.services.issue.customer_issues import of_customer
from bot.settings.support.load import shipped
from bot.settings.support.translations import english, languages, translation
from bot.store.tables import Conversation, HandOff, Technician
from bot.triage.issue.issue_status import IssueStatus, in_plain_words
from tests.support.decided_conversation import Writer
from tests.support.service_fixtures import Clock, Customer

SAID = {
    "de": ("Der Drucker druckt leider nur leere Seiten", "nein", "Das funktioniert noch nicht", "Wie steht mein Fall?"),
    "fr": (
        "L'imprimante sort seulement des pages blanches",
        "non",
        "Cela ne marche toujours pas",
        "Où en est mon dossier ?",
    ),
    "es": ("La impresora solo saca hojas en blanco", "no", "Todavía no funciona", "¿Cómo va mi caso?"),
}
WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
LENGTH = 4


def runs(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in WORDS.findall(re.sub(r"\{\w+\}", " 0 ", text))]
    return {tuple(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1)}


ENGLISH = {run for texts in english(shipped()).values() for text in texts for run in runs(text)} | {
    run for status in IssueStatus for run in runs(in_plain_words(status))
}


async def waiting(ctx: Context) -> int:
    async with ctx.db.read() as session:
        found = await session.scalar(select(HandOff.id).where(HandOff.state == "waiting"))
        assert found is not None
        return found


@pytest.mark.parametrize("code", SAID)
async def test_no_fixed_sentence_is_english(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock, code: str
) -> None:
    problem, no, still, status = SAID[code]
    writer = Writer(ctx, customer)
    await writer.says(f"{problem}. kim@brightsons.example", "out_of_scope")
    await writer.says(no, "deny")
    async with ctx.db.read() as session:
        conversation = await session.get_one(Conversation, customer.id)
        assert conversation.language == code
    told = await writer.says(status, "out_of_scope")
    assert translation(code).statuses["new"] in told
    (listed,) = await of_customer(ctx, customer.id)
    assert not runs(listed["status_text"]) & ENGLISH
    await transitions.claim(ctx, await waiting(ctx), anna)
    await transitions.give_back(ctx, customer.id, anna, "")
    await writer.is_answered((await customer.reads())[-1]["seq"])
    await writer.says(still, "not_solved")
    clock.advance(hours=8)
    await hours_notice.post_hours_notices(ctx)
    await transitions.claim(ctx, await waiting(ctx), anna)
    await resolve_issues.resolve(ctx, customer.id, anna)
    said = [one for one in await customer.reads() if one["author"] != "customer"]
    assert len(said) >= 8
    for one in said:
        titles = [choice["title"] for choice in one.get("choices") or []]
        cards = [f"{card['title']}. {card['excerpt']}" for card in one.get("cards") or []]
        for text in (one["text"], *titles, *cards):
            assert not runs(text) & ENGLISH, text


@pytest.mark.parametrize("code", languages())
def test_a_language_has_the_words_for_every_status_or_none(code: str) -> None:
    assert set(translation(code).statuses) in (set(map(str, IssueStatus)), set())
