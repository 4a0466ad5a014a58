"""Decide one match: an alert, or a refusal with a name.

The order of the gates is the order of the names a refusal is counted by: the setup's own record
first, then the market around it, the plan, and its size for the reference account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.analysis.btc_context import BtcState
from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, alert_id
from signalbot.domain.controls import Controls
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import TEN_PLACES, ceil_to, floor_to, from_float, six_digits
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.book_walk import default_slippage
from signalbot.risk.costs import Levels, market_rates, replay_slippage, unit_costs
from signalbot.risk.gates import refuse_cost, refuse_grid, refuse_levels, refuse_spread
from signalbot.risk.liquidation import Basis
from signalbot.risk.sizing import Order, size_position
from signalbot.service.minute import Minute
from signalbot.setups.setup import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every decision on one venue is made with.

    `basis` is that of its liquidation rule, `controls` what admins have changed.
    """

    venue: str
    instruments: Mapping[str, Instrument]
    profile: Profile
    rules: Rules
    basis: Basis = Basis.MARK
    controls: Controls = field(default_factory=Controls)


def decide(match: Match, minute: Minute, state: SetupState, desk: Desk) -> Alert | Refusal:
    """Return the alert that `match` becomes, or the first reason why it becomes none."""
    btc = minute.btc
    refusal = _refuse_switched_off(match, desk.controls) or _refuse_context(state, btc)
    if refusal or btc is None:
        return refusal or _BTC_UNKNOWN
    instrument = desk.instruments[match.symbol]
    levels = on_tick(match, instrument.tick)
    spread = minute.spreads.get(match.pair)
    refusal = _refuse_prices(levels, instrument.tick, spread, desk.rules)
    if refusal:
        return refusal
    slippage = _slippage(levels.entry, instrument.tick, spread, desk.rules)
    rates = market_rates(instrument.taker_rate, instrument.maker_rate, slippage)
    costs = unit_costs(levels, rates)
    refusal = refuse_cost(costs, desk.rules)
    if refusal:
        return refusal
    order = Order(levels=levels, rates=rates, costs=costs, instrument=instrument, basis=desk.basis)
    sizing = size_position(order, desk.profile, desk.rules)
    if sizing.refusal:
        return sizing.refusal
    return Alert(
        plan=_plan(match, levels, slippage, desk),
        setup=match.setup.name,
        version=match.setup.version,
        state=state,
        timeframe=match.setup.timeframe,
        candle_close=match.candle_close,
        breakeven_win_rate=_ten(costs.breakeven_win_rate),
        cost_r=_ten(costs.cost_r),
        reward_risk_net=_ten(costs.reward_risk_net),
        account=desk.profile,
        size=sizing.size,
        btc=_note(btc),
        reasons={name: six_digits(value) for name, value in match.reasons.items()},
    )


def match_id(match: Match, venue: str) -> str:
    """Return the id of the alert that `match` would become on this venue."""
    return alert_id(
        setup=match.setup.name,
        version=match.setup.version,
        venue=venue,
        symbol=match.symbol,
        timeframe=match.setup.timeframe.name,
        candle_close=match.candle_close,
        side=match.side,
    )


def on_tick(match: Match, tick: Decimal) -> Levels:
    """Return the prices of a match on the tick, rounded against whoever trades them.

    The entry is rounded to the worse fill, the stop away from it, the target towards it.
    """
    worse, better = (ceil_to, floor_to) if match.side is Side.LONG else (floor_to, ceil_to)
    return Levels(
        side=match.side,
        entry=worse(from_float(match.entry), tick),
        stop=better(from_float(match.stop), tick),
        target=better(from_float(match.target), tick),
    )


_SUSPENDED = Refusal(
    code=RefusalCode.SETUP_SUSPENDED,
    message="this version of the setup loses after costs; only a new version brings it back",
)
_ON_HOLD = Refusal(code=RefusalCode.ON_HOLD, message="an admin has put publishing on hold")
_SETUP_OFF = Refusal(code=RefusalCode.SETUP_OFF, message="an admin has switched this setup off")
_PAIR_OFF = Refusal(code=RefusalCode.PAIR_OFF, message="an admin has taken this pair off")
_BTC_UNKNOWN = Refusal(
    code=RefusalCode.BTC_UNKNOWN,
    message="BTC's candle of this minute is missing or its context still warms up",
)
_BTC_HALT = Refusal(
    code=RefusalCode.BTC_HALT,
    message="BTC moved too fast; alerts return when it has been calm for a while",
)


def _refuse_switched_off(match: Match, controls: Controls) -> Refusal | None:
    if controls.on_hold:
        return _ON_HOLD
    if controls.is_setup_off(match.setup.name):
        return _SETUP_OFF
    return _PAIR_OFF if controls.is_pair_off(match.symbol) else None


def _refuse_context(state: SetupState, btc: BtcState | None) -> Refusal | None:
    if state is SetupState.LOSING:
        return _SUSPENDED
    if btc is None:
        return _BTC_UNKNOWN
    return _BTC_HALT if btc.halted else None


def _refuse_prices(
    levels: Levels, tick: Decimal, spread: Decimal | None, rules: Rules
) -> Refusal | None:
    refusal = refuse_levels(levels) or refuse_grid(levels, tick, rules)
    if refusal is None and spread is not None:
        refusal = refuse_spread(levels, spread, rules)
    return refusal


def _slippage(entry: Decimal, tick: Decimal, spread: Decimal | None, rules: Rules) -> Decimal:
    if spread is None:
        return replay_slippage(entry, tick, rules)
    return default_slippage(entry, spread, tick)


def _plan(match: Match, levels: Levels, slippage_rate: Decimal, desk: Desk) -> Plan:
    instrument = desk.instruments[match.symbol]
    return Plan(
        id=match_id(match, desk.venue),
        venue=desk.venue,
        symbol=match.symbol,
        side=match.side,
        entry=levels.entry,
        stop=levels.stop,
        target=levels.target,
        tick=instrument.tick,
        latency_s=desk.rules.latency_s,
        max_hold_min=match.setup.max_hold_min,
        entry_ttl_min=desk.rules.entry_ttl_min,
        taker_rate=instrument.taker_rate,
        maker_rate=instrument.maker_rate,
        slippage_rate=slippage_rate,
    )


def _note(btc: BtcState) -> BtcNote:
    return BtcNote(
        return_5m=from_float(round(btc.return_5m, 6)),
        trend=btc.trend.value,
        volatility=btc.volatility.value,
    )


def _ten(value: Decimal) -> Decimal:
    return value.quantize(TEN_PLACES)
