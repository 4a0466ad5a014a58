"""A contract that every filter of the universe lets pass, and what may be changed of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from signalbot.domain.instrument import Instrument
from signalbot.domain.listing import Listing
from signalbot.domain.universe import Candidate, Trading

NOW = 1_790_000_000_000
DAY = 86_400_000


def listing(coin: str = "LAYER", *, listed_at: int | None = NOW - 90 * DAY, **of: Any) -> Listing:
    instrument = Instrument(
        venue="bybit",
        symbol=f"{coin}/USDT:USDT",
        tick=Decimal("0.0001"),
        step=Decimal(1),
        min_qty=Decimal(1),
        min_notional=Decimal(5),
        contract_size=Decimal(1),
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
    )
    return Listing(
        instrument=replace(instrument, **of), listed_at=listed_at, base_id=coin, coin=coin
    )


def trading(**changes: Any) -> Trading:
    usual = Trading(
        price=Decimal("0.5"),
        quote_volume=Decimal(20_000_000),
        open_interest=Decimal(5_000_000),
        spread=Decimal("0.0005"),
        depth=Decimal(50_000),
        move=Decimal("0.01"),
    )
    return replace(usual, **changes)


def candidate(coin: str = "LAYER", cap_rank: int | None = 310, **changes: Any) -> Candidate:
    return Candidate(listing=listing(coin), trading=trading(**changes), cap_rank=cap_rank)
