"""Where log lines go, and what never gets into them."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from signalbot.config import Settings
from signalbot.telegram.redaction import WithoutToken

_CHATTY = ("httpx", "httpcore", "apscheduler", "matplotlib", "aiohttp.access", "telegram.ext")


def start_logging(settings: Settings) -> None:
    """Log to stderr as the settings want it; the bot's token is taken out of every line."""
    handler = logging.StreamHandler(sys.stderr)
    base = _JsonLines() if settings.signalbot_log_format == "json" else _TextLines()
    handler.setFormatter(WithoutToken(base))
    logging.basicConfig(level=settings.signalbot_log_level, handlers=[handler], force=True)
    for name in _CHATTY:  # httpx writes the address of every call, which holds the token
        logging.getLogger(name).setLevel(logging.WARNING)


class _TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": f"{at:%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
