from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from fakes.history import FakeHistory
from fakes.ledger import FakeLedger
from fakes.messenger import FakeMessenger
from fakes.refusals import FakeRefusals

from signalbot.analysis.btc_context import BtcRules, BtcState, Trend, Volatility
from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.candles import Candle
from signalbot.domain.instrument import Instrument
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Body, Draft, Entry, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.decide import Desk, decide
from signalbot.service.minute import Minute
from signalbot.service.recording import Recording
from signalbot.service.watch import Ports, Watch
from signalbot.setups.catalogue import setups_for
from signalbot.setups.setup import Match

LAYER, TOY, DEAR = "LAYER/USDT:USDT", "TOY/USDT:USDT", "DEAR/USDT:USDT"
TAKER_RATES = {LAYER: "0", TOY: "0.0005", DEAR: "0.005"}
CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z
QUIET = (100.0, 100.2, 99.8, 100.0)
CALM = BtcState(
    halted=False,
    return_5m=-0.001,
    z_1m=0.1,
    z_5m=0.2,
    trend=Trend.UP,
    volatility=Volatility.NORMAL,
)
Prices = tuple[float, float, float, float]


class Stage:
    """A watch of three coins with a fake behind every port.

    Minute 0 closes at 14:32 UTC, minute n so many minutes later, and each is decided 2.5 s after
    its close. Slippage is none; LAYER trades without fees, TOY pays 0.05 % as a taker, and DEAR
    so much that a stop 1 % away is refused for its costs. Every candle is `QUIET` unless a test
    says otherwise.
    """

    def __init__(self) -> None:
        self.ledger = FakeLedger()
        self.refusals = FakeRefusals()
        self.messenger = FakeMessenger()
        self.history = FakeHistory(M1)
        rules = Rules(replay_slippage_rate=Decimal(0), replay_slippage_ticks=Decimal(0))
        self.setups = setups_for(M1, rules, BtcRules(), REFERENCE_PROFILE)
        self.desk = Desk(
            venue="binanceusdm",
            instruments={symbol: _instrument(symbol) for symbol in TAKER_RATES},
            profile=REFERENCE_PROFILE,
            rules=rules,
        )
        self.watch = self.started()

    def started(self) -> Watch:
        """Return a watch that knows what the ledger holds and nothing else, as after a restart."""
        self.recording = Recording(self.ledger, tuple(TAKER_RATES))
        ports = Ports(history=self.history, refusals=self.refusals, messenger=self.messenger)
        return Watch(self.desk, self.setups, self.recording, ports)

    def match(
        self, minute: int = 0, symbol: str = LAYER, side: Side = Side.LONG, setup: int = 0
    ) -> Match:
        """Return a match at 100, stop and target one away."""
        return Match(
            setup=self.setups[setup],
            pair=list(TAKER_RATES).index(symbol),
            symbol=symbol,
            row=minute,
            candle_close=CLOSE + minute * MINUTE_MS,
            side=side,
            entry=100.0,
            stop=100.0 - side.sign,
            target=100.0 + side.sign,
            reasons={"rsi": Decimal("12.5")},
        )

    def minute(
        self,
        number: int,
        prices: Mapping[str, Prices | None] | None = None,
        matches: Sequence[Match] = (),
        btc: BtcState | None = CALM,
    ) -> Minute:
        """Return a closed minute whose candles the history knows; None is a missing one."""
        open_time = CLOSE + (number - 1) * MINUTE_MS
        high, low = np.full(3, np.nan), np.full(3, np.nan)
        for pair, symbol in enumerate(TAKER_RATES):
            shown = (prices or {}).get(symbol, QUIET)
            if shown:
                high[pair], low[pair] = shown[1], shown[2]
                candle = _candle(open_time, shown)
                self.history.candles.setdefault(pair, []).append(candle)
        return Minute(
            open_time=open_time,
            close_time=open_time + MINUTE_MS,
            high=high,
            low=low,
            matches=matches,
            btc=btc,
        )

    def settle(self, results: Sequence[float], first: int, setup: int = 0, apart: int = 60) -> None:
        """Record one published and settled alert a result (net R), so many minutes apart."""
        alert = decide(self.match(setup=setup), self.minute(0), SetupState.UNPROVEN, self.desk)
        assert isinstance(alert, Alert)
        for number, net_r in enumerate(results):
            at = first + number * apart * MINUTE_MS
            plan = replace(alert.plan, id=f"{at:016x}")
            (entry,) = self.append(EntryType.ALERT, alert_body(replace(alert, plan=plan)), at)
            self.append(EntryType.PUBLISHED, published_body(entry.seq, at, str(number), 1), at)
            kind = OutcomeKind.TARGET if net_r > 0 else OutcomeKind.STOP
            outcome = Outcome(kind=kind, net_r=Decimal(str(net_r)), gross_r=Decimal(0))
            self.append(EntryType.OUTCOME, outcome_body(entry.seq, outcome), at)

    def append(self, kind: EntryType, body: Body, at: int) -> Sequence[Entry]:
        """Append one entry."""
        return self.recording.append([Draft(type=kind, ts=at, body=body)])

    def pass_minute(
        self,
        number: int,
        prices: Mapping[str, Prices | None] | None = None,
        matches: Sequence[Match] = (),
        btc: BtcState | None = CALM,
    ) -> None:
        """Let the watch work a minute through."""
        self.watch.minute(self.minute(number, prices, matches, btc), decided_at(number))

    def pass_late(self, number: int, prices: Mapping[str, Prices]) -> None:
        """Let the history learn candles of a past minute, in the place of what it knew."""
        open_time = CLOSE + (number - 1) * MINUTE_MS
        for symbol, shown in prices.items():
            pair = list(TAKER_RATES).index(symbol)
            known = [each for each in self.history.candles[pair] if each.open_time != open_time]
            late = _candle(open_time, shown)
            self.history.candles[pair] = sorted([*known, late], key=lambda each: each.open_time)


def decided_at(minute: int) -> int:
    """Return the instant at which a minute is decided."""
    return CLOSE + minute * MINUTE_MS + 2_500


def _candle(open_time: int, prices: Prices) -> Candle:
    values = dict(
        zip(("open", "high", "low", "close"), map(Decimal, map(str, prices)), strict=True)
    )
    return Candle(open_time=open_time, volume=Decimal(1), **values)


def _instrument(symbol: str) -> Instrument:
    return Instrument(
        venue="binanceusdm",
        symbol=symbol,
        tick=Decimal("0.01"),
        step=Decimal(1),
        min_qty=Decimal(1),
        min_notional=Decimal(5),
        contract_size=Decimal(1),
        taker_rate=Decimal(TAKER_RATES[symbol]),
        maker_rate=Decimal(0),
    )
