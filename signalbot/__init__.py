"""signalbot: honest scalp alerts for small-cap perpetuals, with a record a stranger can check."""

__version__ = "0.1.0"
