"""`signalbot venues` and `signalbot pairs`: what the venues offer now, and what is watched."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.output import emit, note, say, say_html
from signalbot.errors import InputError

if TYPE_CHECKING:
    from signalbot.app.looking import Compared, Pairs
    from signalbot.config import Settings
    from signalbot.domain.universe import Chosen, Reason
    from signalbot.rendering.venue_texts import VenueRow, VenueTerms

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def venues(
    symbol: Annotated[str, typer.Argument(metavar="SYMBOL", help="A coin, such as layer.")],
    venues: Annotated[
        str | None, typer.Option(metavar="A,B", help="Venues to ask; else all six.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare venues for one coin: smallest order, spread, fees, leverage, funding."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.looking import compared_now
    from signalbot.config import VENUES
    from signalbot.domain.symbols import unified
    from signalbot.rendering.venue_texts import venues_text

    settings = load_configuration()
    unified(symbol)  # refused before anybody is asked
    found = compared_now(settings, symbol, VENUES if venues is None else _venues(venues))
    if json:
        emit(_comparison(found))
        return
    say_html(venues_text(found.comparison.coin, found.comparison.rows))
    _note(found.troubles)


def pairs(
    venue: Annotated[
        str | None, typer.Option(help="Venue; else the first of SIGNALBOT_VENUES.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(metavar="SYMBOL", help="Only this pair, and every reason.")
    ] = None,
    json: Json = False,
) -> None:
    """Print the pairs that would be watched now, and how many fell to each filter."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.looking import pairs_now
    from signalbot.domain.symbols import unified
    from signalbot.rendering.universe_text import caps_text, counts_text, why_text
    from signalbot.service.named_pairs import meant

    settings = load_configuration()
    asked = _venue(settings, venue)
    if why is not None:
        unified(why)  # refused before anybody is asked
    found = pairs_now(settings, asked)
    listings, universe = found.survey.listings, found.universe
    symbol = None if why is None else meant(why, listings)
    if json:
        emit(_pairs(found) if symbol is None else _why(found, symbol))
        return
    if symbol is None:
        say(counts_text(listings, universe))
        say(", ".join(universe.symbols) or "none")
    else:
        say(why_text(symbol, listings, universe))
    say(caps_text(found.caps, found.survey.at))
    _note(found.survey.troubles)


def _note(troubles: Iterable[str]) -> None:
    for trouble in troubles:
        note(trouble)


def _venues(text: str) -> list[str]:
    names = [_known_venue(name.strip()) for name in text.split(",")]
    if len(set(names)) < len(names):
        raise InputError("venues", text, "each venue once")
    return names


def _venue(settings: "Settings", name: str | None) -> str:
    return settings.signalbot_venues[0] if name is None else _known_venue(name)


def _known_venue(name: str) -> str:
    from signalbot.config import VENUES

    if name not in VENUES:
        raise InputError("venue", name, f"one of {', '.join(VENUES)}")
    return name


def _comparison(found: "Compared") -> dict[str, Any]:
    from signalbot.domain.timeframe import iso
    from signalbot.rendering.venue_texts import in_order

    return {
        "coin": found.comparison.coin,
        "at": iso(found.at),
        "venues": [_row(each) for each in in_order(found.comparison.rows)],
        "troubles": list(found.troubles),
    }


def _row(row: "VenueRow") -> dict[str, Any]:
    from signalbot.rendering.venue_texts import NoTerms

    if isinstance(row, NoTerms):
        return {
            "venue": row.venue,
            "answered": row.answered,
            "listed": False if row.answered else None,
            "reason": row.why,
        }
    contract = row.instrument
    return {
        "venue": row.venue,
        "answered": True,
        "listed": True,
        "reason": row.closed,
        "symbol": contract.symbol,
        "multiplier": row.multiplier,
        "price": _text(row.price),
        "perhaps_another_coin": row.is_other_coin,
        "smallest_order": _text(row.smallest_order),
        "spread_rate": _spread_rate(row),
        "taker_rate": float(contract.taker_rate),
        "maker_rate": float(contract.maker_rate),
        "max_leverage": _number(row.max_leverage),
        "funding_rate": _number(row.funding_rate),
        "funding_interval_h": _number(row.funding_interval_h),
        "assumed": list(contract.assumed),
    }


def _spread_rate(row: "VenueTerms") -> float | None:
    from signalbot.domain.rounding import six_digits

    if row.spread is None or not row.price:
        return None
    return float(six_digits(float(row.spread / row.price)))


def _pairs(found: "Pairs") -> dict[str, Any]:
    from signalbot.rendering.universe_text import counts

    return {
        **_head(found),
        "watched": [_chosen(each) for each in found.universe.chosen],
        "counts": dict(counts(found.survey.listings, found.universe)),
    }


def _why(found: "Pairs", symbol: str) -> dict[str, Any]:
    from signalbot.rendering.universe_text import why_text

    listings, universe = found.survey.listings, found.universe
    removed = (each.reasons for each in universe.removed if each.symbol == symbol)
    excluded = (each for each in listings.excluded if each.symbol == symbol)
    reasons = [_reason(reason) for reason in next(removed, ())]
    reasons += [{"code": each.code.value, "note": each.note} for each in excluded]
    return {
        **_head(found),
        "symbol": symbol,
        "watched": symbol in universe.symbols,
        "reasons": reasons,
        "text": why_text(symbol, listings, universe),
    }


def _head(found: "Pairs") -> dict[str, Any]:
    from signalbot.domain.timeframe import iso

    fetched_at = found.caps.fetched_at
    return {
        "venue": found.survey.venue,
        "at": iso(found.survey.at),
        "market_caps": {
            "coins": len(found.caps.coins),
            "fetched_at": None if fetched_at is None else iso(fetched_at),
            "trouble": found.caps.trouble,
        },
        "troubles": list(found.survey.troubles),
    }


def _chosen(each: "Chosen") -> dict[str, Any]:
    return {
        "symbol": each.listing.symbol,
        "rank": _number(each.size.rank),
        "ranked_by": each.size.by.name.lower(),
        "by_admin": each.by_admin,
        "unchecked": list(each.unchecked),
        "despite": [_reason(reason) for reason in each.despite],
    }


def _reason(reason: "Reason") -> dict[str, str]:
    return {"code": reason.code.value, "note": reason.note}


def _text(value: Decimal | None) -> str | None:
    from signalbot.domain.rounding import plain

    return None if value is None else plain(value)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
