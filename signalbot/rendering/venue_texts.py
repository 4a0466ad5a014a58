"""The terms of one coin on the venues that are known, in Telegram's HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import plain
from signalbot.rendering.figures import money, percent, venue_title


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTerms:
    """What one venue asks of a trader of one coin; None is not known."""

    instrument: Instrument
    price: Decimal | None = None
    spread: Decimal | None = None
    max_leverage: Decimal | None = None
    funding_rate: Decimal | None = None

    @property
    def smallest_order(self) -> Decimal | None:
        """The smallest order in quote units; None while no price is known."""
        if self.price is None:
            return None
        smallest = max(self.instrument.min_qty, self.instrument.step) * self.price
        return max(smallest, self.instrument.min_notional)


def venues_text(coin: str, terms: Sequence[VenueTerms]) -> str:
    """Return how venues compare for a coin, the smallest order first."""
    if not terms:
        return f"{escape(coin)} is not known on any venue that this bot watches."
    ordered = sorted(terms, key=lambda each: each.smallest_order or Decimal("Infinity"))
    lines = [f"{escape(coin)}, cheapest smallest order first:"]
    return "\n".join([*lines, *(_line(each) for each in ordered)])


def _line(terms: VenueTerms) -> str:
    contract = terms.instrument
    order = "unknown" if terms.smallest_order is None else f"{money(terms.smallest_order)} USDT"
    parts = [
        f"smallest order {order}",
        f"taker {percent(contract.taker_rate, 3)}",
        f"maker {percent(contract.maker_rate, 3)}",
    ]
    if terms.spread is not None and terms.price:
        parts.append(f"spread {percent(terms.spread / terms.price, 3)}")
    if terms.max_leverage is not None:
        parts.append(f"at most {plain(terms.max_leverage)}x")
    if terms.funding_rate is not None:
        parts.append(f"funding {percent(terms.funding_rate, 4)}")
    if contract.assumed:
        parts.append(f"assumed: {', '.join(contract.assumed)}")
    return f"<b>{venue_title(contract.venue)}</b> · {' · '.join(parts)}"
