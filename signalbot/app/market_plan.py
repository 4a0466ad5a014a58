"""How a venue is watched: which, where, and what is asked of its pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signalbot.domain.universe import UniverseRules
from signalbot.market.market_caps import MarketCaps
from signalbot.market.rest_candles import FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPlan:
    """How a venue is watched.

    Attributes
    ----------
    kind : str
        `live` or `simulation`.
    venue : str
        Whose language is spoken.
    name : str
        What the record calls it.
    url : str or None
        Another address for the venue.
    store : Path
        File of the candles.
    rules : UniverseRules
        What is asked of a pair.
    rows : int
        Minutes of every pair to begin with.
    caps : MarketCaps or None
        Where market caps come from; without them pairs are ranked by trade, which says so.
    coin_ids : mapping of str to str
        Ids of coins by the venue's name, checked by a person.
    tiers_file : Path or None
        Maintenance tiers of a venue that does not tell them.
    """

    kind: str
    venue: str
    name: str
    url: str | None
    store: Path
    rules: UniverseRules
    rows: int = FEW
    caps: MarketCaps | None = None
    coin_ids: Mapping[str, str] = field(default_factory=dict)
    tiers_file: Path | None = None
