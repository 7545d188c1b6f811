"""Passwords told in words are masked in seven languages; what is said of a password is not."""

import pytest

from bot.triage.privacy.secrets_in_words import MASK, asks_to_remove_password, redact_passwords, without_passwords


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("My user is boss and the password is Magpie#71, can you look?", "Magpie#71"),
        ("login admin pw: tulip", "tulip"),
        ("user jo, pw Otter-2024", "Otter-2024"),
        ("password for the server is heron9", "heron9"),
        ("the password is magpie", "magpie"),
        ("Password = 'two red hens'", "two red hens"),
        ("PIN 48213 if you need it", "48213"),
        ("Das Kennwort lautet Amsel!12", "Amsel!12"),
        ("das Passwort ist Amsel12.", "Amsel12"),
        ("le mot de passe est Merle_33", "Merle_33"),
        ("la contraseña es Mirlo33", "Mirlo33"),
        ("la password è Merlo33", "Merlo33"),
        ("a senha é Melro33", "Melro33"),
        ("het wachtwoord is Merel33", "Merel33"),
        ("hasło to Kos33!", "Kos33"),
    ],
)
def test_a_password_in_words_is_masked(text: str, secret: str) -> None:
    redacted = redact_passwords(text)
    assert redacted.found and secret not in redacted.text and MASK in redacted.text


@pytest.mark.parametrize(
    "text",
    [
        "I forgot the password",
        "the password is wrong",
        "the password is not accepted",
        "my password is too short, it says",
        "Password: not accepted",
        "the password is expired and I can't sign in",
        "password error QB-5003 at each start",
        "how do I change the password for a user?",
        "is the password stored in the backup?",
        "das Passwort ist falsch",
        "das Kennwort ist abgelaufen",
        "le mot de passe est incorrect",
        "la contraseña es incorrecta",
        "het wachtwoord is verlopen",
        "the password prompt is grey",
        "we reset the password to sign in again",
        "the PIN pad prints nothing",
    ],
)
def test_what_is_said_of_a_password_stays(text: str) -> None:
    redacted = redact_passwords(text)
    assert not redacted.found and redacted.text == text


def test_a_wish_to_remove_it_here_is_no_question() -> None:
    assert asks_to_remove_password("please take the password out of that message")
    assert asks_to_remove_password("delete my password from the title!")
    assert not asks_to_remove_password("how do I remove the password from a company file?")


def test_a_title_holds_no_clause_of_a_password() -> None:
    text = f"My login is jo and the password is {MASK}, the stock list is empty"
    assert without_passwords(text) == "the stock list is empty"
    assert without_passwords(f"password: {MASK}") == f"password: {MASK}"
