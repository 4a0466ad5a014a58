"""What became of an alert as a JSON body, with the rows from which anybody can derive it again."""

from decimal import Decimal
from typing import Any

from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.rounding import plain, ten_places
from signalbot.domain.timeframe import from_iso, iso
from signalbot.record.entries import Body


def outcome_body(alert_seq: int, outcome: Outcome) -> dict[str, Any]:
    """Return the body of an `outcome` entry, with the rows it can be derived from."""
    return {
        "alert_seq": alert_seq,
        "outcome": outcome.kind.value,
        "filled_at": _time(outcome.filled_at),
        "fill_price": _price(outcome.fill_price),
        "exit_at": _time(outcome.exit_at),
        "exit_price": _price(outcome.exit_price),
        "gross_r": _r(outcome.gross_r),
        "cost_r": _r(outcome.cost_r),
        "net_r": _r(outcome.net_r),
        "ambiguous": outcome.ambiguous,
        "worst_net_r": _r(outcome.worst_net_r),
        "best_net_r": _r(outcome.best_net_r),
        "candles_hash": outcome.candles_hash,
        "evidence": _evidence(outcome),
    }


def correction_body(alert_seq: int, corrects: int, outcome: Outcome, reason: str) -> Body:
    """Return the body of a `correction`: what an alert's newest outcome, at `corrects`, should be.

    The old entry stays; statistics take the newest one.
    """
    return outcome_body(alert_seq, outcome) | {"corrects": corrects, "reason": reason}


def outcome_of(body: Body) -> Outcome:
    """Return the outcome that a body holds, without the rows that decided it."""
    return Outcome(
        kind=OutcomeKind(body["outcome"]),
        filled_at=_instant(body["filled_at"]),
        exit_at=_instant(body["exit_at"]),
        ambiguous=body["ambiguous"],
        fill_price=_decimal(body["fill_price"]),
        exit_price=_decimal(body["exit_price"]),
        gross_r=_decimal(body["gross_r"]),
        cost_r=_decimal(body["cost_r"]),
        net_r=_decimal(body["net_r"]),
        worst_net_r=_decimal(body["worst_net_r"]),
        best_net_r=_decimal(body["best_net_r"]),
        funding_evidence=tuple(map(_payment, body["evidence"].get("funding", ()))),
    )


def _evidence(outcome: Outcome) -> Body:
    optional = {
        "finer_rows": [candle.csv_line() for candle in outcome.finer_evidence],
        "trades": [trade.csv_line() for trade in outcome.trade_evidence],
        "quote": outcome.quote_evidence.csv_line() if outcome.quote_evidence else None,
        "funding": [payment.csv_line() for payment in outcome.funding_evidence],
        "delisted_at": _time(outcome.delisted_at),
    }
    return {
        "rows": [candle.csv_line() for candle in outcome.evidence],
        "source": outcome.source,
        **{name: given for name, given in optional.items() if given},
    }


def _price(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _r(value: Decimal | None) -> str | None:
    return None if value is None else ten_places(value)


def _time(instant: int | None) -> str | None:
    return None if instant is None else iso(instant)


def _payment(line: str) -> FundingPayment:
    time, rate, price = line.split(",")
    return FundingPayment(time=int(time), rate=Decimal(rate), price=Decimal(price))


def _instant(text: str | None) -> int | None:
    return None if text is None else from_iso(text)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
