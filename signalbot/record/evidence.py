"""The evidence of an outcome, read back from its body (docs/ledger.md, "Evidence")."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.candles import FIELDS, Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.timeframe import from_iso
from signalbot.domain.trade import Quote, Trade
from signalbot.record.entries import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that decided an outcome; what had no say is empty."""

    rows: tuple[Candle, ...]
    finer_rows: tuple[Candle, ...] = ()
    trades: tuple[Trade, ...] = ()
    quote: Quote | None = None
    funding: tuple[FundingPayment, ...] = ()
    delisted_at: int | None = None


def evidence_of(body: Body) -> Evidence:
    """Return the evidence in the body of an outcome or a correction.

    Raises
    ------
    KeyError, TypeError, ValueError, ArithmeticError, InputError
        If it is not written as the ledger writes it.
    """
    told = body["evidence"]
    quote, delisted_at = told.get("quote"), told.get("delisted_at")
    return Evidence(
        rows=tuple(_candle(line) for line in told["rows"]),
        finer_rows=tuple(_candle(line) for line in told.get("finer_rows", ())),
        trades=tuple(_trade(line) for line in told.get("trades", ())),
        quote=None if quote is None else _quote(quote),
        funding=tuple(_payment(line) for line in told.get("funding", ())),
        delisted_at=None if delisted_at is None else from_iso(delisted_at),
    )


def _candle(line: str) -> Candle:
    open_time, *values = line.split(",")
    return Candle(open_time=int(open_time), **dict(zip(FIELDS, map(Decimal, values), strict=True)))


def _trade(line: str) -> Trade:
    time, price, size = line.split(",")
    return Trade(time=int(time), price=Decimal(price), size=Decimal(size))


def _quote(line: str) -> Quote:
    time, bid, ask = line.split(",")
    return Quote(time=int(time), bid=Decimal(bid), ask=Decimal(ask))


def _payment(line: str) -> FundingPayment:
    time, rate, price = line.split(",")
    return FundingPayment(time=int(time), rate=Decimal(rate), price=Decimal(price))
