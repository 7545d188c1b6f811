"""The wiring of a process, put together once by ``wire`` and passed on as one argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.services.core import channel_secrets
from bot.services.core.manual_search import Manual
from bot.services.core.support_reload import SupportFile
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support, shipped
from bot.settings.support.support import Support
from bot.settings.support.translations import in_language
from bot.store import schema
from bot.store.database import Database
from bot.store.tables import Conversation, Issue

CannotStart = (SettingsError, schema.SchemaMismatch)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def _ignore(_topic: str) -> None:
    """Nobody listens in this process."""


@dataclass(eq=False)
class Context:
    """The wiring of one process.

    ``environment`` are the settings of the environment; ``settings`` are they with what the desk sets of channels.

    ``wake`` tells listeners in this process that a conversation (its id) or the desk ("desk") has news, ``work``
    that a conversation has an event to work on; the gateway sets both. Other processes leave them alone because
    the gateway also watches the database.
    """

    settings: Settings
    support: Support
    db: Database
    manual: Manual
    clock: Clock = utc_now
    wake: Callable[[str], None] = field(default=_ignore)
    work: Callable[[str], None] = field(default=_ignore)

    environment: Settings = field(init=False)

    _support_file: "SupportFile" = field(init=False)

    def __post_init__(self) -> None:
        self._support_file = SupportFile(self.settings.home)
        self.environment = self.settings
        self._channels_seen: tuple[int, int] | None = None
        self.refresh_channels()

    async def refresh_support(self) -> bool:
        """Take up support.yml if the operator has changed it; whether it was. A wrong file changes nothing."""
        fresh = await self._support_file.fresh()
        if fresh is None:
            return False
        self.support = fresh
        return True

    def refresh_channels(self) -> bool:
        """Take up what was typed in of channels at the desk, if it has changed; return whether it was."""
        seen = channel_secrets.stamp(self.home)
        if seen == self._channels_seen:
            return False
        self._channels_seen = seen
        self.settings = channel_secrets.with_stored(self.environment)
        return True

    def office_for(self, about: Conversation | Issue) -> Support:
        """Return the settings of the product that a conversation or an issue is about, as the office reads them."""
        return self.support.for_product(about.product)

    def support_for(self, conversation: Conversation) -> Support:
        """Return the settings with all that the conversation's customer is told in their language."""
        return in_language(self.office_for(conversation), shipped(), conversation.language)

    def manual_for(self, product: str | None) -> Manual:
        """Return the manual of one of several products; the installation's own for None."""
        return self.manual.within(self.support.for_product(product).manual_folder)

    @property
    def home(self) -> Path:
        return self.settings.home


def wire(settings: Settings) -> Context:
    """Put one process together from its settings.

    Raises SchemaMismatch when the database is not at this program's schema, SettingsError for bad settings.
    """
    schema.check(settings.database_url)
    return Context(
        settings=settings,
        support=load_support(settings.home),
        db=Database(settings.database_url),
        manual=Manual(settings.home),
    )
