"""The Slack app's manifest for this installation."""

from pathlib import Path

from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.support import Support

SOURCE = Path(__file__).with_name("manifest.yml")
# Slack allows an app's name 35 characters.
NAME = 35


def manifest(settings: Settings, support: Support) -> str:
    """Return the YAML to paste; raises SettingsError without a public https address, which Slack insists on."""
    url = settings.public_url or ""
    if not url.startswith("https://"):
        problem = "TECHREF_PUBLIC_URL: write the https address under which Slack reaches the gateway"
        raise SettingsError("The manifest", [problem])
    text = SOURCE.read_text(encoding="utf-8")
    name = f"{support.product} support"[:NAME].replace('"', "'").replace("\\", "")
    return text.replace("{url}", url).replace("{name}", name).replace("{colour}", support.colour)
