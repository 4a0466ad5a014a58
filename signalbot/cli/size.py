"""`signalbot size`: how much, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.numbers import not_negative, optional, positive
from signalbot.cli.output import emit, note, say_html
from signalbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from signalbot.config import Settings
    from signalbot.domain.instrument import Instrument
    from signalbot.domain.side import Side
    from signalbot.risk.tiers import Tier
    from signalbot.service.advise import Answer

BPS = 10_000
HIGHEST_BPS = 1_000
HIGHEST_RISK_PCT = 100
HIGHEST_LEVERAGE = 1_000


def size(  # noqa: PLR0913, PLR0917 - one parameter an option
    entry: Annotated[str, typer.Option(metavar="PRICE", help="Entry price.")],
    stop: Annotated[str, typer.Option(metavar="PRICE", help="Stop price.")],
    equity: Annotated[str, typer.Option(metavar="MONEY", help="Account in USDT.")],
    target: Annotated[str | None, typer.Option(metavar="PRICE", help="Target price.")] = None,
    side: Annotated[str | None, typer.Option(help="long or short; else by the stop.")] = None,
    venue: Annotated[str | None, typer.Option(help="Venue; binanceusdm if left out.")] = None,
    symbol: Annotated[str | None, typer.Option(help="Pair, written as you like.")] = None,
    risk_pct: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="0.5 means 0.5 % of the account.")
    ] = None,
    leverage: Annotated[str | None, typer.Option(metavar="NUMBER", help="3 if left out.")] = None,
    taker_bps: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Taker fee, basis points.")
    ] = None,
    maker_bps: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Maker fee, basis points.")
    ] = None,
    slippage_bps: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Slippage of a taker fill.")
    ] = None,
    spread: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Spread in price units.")
    ] = None,
    step: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Quantity step, in contracts.")
    ] = None,
    tick: Annotated[str | None, typer.Option(metavar="NUMBER", help="Price tick.")] = None,
    min_qty: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Smallest order, in contracts.")
    ] = None,
    min_notional: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Smallest order in USDT.")
    ] = None,
    contract_size: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Base units a contract.")
    ] = None,
    max_leverage: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Of the contract.")
    ] = None,
    tiers: Annotated[Path | None, typer.Option(help="JSON file of maintenance tiers.")] = None,
    accept_high_risk: Annotated[bool, typer.Option(help="Risk more than 1 % anyway.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Size a trade so that the stop costs what you chose, fees and slippage included."""
    from signalbot.app.configuration import load_configuration
    from signalbot.risk.venue_rules import DEFAULT_VENUE
    from signalbot.service.advise import SizeInput, ask_desk

    given = SizeInput(
        entry=positive("entry", entry),
        stop=positive("stop", stop),
        equity=positive("equity", equity),
        target=None if target is None else positive("target", target),
        side=_side(side),
        venue=venue,
        symbol=symbol,
        risk_pct=_risk(risk_pct),
        leverage=_at_least_one("leverage", leverage),
        taker_rate=_bps("taker-bps", taker_bps),
        maker_rate=_bps("maker-bps", maker_bps),
        slippage_rate=_bps("slippage-bps", slippage_bps),
        spread=optional("spread", spread),
        tick=None if tick is None else positive("tick", tick),
        step=None if step is None else positive("step", step),
        min_qty=optional("min-qty", min_qty),
        min_notional=optional("min-notional", min_notional),
        contract_size=None if contract_size is None else positive("contract-size", contract_size),
        max_leverage=_at_least_one("max-leverage", max_leverage),
        tiers=_tiers(tiers, symbol, venue),
        accepts_high_risk=accept_high_risk,
    )
    settings = load_configuration()
    known = _known(settings, venue or DEFAULT_VENUE) if symbol else {}
    answer = ask_desk(given, known, settings.rules)
    _print(answer, as_json=json)


def _known(settings: "Settings", venue: str) -> "Mapping[str, Instrument]":
    from signalbot.app.metadata import stored_instruments

    return stored_instruments(settings, venue)


def _print(answer: "Answer", *, as_json: bool) -> None:
    from signalbot.rendering.risk_texts import size_text

    if as_json:
        emit(_answer(answer))
        for warning in answer.advice.warnings:
            note(f"warning: {warning}")
    else:
        say_html(size_text(answer.ask, answer.advice, answer.symbol, answer.assumed))


def _answer(answer: "Answer") -> dict[str, Any]:
    from signalbot.domain.rounding import plain

    advice, size = answer.advice, answer.advice.size
    has_target = advice.breakeven_win_rate is not None
    return {
        "qty": plain(advice.qty),
        "notional": plain(size.notional),
        "margin": plain(size.margin),
        "leverage": float(size.leverage),
        "leverage_cap": float(advice.leverage_cap),
        "risk_money": plain(advice.risk_money),
        "loss_at_stop": plain(size.loss_at_stop),
        "gain_at_target": plain(size.gain_at_target) if has_target else None,
        "cost_r": float(advice.cost_r),
        "reward_risk_net": _number(advice.reward_risk_net),
        "breakeven_win_rate": _number(advice.breakeven_win_rate),
        "liquidation_price": _text(advice.liquidation_price),
        "liquidation_range": None
        if advice.liquidation_range is None
        else [_text(end) for end in advice.liquidation_range],
        "liquidation_distance_stops": _number(advice.liquidation_distance_stops),
        "refusals": [
            {"code": each.code.value, "message": each.message} for each in advice.refusals
        ],
        "assumed": dict(answer.assumed),
    }


def _text(value: "Decimal | None") -> str | None:
    from signalbot.domain.rounding import plain

    return None if value is None else plain(value)


def _number(value: "Decimal | None") -> float | None:
    return None if value is None else float(value)


def _side(text: str | None) -> "Side | None":
    from signalbot.domain.side import Side

    if text is None:
        return None
    if text not in ("long", "short"):
        raise InputError("side", text, "long or short")
    return Side(text)


def _risk(text: str | None) -> "Decimal | None":
    value = None if text is None else positive("risk-pct", text)
    if value is not None and value > HIGHEST_RISK_PCT:
        raise InputError("risk-pct", text, f"at most {HIGHEST_RISK_PCT} % of the account")
    return value


def _at_least_one(field: str, text: str | None) -> "Decimal | None":
    value = None if text is None else positive(field, text)
    if value is not None and not 1 <= value <= HIGHEST_LEVERAGE:
        raise InputError(field, text, f"1 to {HIGHEST_LEVERAGE}")
    return value


def _bps(field: str, text: str | None) -> "Decimal | None":
    value = None if text is None else not_negative(field, text)
    if value is not None and value >= HIGHEST_BPS:
        raise InputError(field, text, f"basis points below {HIGHEST_BPS}")
    return None if value is None else value / BPS


def _tiers(path: Path | None, symbol: str | None, venue: str | None) -> "Sequence[Tier]":
    if path is None:
        return ()
    from signalbot.domain.symbols import unified
    from signalbot.market.tier_file import read_tiers
    from signalbot.risk.venue_rules import DEFAULT_VENUE, rule_for

    rule = rule_for(venue or DEFAULT_VENUE)
    name = None if symbol is None else unified(symbol)
    return read_tiers(path, name, recompute=rule.recomputes_amount)
