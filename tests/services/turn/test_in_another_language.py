"""Everything of a reply is in the customer's language, the gateway's sentences too, and the language is remembered."""

import pytest
from sqlalchemy import select

from bot.dialogue.evidence import Evidence, LookUp, ManualResult
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.turn import turns
from bot.services.turn.decision import decide_with_evidence
from bot.services.turn.turns import Outcome
from bot.store.tables import Conversation, Issue, Technician
from bot.triage.text.language import language_of
from tests.support.service_fixtures import Customer
from tests.support.service_steps import only_hand_off

PROBLEM = {
    "de": "Das Programm startet nicht mehr, meine Adresse ist kim@brightsons.example",
    "fr": "Le logiciel ne démarre plus, mon adresse est kim@brightsons.example",
    "es": "El programa no arranca desde ayer, mi correo es kim@brightsons.example",
    "it": "Il programma non si avvia da ieri, il mio indirizzo è kim@brightsons.example",
    "pt": "O programa não abre desde ontem, o meu e-mail é kim@brightsons.example",
    "nl": "Het programma start sinds gisteren niet meer, mijn adres is kim@brightsons.example",
    "pl": "Program nie uruchamia się od wczoraj, mój adres: kim@brightsons.example",
}


NO = {"de": "nein", "es": "no", "fr": "non", "it": "no", "nl": "nee", "pl": "nie", "pt": "não"}


async def says(ctx: Context, customer: Customer, text: str) -> str:
    """Let the customer write; return the reply to it, the gateway's sentences included."""
    before = (await customer.reads())[-1:]
    await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    reading = Reading("out_of_scope", 0.9)
    plan, evidence = await decide_with_evidence(prepared.context, reading, ctx.support, ctx.manual)
    await turns.complete(ctx, lease, prepared, Outcome(plan, reading, evidence, ctx.support.digest))
    async with ctx.db.write() as session:
        (await session.get_one(Conversation, customer.id)).lease_until = None
    after = before[0]["seq"] if before else 0
    return "\n".join(one["text"] for one in await customer.reads(after) if one["author"] != "customer")


def foreign_paragraphs(reply: str) -> list[str | None]:
    return [language_of(part) for part in reply.splitlines() if len(part.split()) > 3]


@pytest.mark.parametrize("code", PROBLEM)
async def test_reference_place_and_terms_are_in_the_language(ctx: Context, customer: Customer, code: str) -> None:
    reply = await says(ctx, customer, PROBLEM[code])
    async with ctx.db.read() as session:
        reference = await session.scalar(select(Issue.reference))
        language = (await session.get_one(Conversation, customer.id)).language
    assert reference is not None and reference in reply and language == code
    assert "120.00 USD" not in reply and "en" not in foreign_paragraphs(reply)
    terms = await says(ctx, customer, NO[code])
    assert "120.00 USD" in terms and "en" not in foreign_paragraphs(terms)
    assert await says(ctx, customer, "QB-2107") != ""


async def test_what_the_gateway_says_later_is_in_the_language(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await says(ctx, customer, PROBLEM["de"])
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    assert (await customer.reads())[-1]["text"].startswith("Anna ist jetzt im Gespräch")


async def test_languages_of_technicians_are_named_once(ctx: Context, customer: Customer) -> None:
    first = await says(ctx, customer, "Guten Tag")
    second = await says(ctx, customer, "Was kostet der Support?")
    assert "Unsere Techniker schreiben Englisch." in first and "schreiben Englisch" not in second
    assert "120.00 USD" in second and "en" not in foreign_paragraphs(second)


async def test_a_clear_english_sentence_goes_back_to_english(ctx: Context, customer: Customer) -> None:
    await says(ctx, customer, "Guten Tag")
    await says(ctx, customer, "sorry, can we please go on in English, that is easier for me")
    async with ctx.db.read() as session:
        assert (await session.get_one(Conversation, customer.id)).language is None


async def test_a_how_to_is_looked_up_in_english_words(ctx: Context, customer: Customer) -> None:
    await customer.writes("Wie kann ich eine Rechnung noch einmal drucken?")
    _, prepared = await customer.begins_a_turn()
    _, evidence = await decide_with_evidence(prepared.context, Reading("how_to", 0.9), ctx.support, ctx.manual)
    assert isinstance(evidence, Evidence)
    assert evidence.of(LookUp("how invoice print again")) == ManualResult(searched=False)
