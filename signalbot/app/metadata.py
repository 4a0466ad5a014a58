"""What the venues said of their contracts, as far as this machine has stored it."""

from collections.abc import Mapping

from signalbot.config import Settings
from signalbot.domain.instrument import Instrument
from signalbot.storage.database import open_database
from signalbot.storage.instruments import SqlInstruments


def stored_instruments(settings: Settings, venue: str) -> Mapping[str, Instrument]:
    """Return what the database knows of a venue's contracts; nothing where there is none."""
    if not settings.database_path.exists():
        return {}
    with open_database(settings.database_path) as engine:
        return SqlInstruments(engine).find(venue)
