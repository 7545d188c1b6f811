"""What an operator sets: the environment (``load_settings``) and support.yml (``load_support``)."""

from bot.settings.environment import SettingLine, Settings, list_settings, load_settings, unknown_settings
from bot.settings.problems import SettingsError
from bot.settings.support import Support
from bot.settings.support_file import load_support

__all__ = [
    "SettingLine",
    "Settings",
    "SettingsError",
    "Support",
    "list_settings",
    "load_settings",
    "load_support",
    "unknown_settings",
]
