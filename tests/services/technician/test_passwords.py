"""Passwords are the same however a keyboard composes their accents."""

import unicodedata
from typing import Literal

import pytest
from argon2 import PasswordHasher, Type

from bot.services.core.context import Context
from bot.services.core.errors import BadSignIn
from bot.services.technician import accounts, passwords, sessions
from tests.support.password_hashes import OF_THE_PRODUCT

TYPED = "Fahrradschlüssel-café"
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize("stored", FORMS)
@pytest.mark.parametrize("typed", FORMS)
async def test_a_password_is_known_in_every_form(stored: Form, typed: Form) -> None:
    kept = await passwords.hash_password(unicodedata.normalize(stored, TYPED))
    assert await passwords.verify_password(unicodedata.normalize(typed, TYPED), kept)
    assert not await passwords.verify_password(TYPED.replace("é", "e"), kept)


async def test_a_hash_from_before_is_renewed_at_the_next_sign_in(ctx: Context) -> None:
    decomposed = unicodedata.normalize("NFD", TYPED)
    hired = await accounts.add_technician(ctx, email="kim@desk.example", name="Kim", password="placeholder-9")
    async with ctx.db.write() as session:
        kim = await accounts.by_email(session, hired.email)
        assert kim is not None
        kim.password_hash = passwords._hasher.hash(decomposed)
    with pytest.raises(BadSignIn):
        await sessions.sign_in(ctx, hired.email, TYPED, address="192.0.2.1")
    await sessions.sign_in(ctx, hired.email, decomposed, address="192.0.2.1")
    await sessions.sign_in(ctx, hired.email, TYPED, address="192.0.2.1")


def test_the_product_hashes_with_the_cost_that_owasp_asks_for() -> None:
    hasher = OF_THE_PRODUCT
    assert hasher.type is Type.ID and hasher.memory_cost >= 19 * 1024 and hasher.time_cost >= 2


async def test_a_hash_of_less_cost_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = await passwords.hash_password(TYPED)
    assert not passwords.is_outdated(cheap, TYPED)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=2048, parallelism=1))
    assert passwords.is_outdated(cheap, TYPED)
