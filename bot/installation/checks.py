"""The checks of `techref doctor`. No check changes anything."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from functools import partial

import httpx

from bot.browser import find_chromium
from bot.installation import ports, training
from bot.installation.backup_checks import backup_tools, last_backup
from bot.installation.environments import ENGINE, OURS
from bot.installation.finding import Finding
from bot.installation.mail_checks import check_incoming_mail
from bot.installation.outbox_checks import check_outbox
from bot.installation.places import internal_secret_file
from bot.installation.secret_checks import check_exposure, secrets_in_use
from bot.installation.slack_checks import check_slack
from bot.installation.teams_checks import check_teams
from bot.processes.only_one import launcher_of
from bot.services.core.private_files import is_open_to_others
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.store import schema
from knowledge_base import embedder, versions

ENGINE_SECONDS = 3.0
DISK_BYTES_WANTED = 1_000_000_000
Check = Callable[[], Iterator[Finding]]


def all_checks(settings: Settings) -> list[Check]:
    """Return all checks, in the order in which their faults are best repaired."""
    about_settings = (
        *(_support_file, _home, _secret, secrets_in_use, check_exposure, _disk, _schema, last_backup, backup_tools),
        *(_embedding, _index, _model, _engine, _ports, check_slack, check_teams, check_incoming_mail, check_outbox),
    )
    return [_environments, *(partial(check, settings) for check in about_settings), _browser]


def _environments() -> Iterator[Finding]:
    for environment in (OURS, ENGINE):
        if not environment.stamp():
            yield Finding(environment.folder, False, "has not been prepared", "Run: make setup")
        elif not environment.is_in_place():
            yield Finding(environment.folder, False, "was made for another folder or Python", "Run: make setup")
        elif not environment.is_ready():
            yield Finding(environment.folder, False, "differs from its lock files", "Run: make setup")
        else:
            yield Finding(environment.folder, True, "holds what its lock files name")


def _support_file(settings: Settings) -> Iterator[Finding]:
    try:
        load_support(settings.home)
    except SettingsError as error:
        yield Finding("support.yml", False, str(error))
    else:
        yield Finding("support.yml", True, "is valid")


def _home(settings: Settings) -> Iterator[Finding]:
    if not settings.home.exists():
        yield Finding("TECHREF_HOME", None, f"{settings.home} does not exist yet", "`techref up` makes it.")
    elif not os.access(settings.home, os.W_OK):
        remedy = "Give its owner's rights to the user who runs TechRef, or set TECHREF_HOME to another folder."
        yield Finding("TECHREF_HOME", False, f"{settings.home} cannot be written", remedy)
    else:
        yield Finding("TECHREF_HOME", True, str(settings.home))
    if settings.home.exists() and is_open_to_others(settings.home):
        remedy = f"Run: chmod 700 '{settings.home}'"
        yield Finding("TECHREF_HOME", False, "other users may read conversations, files and mail in it", remedy)


def _secret(settings: Settings) -> Iterator[Finding]:
    file = internal_secret_file(settings.home)
    if not file.exists():
        yield Finding("internal secret", None, "has not been made yet", "`techref up` makes it.")
    elif file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("internal secret", False, "can be read by other users", f"Run: chmod 600 '{file}'")
    else:
        yield Finding("internal secret", True, "is readable by its owner only")


def _disk(settings: Settings) -> Iterator[Finding]:
    existing = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    remedy = "" if free >= DISK_BYTES_WANTED else "Free some; attachments and the database grow."
    yield Finding("disk", free >= DISK_BYTES_WANTED, f"{free / 1e9:.1f} GB free at {existing}", remedy)


def _schema(settings: Settings) -> Iterator[Finding]:
    try:
        schema.check(settings.database_url)
    except schema.SchemaMismatch as error:
        yield Finding("database", False, str(error))
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the finding is the same
        remedy = "Check TECHREF_DATABASE_URL and that the server runs."
        yield Finding("database", False, f"cannot be reached ({type(error).__name__})", remedy)
    else:
        yield Finding("database", True, "has this program's schema")


def _embedding(settings: Settings) -> Iterator[Finding]:
    if embedder.Embedder.load(settings.home) is None:
        yield Finding("sentence embedding", None, "is absent: search finds less", "Run: make setup")
    else:
        yield Finding("sentence embedding", True, "loads")


def _index(settings: Settings) -> Iterator[Finding]:
    try:
        versions.open_current(settings.home / "index").close()
    except versions.IndexUnavailable as error:
        yield Finding("manual's index", None, str(error))
    else:
        yield Finding("manual's index", True, "is there; `techref index` brings it up to date")


def _model(settings: Settings) -> Iterator[Finding]:
    if training.model_is_current(settings):
        yield Finding("dialogue model", True, "is up to date")
    elif training.has_model(settings) and not training.is_whole(settings):
        yield Finding("dialogue model", False, "is damaged: it is not the file that was trained", "Run: techref train")
    else:
        yield Finding("dialogue model", None, "is older than what it is made from", "Run: techref train")


def _engine(settings: Settings) -> Iterator[Finding]:
    """Ask a running engine whether it has a model: without one it answers nobody, and stays up all the same."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{settings.rasa_port}/status", timeout=ENGINE_SECONDS, trust_env=False)
        loaded = answer.status_code == httpx.codes.OK and bool(answer.json().get("model_file"))
    except (httpx.HTTPError, ValueError):
        return  # it is not running, or something else is there, which the ports' check says
    if loaded:
        yield Finding("dialogue engine", True, "runs with a model")
    else:
        yield Finding("dialogue engine", False, "runs without a model", "Run: techref train, then restart it")


def _ports(settings: Settings) -> Iterator[Finding]:
    pid = launcher_of(settings.local if settings.shares_home else settings.home)
    if pid is not None:
        yield Finding("processes", True, f"are running under process {pid}" if pid else "are running")
    elif problems := ports.busy_ports(settings):
        yield from (Finding("port", False, problem) for problem in problems)
    else:
        yield Finding("ports", True, "are free")


def _browser() -> Iterator[Finding]:
    if found := find_chromium():
        yield Finding("Chromium", True, found)
    else:
        yield Finding("Chromium", None, "was not found; only the browser tests need it", "Run: make setup")
