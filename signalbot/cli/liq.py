"""`signalbot liq`: where a position is liquidated, offline."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.numbers import not_negative, positive
from signalbot.cli.output import emit, say_html
from signalbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from signalbot.domain.side import Side
    from signalbot.rendering.risk_texts import LiquidationView
    from signalbot.risk.liquidation import Position
    from signalbot.risk.tiers import Tier
    from signalbot.risk.venue_rules import VenueRule

HIGHEST_LEVERAGE = 1_000
HIGHEST_RATE = Decimal("0.1")


def liq(  # noqa: PLR0913, PLR0917 - one parameter an option
    venue: Annotated[str, typer.Option(help="Venue, whose rule is used.")],
    side: Annotated[str, typer.Option(help="long or short.")],
    entry: Annotated[str, typer.Option(metavar="PRICE", help="Entry price.")],
    qty: Annotated[str, typer.Option(metavar="QTY", help="Quantity in base units.")],
    leverage: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Either this, or --margin.")
    ] = None,
    margin: Annotated[str | None, typer.Option(metavar="NUMBER", help="Margin in USDT.")] = None,
    added_margin: Annotated[
        str, typer.Option(metavar="NUMBER", help="Margin added later, in USDT.")
    ] = "0",
    tiers: Annotated[Path | None, typer.Option(help="JSON file of maintenance tiers.")] = None,
    symbol: Annotated[str | None, typer.Option(help="Pair, where the file holds many.")] = None,
    mmr: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Maintenance rate: 0.015 is 1.5 %.")
    ] = None,
    cum: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Maintenance amount, with --mmr.")
    ] = None,
    close_fee_rate: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Closing fee: 0.0006.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Estimate where one isolated position is liquidated, by the venue's own rule."""
    from signalbot.rendering.risk_texts import liquidation_text
    from signalbot.risk.venue_rules import rule_for
    from signalbot.service.liquidate import liquidation_view

    rule = rule_for(venue)
    position = _position(
        _sided(side),
        positive("entry", entry),
        positive("qty", qty),
        {"leverage": leverage, "margin": margin, "added-margin": added_margin},
    )
    fee_rate = _fee_rate(close_fee_rate, rule)
    if tiers is not None and mmr is not None:
        raise InputError("mmr", mmr, "either --tiers or --mmr")
    known = _tiers(tiers, symbol, rule) if tiers else _one_tier(mmr, cum)
    view = liquidation_view(position, rule, known, fee_rate, is_rate_only=tiers is None)
    if json:
        emit(_answer(view))
    else:
        say_html(liquidation_text(view))


def _sided(text: str) -> "Side":
    from signalbot.domain.side import Side

    if text not in ("long", "short"):
        raise InputError("side", text, "long or short")
    return Side(text)


def _position(
    side: "Side", entry: Decimal, qty: Decimal, money: "Mapping[str, str | None]"
) -> "Position":
    from signalbot.risk.liquidation import Position

    leverage, margin = money["leverage"], money["margin"]
    added = not_negative("added-margin", money["added-margin"] or "")
    if (leverage is None) == (margin is None):
        was = (
            "missing, and so is margin" if leverage is None else f"{leverage}, and margin {margin}"
        )
        raise InputError("leverage", was, "either --leverage or --margin")
    if margin is not None:
        return Position(
            side=side,
            entry=entry,
            qty=qty,
            margin=positive("margin", margin),
            added_margin=added,
        )
    times = positive("leverage", leverage or "")
    if not 1 <= times <= HIGHEST_LEVERAGE:
        raise InputError("leverage", leverage, f"1 to {HIGHEST_LEVERAGE}")
    return Position.leveraged(side=side, entry=entry, qty=qty, leverage=times, added_margin=added)


def _fee_rate(text: str | None, rule: "VenueRule") -> Decimal:
    if text is None:
        return rule.closing_fee_rate(rule.taker_rate)
    rate = not_negative("close-fee-rate", text)
    if rate >= HIGHEST_RATE:
        raise InputError("close-fee-rate", text, "a rate below 0.1, such as 0.0006")
    return rate


def _tiers(path: Path, symbol: str | None, rule: "VenueRule") -> "Sequence[Tier]":
    from signalbot.domain.symbols import unified
    from signalbot.market.tier_file import read_tiers

    name = None if symbol is None else unified(symbol)
    return read_tiers(path, name, recompute=rule.recomputes_amount)


def _one_tier(mmr: str | None, cum: str | None) -> "Sequence[Tier]":
    from signalbot.risk.tiers import single_tier

    if mmr is None:
        if cum is not None:
            raise InputError("cum", cum, "only with --mmr")
        return ()
    rate = positive("mmr", mmr)
    if rate >= 1:
        raise InputError("mmr", mmr, "a rate below 1: 0.015 is 1.5 %")
    return single_tier(rate, not_negative("cum", "0" if cum is None else cum))


def _answer(view: "LiquidationView") -> dict[str, Any]:
    from signalbot.domain.rounding import plain
    from signalbot.risk.liquidation import distance_pct

    found, entry = view.found, view.position.entry
    price = found.price
    return {
        "liquidation_price": None if price is None else plain(price),
        "liquidation_range": None
        if view.bounds is None
        else [None if end is None else plain(end) for end in view.bounds],
        "tier": None if view.is_rate_only else found.tier,
        "mmr": None if found.mmr is None else float(found.mmr),
        "cum": None if found.cum is None else plain(found.cum),
        "basis": view.rule.basis.value,
        "distance_pct": None if price is None else float(distance_pct(entry, price)),
        "refusals": [{"code": each.code.value, "message": each.message} for each in found.refusals],
        "estimate": True,
    }
