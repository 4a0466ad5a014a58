"""What holds for every alert on every market."""

from dataclasses import replace
from decimal import Decimal

from fakes.drawn_market import FIRST, PARTS, DrawnCase, drawn_cases
from hypothesis import given, settings

from signalbot.domain.candles import Candle
from signalbot.domain.outcome import DECIDED, OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.trade import Quote, Trade
from signalbot.outcomes.resolve import resolve
from signalbot.outcomes.tape import taped


def known_at(case: DrawnCase, now: int) -> dict[str, object]:
    """What of the market is known then: closed candles, and the tape as it was recorded."""
    market, span = case.market, taped(case.market)
    # that no candle follows is known when the last one has closed
    is_over = market.delisted_at is not None and now >= market.delisted_at + market.step_ms
    return {
        "candles": [row for row in market.candles if row.open_time + market.step_ms <= now],
        "finer": [row for row in market.finer if row.open_time + market.finer_step_ms <= now],
        "trades": [trade for trade in market.trades if trade.time < now],
        "taped": range(span.start, min(span.stop, now)),
        "delisted_at": market.delisted_at if is_over else None,
    }


@settings(max_examples=300)
@given(drawn_cases())
def test_a_decision_does_not_change_when_more_of_the_market_follows(case):
    market, decided = case.market, None

    for now in range(FIRST, FIRST + 11 * market.step_ms, market.step_ms // PARTS):
        outcome = case.resolve(**known_at(case, now))
        assert decided in (None, outcome)
        if outcome.kind is not OutcomeKind.OPEN:
            decided = outcome


@given(drawn_cases())
def test_candles_before_the_entry_never_matter(case):
    since = case.starts_at - case.starts_at % case.market.step_ms

    outcome = case.resolve(
        candles=[row for row in case.market.candles if row.open_time >= since],
        finer=[row for row in case.market.finer if row.open_time >= since],
    )

    assert outcome == case.resolve()


@given(drawn_cases())
def test_net_r_lies_within_its_bounds_and_only_a_doubt_has_two(case):
    outcome = case.resolve()

    assert (outcome.net_r is not None) is (outcome.kind in DECIDED)
    if outcome.net_r is not None:
        assert outcome.worst_net_r <= outcome.net_r <= outcome.best_net_r
        assert outcome.ambiguous or outcome.worst_net_r == outcome.best_net_r


@given(drawn_cases())
def test_an_exit_never_comes_before_its_fill(case):
    outcome = case.resolve()

    if outcome.exit_at is not None:
        assert outcome.exit_at >= outcome.filled_at


def mirrored_candle(row: Candle) -> Candle:
    return replace(
        row, open=200 - row.open, high=200 - row.low, low=200 - row.high, close=200 - row.close
    )


def mirrored_trade(trade: Trade) -> Trade:
    return replace(trade, price=200 - trade.price)


def mirrored_quote(quote: Quote | None) -> Quote | None:
    return quote and replace(quote, bid=200 - quote.ask, ask=200 - quote.bid)


@given(drawn_cases())
def test_a_short_is_a_long_in_the_mirror(case):
    plan, market = case.plan, replace(case.market, funding=())
    free = dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate"), Decimal(0))
    turned = replace(
        plan,
        side=Side.SHORT if plan.side is Side.LONG else Side.LONG,
        **{name: 200 - getattr(plan, name) for name in ("entry", "stop", "target")},
        **free,
    )
    over = replace(
        market,
        candles=[mirrored_candle(row) for row in market.candles],
        finer=[mirrored_candle(row) for row in market.finer],
        trades=[mirrored_trade(trade) for trade in market.trades],
        quote=mirrored_quote(market.quote),
    )

    outcome = resolve(replace(plan, **free), case.published_at, market)
    image = resolve(turned, case.published_at, over)

    turned_back = replace(
        image,
        fill_price=None if image.fill_price is None else 200 - image.fill_price,
        exit_price=None if image.exit_price is None else 200 - image.exit_price,
        evidence=tuple(mirrored_candle(row) for row in image.evidence),
        finer_evidence=tuple(mirrored_candle(row) for row in image.finer_evidence),
        trade_evidence=tuple(mirrored_trade(trade) for trade in image.trade_evidence),
        quote_evidence=mirrored_quote(image.quote_evidence),
    )
    assert turned_back == outcome
