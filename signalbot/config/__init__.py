"""Configuration: what may be set, and how it is read."""

from signalbot.config.kinds import VENUES
from signalbot.config.loading import ConfigError, load_settings
from signalbot.config.settings import Settings

__all__ = ["VENUES", "ConfigError", "Settings", "load_settings"]
