"""The settings of the environment. Each is declared once, here; ``techref settings`` and the docs list them.

A secret may also be in a file: ``TECHREF_SMTP_URL_FILE=/run/secrets/smtp`` is read when ``TECHREF_SMTP_URL`` is not
set. An empty value counts as not set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from bot.settings.env import parsing
from bot.settings.problems import SettingsError, did_you_mean

Parser = Callable[[str], Any]


def _setting(parse: Parser, default: str | None, meaning: str, *, secret: bool = False) -> Any:
    """Declare one setting; its key is the field's name in capitals behind ``TECHREF_``."""
    about = {"parse": parse, "default": default, "meaning": meaning, "secret": secret}
    return field(repr=not secret, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values in force; ``home`` is absolute. Secrets are left out of ``repr``."""

    home: Path = _setting(  # noqa: RUF009 - it makes a field, each its own
        parsing.path,
        "var",
        "Folder of everything that is not in the repository: database, index, models, attachments, "
        "outgoing mail, logs, the operator's support.yml",
    )
    local: Path = _setting(  # noqa: RUF009 - as above
        parsing.path,
        "{home}",
        "Folder of what belongs to this one stack: logs, process ids, caches; set it where several stacks share the "
        "home folder and a PostgreSQL database; not set: the home folder",
    )
    host: str = _setting(
        parsing.host,
        "127.0.0.1",
        "Address the gateway listens on; 0.0.0.0 for every interface",
    )
    port: int = _setting(
        parsing.port,
        "8000",
        "Port of the gateway, the only public process",
    )
    rasa_port: int = _setting(
        parsing.port,
        "5005",
        "Port of the dialogue engine, on 127.0.0.1 only",
    )
    actions_port: int = _setting(
        parsing.port,
        "5055",
        "Port of the action server, on 127.0.0.1 only",
    )
    public_url: str | None = _setting(
        parsing.own_url,
        None,
        "Address customers reach the gateway under, for links in e-mail, Slack and Teams; not set: the request's own",
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(
        parsing.networks,
        "",
        "Addresses or networks of the proxies in front of the gateway, with commas: their X-Forwarded-For and "
        "X-Forwarded-Proto are believed, nobody else's",
    )
    private_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(
        parsing.networks,
        "",
        "Addresses or networks of your own, with commas, that webhooks and trackers may reach; not set: the internet "
        "only, by https",
    )
    log_level: str = _setting(
        parsing.log_level,
        "INFO",
        "How much is logged: DEBUG, INFO, WARNING or ERROR",
    )
    log_form: str = _setting(
        parsing.log_form,
        "text",
        "How the logs of gateway and action server are written: text, or json with one object a line",
    )
    database_url: str = _setting(
        parsing.database_url,
        "sqlite:///{home}/techref.db",
        "Database: sqlite:///file, or postgresql://user:password@host/name",
        secret=True,
    )
    redis_url: str | None = _setting(
        parsing.redis_url,
        None,
        "Redis that wakes the other gateways when there are several; not set: they poll",
        secret=True,
    )
    internal_secret: str | None = _setting(
        parsing.text,
        None,
        "Secret between gateway, dialogue engine and action server; made at the first start",
        secret=True,
    )
    sealing_key: str | None = _setting(
        parsing.long_secret,
        None,
        "Secret (32 characters or more) that encrypts other companies' tokens in the database; not set: one is made "
        "and kept in the home folder",
        secret=True,
    )
    identity_secret: str | None = _setting(
        parsing.text,
        None,
        "HS256 key (32 characters or more) of the identity tokens the host site signs for its customers; while it is "
        "changed both keys, with a comma between",
        secret=True,
    )
    identity_audience: str | None = _setting(
        parsing.text,
        None,
        "The audience (claim aud) that identity tokens must name; not set: any, so the key must sign for nobody else",
    )
    slack_signing_secret: str | None = _setting(
        parsing.text,
        None,
        "Slack: signing secret of the app",
        secret=True,
    )
    slack_bot_token: str | None = _setting(
        parsing.text,
        None,
        "Slack: bot token for one workspace without OAuth",
        secret=True,
    )
    slack_client_id: str | None = _setting(
        parsing.text,
        None,
        "Slack: client id of the app, for installing it into several workspaces",
    )
    slack_client_secret: str | None = _setting(
        parsing.text,
        None,
        "Slack: client secret of the app, for installing it into several workspaces",
        secret=True,
    )
    slack_api_url: str = _setting(
        parsing.web_url,
        "https://slack.com/api/",
        "Slack: address of its Web API",
    )
    teams_app_id: str | None = _setting(
        parsing.text,
        None,
        "Teams: application id of the bot",
    )
    teams_app_secret: str | None = _setting(
        parsing.text,
        None,
        "Teams: client secret of the bot",
        secret=True,
    )
    teams_tenant_id: str | None = _setting(
        parsing.text,
        None,
        "Teams: tenant the bot belongs to",
    )
    teams_openid_url: str = _setting(
        parsing.web_url,
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        "Teams: where the keys of incoming requests are described",
    )
    teams_token_url: str | None = _setting(
        parsing.web_url,
        None,
        "Teams: where the bot's own token is fetched; not set: Microsoft's address for the tenant",
    )
    teams_service_hosts: tuple[str, ...] = _setting(
        parsing.host_list,
        "",
        "Teams: hosts added to the allow-list of service addresses, with commas; plain http only for loopback",
    )
    smtp_url: str | None = _setting(
        parsing.smtp_url,
        None,
        "Outgoing mail: smtp://user:password@host:587 (STARTTLS) or smtps://…:465, with ?ca=file for a certificate of "
        "one's own; not set: mail is written to files in the home folder",
        secret=True,
    )
    imap_url: str | None = _setting(
        parsing.imap_url,
        None,
        "Incoming mail: mailbox that it is fetched from, imaps://user:password@host:993/INBOX or imap://… (STARTTLS), "
        "with ?ca=file for a certificate of one's own; nobody else reads it",
        secret=True,
    )
    mail_drop_secret: str | None = _setting(
        parsing.long_secret,
        None,
        "Incoming mail: secret (32 characters or more) with which a mail server signs what it drops at "
        "/channels/email/drop",
        secret=True,
    )
    mail_authserv_id: str | None = _setting(
        parsing.text,
        None,
        "Incoming mail: the name under which your own mail server writes Authentication-Results; not set: no sender's "
        "domain is believed, only answers to what was mailed to them",
    )
    stripe_secret_key: str | None = _setting(
        parsing.text,
        None,
        "Stripe: secret key for prepayment links",
        secret=True,
    )
    stripe_webhook_secret: str | None = _setting(
        parsing.text,
        None,
        "Stripe: signing secret of the webhook",
        secret=True,
    )
    stripe_api_url: str = _setting(
        parsing.web_url,
        "https://api.stripe.com/",
        "Stripe: address of its API",
    )
    notify_urls: tuple[tuple[str | None, str], ...] = _setting(
        parsing.notify_urls,
        "",
        "Where it is announced that a customer waits: Apprise addresses (slack://…, msteams://…, mailto://…) with "
        "spaces between; team=address for one team only",
        secret=True,
    )

    @property
    def shares_home(self) -> bool:
        """Return True when other stacks may use the same home folder; never on SQLite, which has one gateway."""
        return self.local != self.home and not self.database_url.startswith("sqlite")


@dataclass(frozen=True)
class SettingLine:
    """One line of ``techref settings``. ``source`` is "default", "environment" or the path of a secret's file."""

    key: str
    value: str
    source: str
    meaning: str
    default: str
    secret: bool


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Load the settings of this environment; raise SettingsError with a line for every invalid key."""
    problems: list[str] = []
    read: dict[str, Any] = {}
    for one in fields(Settings):
        key = _key(one.name)
        try:
            written, _ = _written(environ, key, one.metadata["secret"])
            read[one.name] = _value(written or one.metadata["default"], one.metadata["parse"], read)
        except ValueError as error:
            problems.append(f"{key}: {error}")
    if problems:
        raise SettingsError("The environment", problems)
    return Settings(**read)


def list_settings(environ: Mapping[str, str]) -> list[SettingLine]:
    """Return every setting with its value, its source and its meaning; secrets are masked."""
    settings, lines = load_settings(environ), []
    for one in fields(Settings):
        key, about = _key(one.name), one.metadata
        _, source = _written(environ, key, about["secret"])
        value = getattr(settings, one.name)
        shown = "" if value is None else ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        masked = "********" if about["secret"] and source != "default" else shown
        lines.append(SettingLine(key, masked, source, about["meaning"], about["default"] or "", about["secret"]))
    return lines


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """Return a line for every unknown ``TECHREF_`` variable: most likely a typing error."""
    keys = [_key(one.name) for one in fields(Settings)]
    files = [f"{_key(one.name)}_FILE" for one in fields(Settings) if one.metadata["secret"]]
    unknown = sorted(key for key in environ if key.startswith("TECHREF_") and key not in {*keys, *files})
    return [f"{key}: there is no such setting; it has no effect.{did_you_mean(key, keys)}" for key in unknown]


def _written(environ: Mapping[str, str], key: str, secret: bool) -> tuple[str | None, str]:
    """Return the value written for the key, and its source."""
    if environ.get(key, "").strip():
        return environ[key].strip(), "environment"
    file = environ.get(f"{key}_FILE", "").strip() if secret else ""
    if not file:
        return None, "default"
    try:
        return Path(file).read_text(encoding="utf-8").strip(), file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"the file named by {key}_FILE cannot be read ({reason}); name a readable file") from error


def _value(written: str | None, parse: Parser, before: Mapping[str, Any]) -> Any:
    if written is None:
        return None
    return parse(written.replace("{home}", str(before.get("home", ""))))


def _key(name: str) -> str:
    return f"TECHREF_{name.upper()}"
