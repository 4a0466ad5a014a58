import re
from dataclasses import astuple, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.costs import CostRates, Levels, unit_costs
from signalbot.risk.sizing import Order, leverage_cap, size_position

RULES = Rules()
TOO_SMALL = {RefusalCode.BELOW_MIN_QTY, RefusalCode.BELOW_MIN_NOTIONAL}


def numbers(low: int, high: int, exponent: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number).scaleb(exponent))


def powers(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(Decimal(1).scaleb)


@st.composite
def orders(draw, share_of_entry: int = 9_000) -> Order:
    # the entry has four digits and lies between 1e-9 and 1e6, distances are parts in 10,000 of it
    side = draw(st.sampled_from(Side))
    entry = draw(numbers(1_000, 9_999, -3)) * draw(powers(-9, 5))
    part = entry / 10_000
    levels = Levels(
        side=side,
        entry=entry,
        stop=entry - side.sign * draw(st.integers(5, share_of_entry)) * part,
        target=entry + side.sign * draw(st.integers(1, 9_000)) * part,
    )
    fee, slip = numbers(0, 100, -5), numbers(0, 100, -5)
    rates = CostRates(
        fee_in=draw(fee),
        fee_stop=draw(fee),
        fee_target=draw(fee),
        slip_in=draw(slip),
        slip_stop=draw(slip),
    )
    step = draw(powers(-8, 7))
    instrument = Instrument(
        venue="binanceusdm",
        symbol="LAYER/USDT:USDT",
        tick=part,
        step=step,
        min_qty=draw(st.integers(0, 30)) * step / 2,
        min_notional=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(100)])),
        contract_size=Decimal(1),
        taker_rate=rates.fee_stop,
        maker_rate=rates.fee_target,
    )
    return Order(
        levels=levels,
        rates=rates,
        costs=unit_costs(levels, rates),
        instrument=instrument,
        depth=draw(st.none() | numbers(0, 10**9, -3)),
    )


PROFILES = st.builds(
    Profile,
    equity=numbers(1, 10**8, -2),
    risk_pct=numbers(1, 3_000, -2),
    leverage=st.integers(1, 125).map(Decimal),
)


def tied_up(order: Order, qty: Decimal, leverage: Decimal) -> Fraction:
    """Margin and both fees of a position: q(E'/L + f_in E' + f_stop E')."""
    sign, rates = order.levels.side.sign, order.rates
    entry = Fraction(order.levels.entry) * (1 + sign * Fraction(rates.slip_in))
    fees = Fraction(rates.fee_in) + Fraction(rates.fee_stop)
    return Fraction(qty) * entry * (1 / Fraction(leverage) + fees)


@settings(deadline=None)
@given(order=orders(), profile=PROFILES)
def test_a_stop_never_costs_more_than_was_risked_nor_a_position_more_than_there_is(order, profile):
    sizing = size_position(order, profile, RULES)

    if sizing.refusal is None:
        size, instrument = sizing.size, order.instrument
        assert Fraction(size.qty) * Fraction(order.costs.loss) <= Fraction(profile.risk_money)
        assert tied_up(order, size.qty, size.leverage) <= profile.equity
        assert size.qty >= max(instrument.min_qty, instrument.step)
        assert size.qty * min(order.levels.entry, order.levels.stop) >= instrument.min_notional
        assert order.depth is None or size.qty <= order.depth
        assert Fraction(size.qty) % Fraction(instrument.step) == 0


@settings(deadline=None)
@given(order=orders(), profile=PROFILES)
def test_one_step_more_would_break_a_limit(order, profile):
    sizing = size_position(order, profile, RULES)

    if sizing.refusal is None:
        more = sizing.size.qty + order.instrument.step
        assert (
            Fraction(more) * Fraction(order.costs.loss) > Fraction(profile.risk_money)
            or tied_up(order, more, sizing.size.leverage) > profile.equity
            or (order.depth is not None and more > order.depth)
        )


@settings(deadline=None)
@given(order=orders(), profile=PROFILES)
def test_any_price_and_step_gives_plain_numbers(order, profile):
    sizing = size_position(order, profile, RULES)

    assert all(value.is_finite() for value in astuple(sizing.size))
    size = sizing.size
    assert min(size.qty, size.notional, size.margin, size.loss_at_stop) > 0
    assert 1 <= size.leverage <= max(profile.leverage, 1)
    if sizing.refusal:
        assert not re.search(r"\dE|NaN|Inf|-\d", sizing.refusal.message)


@settings(deadline=None)
@given(order=orders(), profile=PROFILES)
def test_the_equity_a_refusal_names_fits_and_a_cent_less_does_not(order, profile):
    refusal = size_position(order, profile, RULES).refusal

    if refusal and refusal.code in TOO_SMALL | {RefusalCode.INSUFFICIENT_MARGIN}:
        named = re.search(r"(?:fits from|order needs) ([0-9.]+)", refusal.message)[1]
        enough = replace(profile, equity=Decimal(named))
        assert enough.equity > profile.equity
        assert size_position(order, enough, RULES).refusal is None
        short = replace(profile, equity=enough.equity - Decimal("0.01"))
        assert size_position(order, short, RULES).refusal is not None


@settings(deadline=None)
@given(order=orders(), profile=PROFILES, leverage=st.integers(1, 125).map(Decimal))
def test_leverage_moves_the_margin_and_never_the_loss_at_the_stop(order, profile, leverage):
    one = size_position(order, profile, RULES)
    other = size_position(order, replace(profile, leverage=leverage), RULES)

    by_risk = Fraction(profile.risk_money) / Fraction(order.costs.loss)
    if tied_up(order, by_risk, Decimal(1)) <= profile.equity:  # no leverage is needed to afford it
        assert other.size.qty == one.size.qty
        assert other.size.loss_at_stop == one.size.loss_at_stop
        assert other.size.gain_at_target == one.size.gain_at_target
        assert other.size.margin == other.size.notional / other.size.leverage


@settings(deadline=None)
@given(order=orders(), profile=PROFILES, scale=powers(-6, 6))
def test_a_price_in_another_unit_gives_the_same_trade(order, profile, scale):
    levels, instrument = order.levels, order.instrument
    scaled_levels = replace(
        levels,
        entry=levels.entry * scale,
        stop=levels.stop * scale,
        target=levels.target * scale,
    )
    scaled = replace(
        order,
        levels=scaled_levels,
        costs=unit_costs(scaled_levels, order.rates),
        instrument=replace(
            instrument,
            tick=instrument.tick * scale,
            step=instrument.step / scale,
            min_qty=instrument.min_qty / scale,
        ),
        depth=None if order.depth is None else order.depth / scale,
    )

    one, other = (size_position(each, profile, RULES) for each in (order, scaled))

    assert (other.refusal is None) == (one.refusal is None)
    assert other.refusal is None or other.refusal.code is one.refusal.code
    assert replace(other.size, qty=other.size.qty * scale) == one.size


@settings(deadline=None)
@given(order=orders(share_of_entry=3_000), profile=PROFILES)
def test_more_equity_never_gives_a_smaller_position(order, profile):
    richer = replace(profile, equity=2 * profile.equity)

    small, large = (size_position(order, each, RULES) for each in (profile, richer))

    if small.refusal is None:
        assert large.refusal is None
        assert large.size.qty >= small.size.qty


@settings(deadline=None)
@given(
    distance=st.integers(1, 3_000),
    maintenance=numbers(1, 500, -4),
    fee=numbers(0, 10, -4),
    stops=st.integers(1, 3),
)
def test_at_the_leverage_cap_liquidation_lies_exactly_so_many_stops_away(
    distance, maintenance, fee, stops
):
    entry = Decimal(10_000)
    for side in Side:
        stop = entry - side.sign * distance
        levels = Levels(side=side, entry=entry, stop=stop, target=entry + side.sign)
        cap = leverage_cap(levels, Decimal(stops), maintenance, fee)

        # isolated margin E/L on the mark price: P = (E/L - s E) / (m + f - s)
        liquidation = (entry / cap - side.sign * entry) / (maintenance + fee - side.sign)
        assert abs(liquidation - (entry - side.sign * stops * distance)) < Decimal("1e-18")


@settings(deadline=None)
@given(distance=st.integers(1, 3_000), maintenance=numbers(1, 500, -4))
def test_a_short_bears_no_more_leverage_than_its_mirrored_long(distance, maintenance):
    caps = {}
    for side in Side:
        stop = Decimal(10_000 - side.sign * distance)
        target = Decimal(10_000 + side.sign)
        levels = Levels(side=side, entry=Decimal(10_000), stop=stop, target=target)
        caps[side] = leverage_cap(levels, Decimal(3), maintenance, Decimal("0.0005"))

    assert caps[Side.SHORT] < caps[Side.LONG]
