"""`techref technician`: adding who may sign in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands.technician import app
from tests.support.gateway_fixture import open_gateway

PASSWORD = "a long enough one"


@pytest.fixture
def techref(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Techref":
    monkeypatch.setenv("TECHREF_HOME", str(home))
    return Techref()


class Techref:
    """The command on a database of its own."""

    def __call__(self, *arguments: str, typed: str = PASSWORD + "\n") -> Result:
        return CliRunner().invoke(app, list(arguments), input=typed)

    def add(self, email: str = "anna@desk.example", *more: str, typed: str = PASSWORD + "\n") -> Result:
        return self("add", "--email", email, "--name", "Anna Meyer", "--password-stdin", *more, typed=typed)


async def test_who_was_added_can_sign_in(techref: Techref, home: Path) -> None:
    import asyncio

    added = await asyncio.to_thread(techref.add, " Anna@Desk.Example", "--team", "data", "--role", "supervisor")
    assert added.exit_code == 0 and "anna@desk.example" in added.stdout
    async with open_gateway(home) as gateway:
        body = {"email": "anna@desk.example", "password": PASSWORD}
        answer = await gateway.browser().post("/desk/api/login", json=body)
    assert answer.status_code == 200
    assert answer.json()["technician"]["role"] == "supervisor"
    assert answer.json()["technician"]["team"] == "data"


def test_an_e_mail_that_is_in_use_is_informed(techref: Techref) -> None:
    assert techref.add().exit_code == 0
    again = techref.add("ANNA@desk.example")
    assert again.exit_code == 1
    assert "anna@desk.example already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        ((), "short\n", "10 to 200 characters"),
        ((), "\n", "10 to 200 characters"),
        ((), "aaaaaaaaaaaa\n", "too easy"),
        (("--team", "nobody"), PASSWORD, "applications, systems, data, accounts"),
        (("--role", "king"), PASSWORD, "technician, supervisor, admin"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_added(
    techref: Techref, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    refused = techref.add("anna@desk.example", *arguments, typed=typed)
    assert refused.exit_code == 1 and told in refused.stderr
    assert "anna@" not in techref("list").stdout


@pytest.mark.parametrize("email", ["anna", "@desk.example", "anna@", "an na@desk.example", ""])
def test_an_e_mail_that_is_none_is_refused(techref: Techref, email: str) -> None:
    refused = techref.add(email)
    assert refused.exit_code == 1 and "must look like" in refused.stderr


def test_the_list_shows_roles_and_teams(techref: Techref) -> None:
    techref.add("anna@desk.example", "--team", "data", "--role", "admin")
    shown = techref("list").stdout
    for words in ("Anna Meyer", "anna@desk.example", "admin", "data"):
        assert words in shown


def test_a_password_of_somebody_unknown_cannot_be_set(techref: Techref) -> None:
    refused = techref("password", "--email", "nobody@desk.example", "--password-stdin")
    assert refused.exit_code == 1 and "no technician" in refused.stderr


def test_without_a_terminal_the_password_must_come_by_standard_input(techref: Techref) -> None:
    refused = techref("add", "--email", "a@b.example", "--name", "A")
    assert refused.exit_code == 1 and "--password-stdin" in refused.stderr


def test_a_database_that_is_behind_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path / "empty"))
    refused = Techref()("list")
    assert refused.exit_code == 1 and "techref migrate" in refused.stderr
