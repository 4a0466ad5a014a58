"""The configuration of this process."""

import os
from pathlib import Path

from signalbot.config import Settings, load_settings


def load_configuration() -> Settings:
    """Return the settings of the environment and of `.env` in this folder."""
    return load_settings(os.environ, Path(".env"))
