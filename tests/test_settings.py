"""The environment: defaults, secrets in files, and errors that say what to write."""

from pathlib import Path

import pytest

from bot.settings.env.settings import list_settings, load_settings, unknown_settings
from bot.settings.problems import SettingsError

DOCUMENTED = {
    "TECHREF_HOME", "TECHREF_PORT", "TECHREF_RASA_PORT", "TECHREF_ACTIONS_PORT", "TECHREF_DATABASE_URL",
    "TECHREF_REDIS_URL", "TECHREF_IDENTITY_SECRET", "TECHREF_INTERNAL_SECRET", "TECHREF_SLACK_SIGNING_SECRET",
    "TECHREF_SLACK_BOT_TOKEN", "TECHREF_SLACK_API_URL", "TECHREF_TEAMS_APP_ID", "TECHREF_TEAMS_APP_SECRET",
    "TECHREF_TEAMS_TENANT_ID", "TECHREF_TEAMS_OPENID_URL", "TECHREF_TEAMS_TOKEN_URL",
    "TECHREF_TEAMS_SERVICE_HOSTS", "TECHREF_SMTP_URL", "TECHREF_STRIPE_SECRET_KEY",
    "TECHREF_STRIPE_WEBHOOK_SECRET", "TECHREF_STRIPE_API_URL",
}  # fmt: skip


def test_an_empty_environment_has_the_documented_defaults() -> None:
    settings = load_settings({})
    assert settings.home == Path("var").resolve()
    assert (settings.port, settings.rasa_port, settings.actions_port) == (8000, 5005, 5055)
    assert settings.database_url == f"sqlite:///{settings.home}/techref.db"
    assert settings.redis_url is None and settings.identity_secret is None


def test_the_database_follows_the_home_folder(tmp_path: Path) -> None:
    assert load_settings({"TECHREF_HOME": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/techref.db"


def test_values_of_the_environment_win_and_empty_ones_count_as_not_set() -> None:
    settings = load_settings(
        {
            "TECHREF_PORT": " 18080 ",
            "TECHREF_RASA_PORT": "",
            "TECHREF_TEAMS_SERVICE_HOSTS": "smba.example.com, http://127.0.0.1:9000,",
            "TECHREF_SLACK_API_URL": "http://127.0.0.1:9001/api/",
            "TECHREF_PUBLIC_URL": "http://support.intern/",
            "TECHREF_LOG_LEVEL": "debug",
        }
    )
    assert (settings.port, settings.rasa_port, settings.log_level) == (18080, 5005, "DEBUG")
    assert settings.teams_service_hosts == ("smba.example.com", "http://127.0.0.1:9000")
    assert settings.slack_api_url == "http://127.0.0.1:9001/api/"
    assert settings.public_url == "http://support.intern"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from-the-file\n")
    environ = {"TECHREF_IDENTITY_SECRET_FILE": str(file)}
    assert load_settings(environ).identity_secret == "from-the-file"
    assert load_settings(environ | {"TECHREF_IDENTITY_SECRET": "direct"}).identity_secret == "direct"
    line = next(one for one in list_settings(environ) if one.key == "TECHREF_IDENTITY_SECRET")
    assert (line.value, line.source) == ("********", str(file))


def test_a_secret_file_that_cannot_be_read_is_named_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"TECHREF_SMTP_URL: .*TECHREF_SMTP_URL_FILE cannot be read"):
        load_settings({"TECHREF_SMTP_URL_FILE": str(tmp_path / "absent")})
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings({"TECHREF_SMTP_URL_FILE": str(tmp_path / "binary")})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("TECHREF_PORT", "eighty", "write a port number from 1 to 65535"),
        ("TECHREF_PORT", "0", "write a port number"),
        ("TECHREF_RASA_PORT", "65536", "write a port number"),
        ("TECHREF_ACTIONS_PORT", "٨٠", "write a port number"),
        ("TECHREF_HOST", "http://0.0.0.0", "write an address without scheme"),
        ("TECHREF_LOG_LEVEL", "loud", "write one of DEBUG, INFO"),
        ("TECHREF_DATABASE_URL", "mysql://x", "write sqlite:///file or postgresql://"),
        ("TECHREF_REDIS_URL", "http://x", "write redis://"),
        ("TECHREF_SMTP_URL", "mail.example.com", "write smtp://"),
        ("TECHREF_SLACK_API_URL", "slack.com", "begins with https://"),
        ("TECHREF_STRIPE_API_URL", "http://api.stripe.com/", "plain http is for 127.0.0.1 only"),
        ("TECHREF_PUBLIC_URL", "support", "write a whole address"),
    ],
)
def test_a_wrong_value_names_its_key_and_what_to_write(key: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=f"{key}: .*{told}"):
        load_settings({key: value})


def test_an_address_that_cannot_be_read_does_not_appear_in_the_error() -> None:
    with pytest.raises(SettingsError, match="not an address that can be read") as error:
        load_settings({"TECHREF_DATABASE_URL": "postgresql://user:hunter2@[::1/x"})
    assert "hunter2" not in str(error.value)


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({"TECHREF_PORT": "x", "TECHREF_LOG_LEVEL": "y"})
    assert len(error.value.problems) == 2
    assert "nothing was started" in str(error.value)


def test_every_documented_setting_is_listed_with_its_meaning() -> None:
    lines = list_settings({})
    assert {line.key for line in lines} >= DOCUMENTED
    assert all(len(line.meaning) > 15 and line.source == "default" for line in lines)


def test_secrets_are_masked_in_the_list_and_absent_from_repr() -> None:
    secrets = {line.key: "redis://tell-nobody" for line in list_settings({}) if line.secret}
    secrets["TECHREF_SMTP_URL"] = "smtp://tell-nobody@h"
    secrets["TECHREF_IMAP_URL"] = "imaps://tell-nobody:tell-nobody@h"
    secrets["TECHREF_DATABASE_URL"] = "postgresql://tell-nobody@h/x"
    secrets["TECHREF_SEALING_KEY"] = secrets["TECHREF_MAIL_DROP_SECRET"] = "tell-nobody" * 3
    assert len(secrets) >= 9
    assert not any("tell-nobody" in line.value for line in list_settings(secrets))
    assert "tell-nobody" not in repr(load_settings(secrets))


def test_a_slip_of_the_pen_is_reported_with_the_nearest_name() -> None:
    environ = dict.fromkeys(["TECHREF_PROT", "TECHREF_PORT", "TECHREF_SMTP_URL_FILE", "PATH"], "1")
    told = unknown_settings(environ)
    assert told == ['TECHREF_PROT: there is no such setting; it has no effect. Did you mean "TECHREF_PORT"?']
