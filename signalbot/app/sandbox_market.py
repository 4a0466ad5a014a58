"""The market of the sandbox: a local venue in this process, on a generated market."""

from pathlib import Path

from signalbot.app.clock import Clock
from signalbot.app.market_plan import MarketPlan
from signalbot.app.simulation import PAIRS
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.domain.universe import Range, UniverseRules
from signalbot.sandbox.coins import VENUE
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import generate

HISTORY_DAYS, LIVE_DAYS = 8, 30
"""Days of the generated market before a bot begins and from then on; BTC's volatility is ranked
among the last seven."""

REPLAYED_ROWS = 3 * DAY_MS // MINUTE_MS
WEIGHT_LIMIT = 100_000
"""A minute of the sandbox may pass in a second, in which the bot asks for days."""

ANY_SIZE = UniverseRules(
    quote_volume=Range(),
    move=Range(),
    spread_share=Range(),
    tick_share=Range(),
    age_days=Range(),
    cap_rank=Range(),
    trade_rank=Range(),
)
"""What is asked of a pair of the sandbox: its two dozen are all that there is."""


def sandbox_venue(seed: int, clock: Clock) -> ExchangeServer:
    """Return a local venue whose time is that of the bot's clock."""
    now = clock.now()
    minutes = (HISTORY_DAYS + LIVE_DAYS) * DAY_MS // MINUTE_MS
    start = now - now % MINUTE_MS - HISTORY_DAYS * DAY_MS
    market = generate(seed, PAIRS, minutes, start)
    server = ExchangeServer(market, VenueClock(clock.now(), clock.speed))
    server.control.set_limit(WEIGHT_LIMIT)
    return server


def sandbox_plan(url: str, store: Path) -> MarketPlan:
    """Return how the local venue at `url` is watched."""
    return MarketPlan(
        kind="simulation",
        venue="binanceusdm",
        name=VENUE,
        url=url,
        store=store,
        rules=ANY_SIZE,
        rows=REPLAYED_ROWS,
    )
