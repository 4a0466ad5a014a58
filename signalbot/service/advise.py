"""Ask the risk desk; what is not given comes from stored metadata, else from listed defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.domain.instrument import ASSUMED_MIN_NOTIONAL, Instrument, assumed_step
from signalbot.domain.profile import Profile
from signalbot.domain.rounding import ceil_to, floor_to, plain
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.symbols import find_symbol, unified
from signalbot.errors import InputError
from signalbot.risk.advice import Advice, Ask, advise
from signalbot.risk.book_walk import default_slippage
from signalbot.risk.costs import Levels, market_rates, replay_slippage, unit_costs
from signalbot.risk.guards import GuardRules
from signalbot.risk.sizing import Order
from signalbot.risk.tiers import Tier
from signalbot.risk.venue_rules import DEFAULT_VENUE, rule_for

DEFAULT_RISK_PCT = Decimal("0.5")
DEFAULT_LEVERAGE = Decimal(3)
HIGHEST_RATE = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeInput:
    """What a user says of a trade; None is what was left out.

    Rates are fractions of notional, `risk_pct` per cent of equity. `step` and `min_qty` count in
    contracts of `contract_size` base units.
    """

    entry: Decimal
    stop: Decimal
    equity: Decimal
    target: Decimal | None = None
    side: Side | None = None
    venue: str | None = None
    symbol: str | None = None
    risk_pct: Decimal | None = None
    leverage: Decimal | None = None
    taker_rate: Decimal | None = None
    maker_rate: Decimal | None = None
    slippage_rate: Decimal | None = None
    spread: Decimal | None = None
    tick: Decimal | None = None
    step: Decimal | None = None
    min_qty: Decimal | None = None
    min_notional: Decimal | None = None
    contract_size: Decimal | None = None
    max_leverage: Decimal | None = None
    tiers: Sequence[Tier] = ()
    accepts_high_risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The desk's advice, what it was asked about, and what had to be assumed for it."""

    ask: Ask
    advice: Advice
    symbol: str | None
    assumed: Mapping[str, str]


@dataclass(slots=True)
class _Filled:
    """Values taken as given, from the stored instrument, or from a default that is listed."""

    stored: Instrument | None
    assumed: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, given: Decimal | None, default: Decimal) -> Decimal:
        if given is not None:
            return given
        if self.stored is not None and name not in self.stored.assumed:
            known = getattr(self.stored, name, None)
            if isinstance(known, Decimal):
                return known
        self.assumed[name] = plain(default)
        return default


def ask_desk(given: SizeInput, known: Mapping[str, Instrument], rules: Rules) -> Answer:
    """Return size, costs and liquidation of a trade.

    Parameters
    ----------
    known : mapping of str to Instrument
        Stored metadata of the venue, by unified symbol; may be empty.

    Raises
    ------
    InputError
        Naming the field of the first value that makes no trade.
    """
    symbol = _symbol(given.symbol, known)
    filled = _Filled(stored=known.get(symbol or ""))
    venue = given.venue or _assume(filled, "venue", DEFAULT_VENUE)
    rule = rule_for(venue)
    instrument = _instrument(given, filled, symbol or "", venue)
    levels = _levels(given, filled, instrument.tick)
    slippage = _slippage(given, filled, levels.entry, instrument.tick, rules)
    rates = market_rates(instrument.taker_rate, instrument.maker_rate, slippage)
    order = Order(
        levels=levels,
        rates=rates,
        costs=unit_costs(levels, rates),
        instrument=instrument,
        tiers=given.tiers,
        max_leverage=given.max_leverage,
        basis=rule.basis,
    )
    if not given.tiers:
        filled.assumed["tiers"] = "unknown: maintenance from 1 % to 5 %"
    ask = Ask(
        order=order,
        profile=Profile(
            equity=given.equity,
            risk_pct=filled.take("risk_pct", given.risk_pct, DEFAULT_RISK_PCT),
            leverage=filled.take("leverage", given.leverage, DEFAULT_LEVERAGE),
        ),
        venue_rule=rule,
        has_target=given.target is not None,
        spread=given.spread,
        knows_tick="tick" not in filled.assumed,
        chose_leverage=given.leverage is not None,
        accepts_high_risk=given.accepts_high_risk,
    )
    advice = advise(ask, rules, GuardRules())
    return Answer(ask=ask, advice=advice, symbol=symbol, assumed=filled.assumed)


def _assume(filled: _Filled, name: str, value: str) -> str:
    filled.assumed[name] = value
    return value


def _symbol(text: str | None, known: Mapping[str, Instrument]) -> str | None:
    if text is None:
        return None
    return find_symbol(text, known) if known else unified(text)


def _instrument(given: SizeInput, filled: _Filled, symbol: str, venue: str) -> Instrument:
    rule = rule_for(venue)
    contract = filled.take("contract_size", given.contract_size, Decimal(1))
    step = None if given.step is None else given.step * contract
    min_qty = None if given.min_qty is None else given.min_qty * contract
    return Instrument(
        venue=venue,
        symbol=symbol,
        tick=filled.take("tick", given.tick, _finest(given)),
        step=filled.take("step", step, contract if contract != 1 else assumed_step(given.entry)),
        min_qty=filled.take("min_qty", min_qty, Decimal(0)),
        min_notional=filled.take("min_notional", given.min_notional, ASSUMED_MIN_NOTIONAL),
        contract_size=contract,
        taker_rate=_rate("taker_bps", filled.take("taker_rate", given.taker_rate, rule.taker_rate)),
        maker_rate=_rate("maker_bps", filled.take("maker_rate", given.maker_rate, rule.maker_rate)),
    )


def _rate(name: str, rate: Decimal) -> Decimal:
    if rate >= HIGHEST_RATE:
        raise InputError(name, plain(rate * 10_000), "basis points below 1000")
    return rate


def _finest(given: SizeInput) -> Decimal:
    prices = [price for price in (given.entry, given.stop, given.target) if price is not None]
    # as they were typed: 1.0420 means a tick of 0.0001
    places = max(max(-int(price.as_tuple().exponent), 0) for price in prices)
    return Decimal(1).scaleb(-places)


def _levels(given: SizeInput, filled: _Filled, tick: Decimal) -> Levels:
    if given.entry == given.stop:
        raise InputError("stop", plain(given.stop), "another price than the entry")
    below = given.stop < given.entry
    side = given.side
    if side is None:
        side = Side.LONG if below else Side.SHORT
        filled.assumed["side"] = side.value
    place = "below" if side is Side.LONG else "above"
    if below is not (side is Side.LONG):
        raise InputError("stop", plain(given.stop), f"{place} the entry of a {side}")
    target = given.target
    if target is not None and side.sign * (target - given.entry) <= 0:
        place = "above" if side is Side.LONG else "below"
        raise InputError("target", plain(target), f"{place} the entry of a {side}")
    return _on_tick(side, given, target, tick)


def _on_tick(side: Side, given: SizeInput, target: Decimal | None, tick: Decimal) -> Levels:
    worse, better = (ceil_to, floor_to) if side is Side.LONG else (floor_to, ceil_to)
    entry, stop = worse(given.entry, tick), better(given.stop, tick)
    stand_in = entry + (entry - stop)  # figures that need a target are left out
    levels = Levels(
        side=side,
        entry=entry,
        stop=stop,
        target=stand_in if target is None else better(target, tick),
    )
    if min(levels.entry, levels.stop) <= 0:
        raise InputError("tick", plain(tick), "finer than the prices")
    if target is not None and side.sign * (levels.target - levels.entry) <= 0:
        raise InputError("target", plain(target), f"at least one tick ({plain(tick)}) from entry")
    return levels


def _slippage(
    given: SizeInput, filled: _Filled, entry: Decimal, tick: Decimal, rules: Rules
) -> Decimal:
    if given.slippage_rate is not None:
        return _rate("slippage_bps", given.slippage_rate)
    if given.spread is not None:
        rate = default_slippage(entry, given.spread, tick)
        filled.assumed["slippage_rate"] = f"{plain(rate)} (half the spread and a tick)"
        return _slips_less("spread", given.spread, rate)
    if "tick" in filled.assumed:
        filled.assumed["slippage_rate"] = plain(rules.replay_slippage_rate)
        return rules.replay_slippage_rate
    rate = replay_slippage(entry, tick, rules)
    filled.assumed["slippage_rate"] = f"{plain(rate)} ({_bps_text(rules)} and half a tick)"
    return _slips_less("tick", tick, rate)


def _slips_less(name: str, value: Decimal, rate: Decimal) -> Decimal:
    if rate >= HIGHEST_RATE:
        raise InputError(name, plain(value), "small against the entry: a fill slips below 10 %")
    return rate


def _bps_text(rules: Rules) -> str:
    return f"{plain(rules.replay_slippage_rate * 10_000)} bp"
