"""The terms of one coin on the venues that are known, in Telegram's HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import plain
from signalbot.domain.same_coin import AGREEMENT
from signalbot.domain.universe_filters import smallest_notional
from signalbot.rendering.figures import money, percent, venue_title


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTerms:
    """What one venue asks of a trader of one coin; None is not known.

    Attributes
    ----------
    price : Decimal or None
        Of one unit of the contract, in USDT.
    spread : Decimal or None
        In USDT.
    funding_rate : Decimal or None
        The next one, per notional; longs pay a positive one.
    funding_interval_h : Decimal or None
        Hours between two payments.
    multiplier : int
        Coins in one unit of the contract: 1000 for `1000PEPE`.
    closed : str or None
        Why no position can be opened there.
    is_other_coin : bool
        Whether its price says that it is perhaps another coin of that name.
    """

    instrument: Instrument
    price: Decimal | None = None
    spread: Decimal | None = None
    max_leverage: Decimal | None = None
    funding_rate: Decimal | None = None
    funding_interval_h: Decimal | None = None
    multiplier: int = 1
    closed: str | None = None
    is_other_coin: bool = False

    @property
    def venue(self) -> str:
        """The venue, as ccxt names it."""
        return self.instrument.venue

    @property
    def smallest_order(self) -> Decimal | None:
        """The smallest order in quote units, on the step; None while no price is known."""
        return smallest_notional(self.instrument, self.price) if self.price else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTerms:
    """A venue that has no terms for a coin, and why.

    Attributes
    ----------
    why : str
        What stands behind the name of the venue: `not listed`.
    answered : bool
        Whether the venue itself says so.
    """

    venue: str
    why: str
    answered: bool = True


VenueRow = VenueTerms | NoTerms
"""A venue in a comparison."""


def in_order(rows: Sequence[VenueRow]) -> list[VenueRow]:
    """Return venues as they are shown: the smallest order first, those without terms last."""
    return sorted(rows, key=_rank)


def venues_text(coin: str, rows: Sequence[VenueRow]) -> str:
    """Return how venues compare for a coin, the smallest order first."""
    if not rows:
        return f"{escape(coin)} is not known on any venue that this bot watches."
    lines = [f"{escape(coin)}, cheapest smallest order first:"]
    return "\n".join([*lines, *(_line(each) for each in in_order(rows))])


def _rank(row: VenueRow) -> tuple[int, Decimal]:
    if isinstance(row, NoTerms):
        return 2, Decimal(0)
    is_odd = row.is_other_coin or row.closed is not None
    order = row.smallest_order
    return int(is_odd), Decimal("Infinity") if order is None else order


def _line(row: VenueRow) -> str:
    parts = [escape(row.why)] if isinstance(row, NoTerms) else _terms(row)
    return f"<b>{venue_title(row.venue)}</b> · {' · '.join(parts)}"


def _terms(terms: VenueTerms) -> list[str]:
    contract = terms.instrument
    order = "unknown" if terms.smallest_order is None else f"{money(terms.smallest_order)} USDT"
    parts = [
        *_warnings(terms),
        f"smallest order {order}",
        f"taker {percent(contract.taker_rate, 3)}",
        f"maker {percent(contract.maker_rate, 3)}",
    ]
    if terms.spread is not None and terms.price:
        parts.append(f"spread {percent(terms.spread / terms.price, 3)}")
    if terms.max_leverage is not None:
        parts.append(f"at most {plain(terms.max_leverage)}x")
    if terms.funding_rate is not None:
        hours = terms.funding_interval_h
        often = "" if hours is None else f" every {plain(hours)} h"
        parts.append(f"funding {percent(terms.funding_rate, 4)}{often}")
    if contract.assumed:
        parts.append(f"assumed: {', '.join(contract.assumed)}")
    return parts


def _warnings(terms: VenueTerms) -> list[str]:
    found = []
    if terms.multiplier != 1:
        found.append(f"traded by the {terms.multiplier:,}")
    if terms.is_other_coin:
        off = percent(AGREEMENT, 0)
        found.append(f"perhaps another coin: its price is more than {off} off")
    if terms.closed is not None:
        found.append(f"cannot be opened: {escape(terms.closed)}")
    return found
