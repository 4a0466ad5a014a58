"""The contracts of the generated market: invented names, and a character for each.

Characters are drawn from the ranges measured on real perpetuals. Every trait is stratified over
the pairs, so that nine pairs show the same spread of characters as four hundred.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.candles import Floats
from signalbot.domain.instrument import Instrument

Numbers = TypeVar("Numbers", float, Floats)

VENUE = "simulated"
NAMES = (
    *("MOCK", "TOY", "SHAM", "DUMMY", "FAUX", "DECOY", "PUPPET", "FABLE", "FIGMENT", "PRETEND"),
    *("PLYWOOD", "CARDBOARD", "RUBBER", "SAMPLE", "EXAMPLE", "PLACEBO", "REPLICA", "SCARECROW"),
    *("MANNEQUIN", "STUNT", "NESSIE", "GNOME", "GREMLIN", "HOBGOBLIN", "MARIONETTE", "LOREM"),
    *("IPSUM", "FOOBAR", "QUUX", "WIDGET", "DOODAD", "WHATSIT", "THINGY", "NONESUCH", "NEVERLAND"),
    *("SIMULACRUM", "BACKDROP", "COSTUME", "CHARADE", "PANTOMIME", "REHEARSAL", "UNDERSTUDY"),
    *("LOOKALIKE", "TINFOIL", "JESTER", "WOODEN", "CLOCKWORK", "SNOWGLOBE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """Character of one generated contract.

    Attributes
    ----------
    price : float
        Where it starts, in quote units.
    tick_exponent, step_exponent : int
        Tick and step are ten to these powers.
    volatility : float
        Standard deviation of its 1m log return.
    correlation : float
        Of its 1m return with the factor that all pairs share.
    fall : float
        How many times as far as BTC it falls in a cascade.
    jumps_per_day : float
        How often its price leaps alone.
    turnover : float
        Median quote value traded in a minute.
    depth : float
        Median quote value of the five best levels of one side of the book.
    spread_bps : float
        Width of the book if the tick were infinitely fine, in basis points.
    """

    symbol: str
    price: float
    tick_exponent: int
    step_exponent: int
    volatility: float
    correlation: float
    fall: float
    jumps_per_day: float
    turnover: float
    depth: float
    spread_bps: float

    def prices(self, ticks: Numbers) -> Numbers:
        """Return whole numbers of ticks as prices; each reads back as its exact decimal."""
        return _scale(ticks, self.tick_exponent)

    def quantities(self, steps: Numbers) -> Numbers:
        """Return whole numbers of steps as quantities in base units."""
        return _scale(steps, self.step_exponent)

    def in_ticks(self, prices: Numbers) -> Numbers:
        """Return prices in ticks, not rounded."""
        return _scale(prices, -self.tick_exponent)

    def in_steps(self, quantities: Numbers) -> Numbers:
        """Return quantities in steps, not rounded."""
        return _scale(quantities, -self.step_exponent)

    def instrument(self) -> Instrument:
        """Return the contract as a venue would describe it."""
        step = Decimal(10) ** self.step_exponent
        return Instrument(
            venue=VENUE,
            symbol=self.symbol,
            tick=Decimal(10) ** self.tick_exponent,
            step=step,
            min_qty=step,
            min_notional=Decimal(5),
            contract_size=Decimal(1),
            taker_rate=Decimal("0.0005"),
            maker_rate=Decimal("0.0002"),
        )


BITCOIN = Coin(
    symbol="BTC/USDT:USDT",
    price=100_000.0,
    tick_exponent=-1,
    step_exponent=-3,
    volatility=0.00053,
    correlation=0.88,
    fall=1.0,
    jumps_per_day=0.0,
    turnover=7e6,
    depth=500_000.0,
    spread_bps=0.005,
)


def draw_coins(rng: np.random.Generator, pairs: int) -> tuple[Coin, ...]:
    """Return BTC and `pairs - 1` invented small caps."""
    alts = pairs - 1
    tick_exponent = -_whole(2 + 7 * _strata(rng, alts))
    ticks = np.rint(1e4 / 8 ** _strata(rng, alts) ** 2)  # of 10 to 1.25 bp, most of them fine
    price = ticks / 10.0**-tick_exponent
    turnover = 1_000 * 300 ** _strata(rng, alts)
    traits = {
        "price": price,
        "tick_exponent": tick_exponent,
        "step_exponent": _whole(np.log10(0.5 / price)),  # a step is worth 5 to 50 cents
        "volatility": 0.00086 * 4.6 ** _strata(rng, alts) ** 2,
        "correlation": 0.9 - 0.8 * (1 - _strata(rng, alts)) ** 2.5,
        "fall": 1.5 + 1.5 * _strata(rng, alts),
        "jumps_per_day": 0.3 * 6 ** _strata(rng, alts),
        "turnover": turnover,
        "depth": 0.55 * turnover * np.exp(0.9 * rng.standard_normal(alts)),
        "spread_bps": 1.2 * np.exp(0.9 * rng.standard_normal(alts)),
    }
    rows = zip(*(values.tolist() for values in traits.values()), strict=True)
    named = (dict(zip(traits, row, strict=True)) for row in rows)
    alternatives = (Coin(symbol=_symbol(index), **row) for index, row in enumerate(named))
    return BITCOIN, *alternatives


def _symbol(index: int) -> str:
    name = NAMES[index] if index < len(NAMES) else f"TOY{index + 1}"
    return f"{name}/USDT:USDT"


def _strata(rng: np.random.Generator, count: int) -> Floats:
    return (rng.permutation(count) + rng.random(count)) / max(count, 1)


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.floor(values).astype(np.int64)


def _scale(values: Numbers, exponent: int) -> Numbers:
    # Dividing by a power of ten rounds correctly where multiplying by 0.001 would not.
    return values * 10.0**exponent if exponent >= 0 else values / 10.0**-exponent
