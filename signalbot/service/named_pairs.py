"""The contract of a venue that a person means, watched or not."""

from signalbot.domain.listing import Listings
from signalbot.domain.symbols import find_symbol, unified
from signalbot.errors import InputError


def known_symbols(listings: Listings) -> tuple[str, ...]:
    """Return every USDT perpetual of a venue, those that are not looked at too."""
    excluded = (each.symbol for each in listings.excluded)
    named = {each.symbol for each in listings.listed}.union(excluded)
    return tuple(sorted(each for each in named if each.endswith("/USDT:USDT")))


def meant(text: str, listings: Listings) -> str:
    """Return the contract that a text means: one of the venue's, or one that it does not list.

    Raises
    ------
    InputError
        If it cannot be the name of a contract.
    """
    try:
        return find_symbol(text, known_symbols(listings))
    except InputError:
        return unified(text)
