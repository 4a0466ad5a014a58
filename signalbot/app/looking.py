"""Look at venues once, for a command: clients are opened, asked and closed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.app.choosing import market_caps, universe_of
from signalbot.app.venue_looks import comparable, look_at_venue, look_at_venues
from signalbot.config import Settings
from signalbot.domain.controls import Controls
from signalbot.domain.market_cap import CapTable
from signalbot.domain.survey import Survey
from signalbot.domain.universe import Universe
from signalbot.errors import UnavailableError
from signalbot.market.coin_id_file import read_coin_ids
from signalbot.market.public_tiers import tiers_of_file
from signalbot.service.compare_venues import Comparison, compare_venues
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.database import open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison, when it was made, and what was missing from it, in words for an operator."""

    comparison: Comparison
    at: int
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The pairs of a venue as they would be chosen now, and what they were chosen from."""

    survey: Survey
    caps: CapTable
    universe: Universe


def compared_now(settings: Settings, text: str, venues: Sequence[str]) -> Compared:
    """Return how venues compare for a coin now.

    Raises
    ------
    InputError
        If it is no coin, or none of the venues has it.
    UnavailableError
        If no venue answers.
    """
    looks = asyncio.run(look_at_venues(venues, settings.venue_urls, _now))
    surveys = [each for each in looks.values() if isinstance(each, Survey)]
    troubles = [str(each) for each in looks.values() if isinstance(each, UnavailableError)]
    if not surveys:
        raise UnavailableError(f"no venue answered: {'; '.join(troubles)}")
    tiers = {
        each.venue: tiers_of_file(settings.signalbot_tiers_file, each.listings.listed)
        for each in surveys
        if each.venue == "binanceusdm"
    }
    return Compared(
        comparison=compare_venues(text, comparable(looks), tiers),
        at=surveys[0].at,
        troubles=(*troubles, *(trouble for each in surveys for trouble in each.troubles)),
    )


def pairs_now(settings: Settings, venue: str) -> Pairs:
    """Return the pairs of a venue as they would be chosen now, by figures and by admins.

    Raises
    ------
    InputError
        If a file of the configuration is wrong.
    UnavailableError
        If the venue does not answer.
    """
    coin_ids = read_coin_ids(settings.signalbot_coin_ids_file)
    found, caps = asyncio.run(_with_caps(settings, venue))
    controls = _controls(settings)
    universe = universe_of(found, caps, coin_ids, controls, settings.universe_rules)
    return Pairs(survey=found, caps=caps, universe=universe)


async def _with_caps(settings: Settings, venue: str) -> tuple[Survey, CapTable]:
    return await asyncio.gather(
        look_at_venue(venue, settings.venue_urls.get(venue), _now),
        market_caps(settings).table(_now()),
    )


def _controls(settings: Settings) -> Controls:
    if not settings.database_path.exists():
        return Controls()
    with open_database(settings.database_path) as engine:
        return SqlControlLog(engine).controls()


def _now() -> int:
    return time.time_ns() // 1_000_000
