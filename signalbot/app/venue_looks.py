"""What other venues say of their contracts, looked at now and then, for who compares venues."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from signalbot.domain.survey import Survey
from signalbot.errors import UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.survey import survey
from signalbot.market.venue_client import venue_client
from signalbot.rendering.venue_texts import NoTerms

LONGEST_S = 60.0
"""Longest wait for one venue, in seconds."""


async def look_at_venue(venue: str, url: str | None, clock: Callable[[], int]) -> Survey:
    """Return what a venue says now, by a client that is closed afterwards.

    Raises
    ------
    UnavailableError
        If it does not answer in time.
    """
    client = venue_client(venue, url)
    try:
        async with asyncio.timeout(LONGEST_S):
            return await survey(venue, Calls(venue, client), clock())
    except TimeoutError as error:
        raise UnavailableError(f"{venue} did not answer within {LONGEST_S:g} s") from error
    finally:
        await client.close()


async def look_at_venues(
    venues: Sequence[str], urls: Mapping[str, str], clock: Callable[[], int]
) -> dict[str, Survey | UnavailableError]:
    """Return what every venue says now, or why one does not answer."""

    async def one(venue: str) -> Survey | UnavailableError:
        try:
            return await look_at_venue(venue, urls.get(venue), clock)
        except UnavailableError as error:
            return error

    return dict(zip(venues, await asyncio.gather(*map(one, venues)), strict=True))


def comparable(looks: Mapping[str, Survey | UnavailableError]) -> list[Survey | NoTerms]:
    """Return looks as a comparison takes them; why a venue is silent is for its operator."""
    return [
        NoTerms(venue=venue, why="did not answer", answered=False)
        if isinstance(look, UnavailableError)
        else look
        for venue, look in looks.items()
    ]
