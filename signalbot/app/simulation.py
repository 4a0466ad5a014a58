"""Build the generated market, for the demonstration in a terminal and for the sandbox."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from signalbot.app.replaying import Account, Replayed, Scene, replay_scene
from signalbot.config import Settings
from signalbot.domain.panel import build_panel
from signalbot.domain.timeframe import DAY_MS, M1, MINUTE_MS
from signalbot.market.recorded import RecordedMarket
from signalbot.sandbox.coins import BITCOIN, VENUE
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate
from signalbot.service.ports import Message

PAIRS = 25


def run_demonstration(
    settings: Settings, days: int, seed: int, show: Callable[[str, Message, int], None]
) -> Replayed:
    """Replay a generated market of so many days, and show every message as it is sent."""
    account = Account(profile=settings.reference_profile, rules=settings.rules)
    with TemporaryDirectory(prefix="signalbot-") as folder:
        database = Path(folder) / "simulated.db"
        return replay_scene(generated_scene(days, seed), database, account, show=show)


def generated_scene(days: int, seed: int, begins_at: int = NEW_YEAR_2026) -> Scene:
    """Return a generated market of so many days."""
    return scene_of(generate(seed, PAIRS, days * DAY_MS // MINUTE_MS, begins_at))


def scene_of(generated: GeneratedMarket) -> Scene:
    """Return a generated market as a replay sees it."""
    series = dict(generated.series)
    btc = series.pop(BITCOIN.symbol)
    instruments = {symbol: generated.instruments[symbol] for symbol in series}
    panel = build_panel(series, M1)
    market = RecordedMarket(
        panel=panel, btc=btc, instruments=instruments, rates={}, gaps={}, built_from=None
    )
    return Scene(
        kind="simulation",
        venue=VENUE,
        panel=panel,
        btc=btc,
        instruments=instruments,
        history=market,
        spread_of=lambda symbol, row: generated.book(symbol, row).spread,
    )
