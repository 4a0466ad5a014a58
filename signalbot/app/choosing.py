"""The pairs of a venue, chosen: one look at it, the market caps, and the admins' words."""

from collections.abc import Mapping

from signalbot.config import Settings
from signalbot.domain.controls import Controls
from signalbot.domain.market_cap import CapTable
from signalbot.domain.survey import Survey
from signalbot.domain.universe import Universe, UniverseRules
from signalbot.market.coin_names import match_coins
from signalbot.market.coingecko import ADDRESS, Source
from signalbot.market.market_caps import MarketCaps
from signalbot.service.choose_universe import choose_universe


def market_caps(settings: Settings) -> MarketCaps:
    """Return where the market caps of a configuration come from."""
    key = settings.coingecko_api_key
    source = Source(
        url=settings.coingecko_url or ADDRESS,
        key=None if key is None else key.get_secret_value(),
    )
    return MarketCaps(settings.market_caps_path, source, settings.signalbot_market_cap_hours)


def universe_of(
    survey: Survey,
    caps: CapTable,
    coin_ids: Mapping[str, str],
    controls: Controls,
    rules: UniverseRules,
) -> Universe:
    """Return the pairs of a venue that are watched, and why the others are not.

    Parameters
    ----------
    coin_ids : mapping of str to str
        Ids of coins by the venue's name, checked by a person (`market.coin_id_file`).
    """
    matches = match_coins(survey, caps.coins, coin_ids)
    return choose_universe(survey.listings, survey.trading, matches, controls, rules, survey.at)
