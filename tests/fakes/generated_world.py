"""A generated market seen as it unfolds, without a venue in between."""

from collections.abc import Sequence

from signalbot.app.simulation import PAIRS, scene_of
from signalbot.app.world import Past, World
from signalbot.domain.book import Book
from signalbot.domain.candles import Candles
from signalbot.domain.flow import Flow
from signalbot.domain.panel import Panel
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.sandbox.coins import BITCOIN, VENUE
from signalbot.sandbox.market import GeneratedMarket, generate

HISTORY_DAYS, LIVE_DAYS = 3, 30


class GeneratedFeed:
    """`service.ports.Feed`: nothing after the instant that is asked about."""

    def __init__(self, market: GeneratedMarket, panel: Panel, btc: Candles) -> None:
        self._market = market
        self._panel = panel
        self._btc = btc

    @property
    def symbols(self) -> tuple[str, ...]:
        return self._panel.symbols

    def panel(self, until: int, rows: int, symbols: Sequence[str] | None = None) -> Panel:
        last = self._rows_until(until)
        part = self._panel.rows(max(last - rows, 0), last)
        if symbols is None:
            return part
        columns = [self._panel.symbols.index(each) for each in symbols]
        arrays = {
            field: getattr(part, field)[:, columns]
            for field in ("open", "high", "low", "close", "volume")
        }
        return Panel(
            timeframe=part.timeframe, symbols=tuple(symbols), open_time=part.open_time, **arrays
        )

    def btc(self, until: int, rows: int) -> Candles:
        return self._btc.between(until - rows * self._btc.timeframe.step_ms, until)

    def book(self, symbol: str, until: int) -> Book | None:
        return self._market.book(symbol, self._rows_until(until) - 1)

    def flow(self, symbol: str, until: int) -> Flow | None:
        return None

    def _rows_until(self, until: int) -> int:
        return self._panel.row_of(until - self._panel.timeframe.step_ms) + 1


def simulated_world(seed: int, around: int) -> World:
    """A market whose live part begins with the minute after `around`."""
    begins_at = around - around % MINUTE_MS + MINUTE_MS
    first_open = begins_at - HISTORY_DAYS * DAY_MS
    minutes = (HISTORY_DAYS + LIVE_DAYS) * DAY_MS // MINUTE_MS
    generated = generate(seed, PAIRS, minutes, first_open)
    scene = scene_of(generated)
    before = scene.panel.rows(0, scene.panel.row_of(begins_at - MINUTE_MS))
    return World(
        kind=scene.kind,
        venue=VENUE,
        feed=GeneratedFeed(generated, scene.panel, generated.series[BITCOIN.symbol]),
        history=scene.history,
        instruments=scene.instruments,
        watched=tuple(scene.instruments),
        past=Past(panel=before, spread_of=scene.spread_of),
    )
