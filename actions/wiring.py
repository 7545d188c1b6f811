"""The wiring of the action server: settings, support.yml and the manual. It opens no database."""

from dataclasses import dataclass, field

from bot.services.core.manual_search import Manual
from bot.services.core.support_reload import SupportFile
from bot.services.understanding.request_nearness import embed_examples
from bot.settings.env.settings import Settings
from bot.settings.support.load import load_support
from bot.settings.support.support import Support


@dataclass
class Wiring:
    """The parts of the process that a decision needs."""

    support: Support
    manual: Manual
    _file: SupportFile = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Wiring":
        """Read support.yml; raise SettingsError when it cannot be used."""
        file = SupportFile(settings.home)
        return cls(load_support(settings.home), Manual(settings.home), file)

    async def prepare(self) -> None:
        """Embed the examples of the requests, so that the first turn need not wait for it."""
        for view in self.support.views:
            await embed_examples(self.manual.within(view.manual_folder), view)

    async def fresh_support(self) -> Support:
        """Return the operator's settings as they are now; what was read before when the file cannot be used."""
        self.support = await self._file.fresh() or self.support
        return self.support
