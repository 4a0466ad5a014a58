"""How long after its close a minute is decided at the latest, where the usual delay is short."""

from signalbot.config import Settings
from signalbot.market.candle_frames import reader_of

ASKED_FOR_MS = 25_000
"""On a venue without a flag, milliseconds: all candles have to be asked for after every close."""

LONGEST_MS = 30_000
TRAVEL_S = 0.25
"""Real time that frames and books may take in the sandbox, at whatever speed it runs."""


def for_venue(settings: Settings) -> Settings:
    """Return the settings for the venue that decides; one that flags no close takes longer."""
    if reader_of(settings.signalbot_venues[0]) is not None:
        return settings
    return _at_least(settings, ASKED_FOR_MS)


def in_sandbox(settings: Settings, speed: float) -> Settings:
    """Return the settings of a sandbox that runs so many times as fast.

    Its minutes are decided later by its own clock, because what has to travel takes as long as
    ever by the machine's.
    """
    return _at_least(settings, min(round(1_000 * TRAVEL_S * speed), LONGEST_MS))


def _at_least(settings: Settings, delay_ms: int) -> Settings:
    if settings.is_given("SIGNALBOT_DECISION_DELAY_MS"):
        return settings
    late = max(settings.signalbot_decision_delay_ms, delay_ms)
    return settings.model_copy(update={"signalbot_decision_delay_ms": late})
