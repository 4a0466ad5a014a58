"""`signalbot claim`: what an advertised win rate means."""

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from signalbot.cli.numbers import not_negative, positive
from signalbot.cli.output import emit, say_html
from signalbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from signalbot.stats.claim import Counts

HUNDRED = Decimal(100)
MOST_TRADES = 100_000


def claim(
    win_rate: Annotated[str, typer.Option(metavar="PER CENT", help="As advertised: 70.59.")],
    wins: Annotated[int | None, typer.Option(help="Wins, if they are told.")] = None,
    losses: Annotated[int | None, typer.Option(help="Losses, if they are told.")] = None,
    reward_risk: Annotated[
        str, typer.Option(metavar="NUMBER", help="Target over stop distance.")
    ] = "1",
    cost_r: Annotated[str, typer.Option(metavar="NUMBER", help="Costs of a trade in R.")] = "0.5",
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Explain an advertised win rate: the smallest record that gives it, and what it earns."""
    from signalbot.rendering.risk_texts import claim_text
    from signalbot.stats.claim import claim as claimed

    rate = not_negative("win-rate", win_rate.removesuffix("%").strip())
    if rate > HUNDRED:
        raise InputError("win-rate", win_rate, "per cent from 0 to 100")
    told = _told(wins, losses, rate)
    counts = (told,) if told else _smallest(rate, win_rate)
    geometry = float(positive("reward-risk", reward_risk)), float(not_negative("cost-r", cost_r))
    samples = tuple(claimed(each, *geometry) for each in counts)
    if json:
        emit({"win_rate_pct": float(rate), "samples": [asdict(each) for each in samples]})
    else:
        say_html(claim_text(win_rate.removesuffix("%").strip(), samples, reward_risk, cost_r))


def _smallest(rate: Decimal, text: str) -> "Sequence[Counts]":
    from signalbot.stats.claim import smallest_samples

    try:
        return smallest_samples(rate)
    except InputError as error:
        raise InputError("win-rate", text, error.allowed) from error


def _told(wins: int | None, losses: int | None, rate: Decimal) -> "Counts | None":
    from signalbot.stats.claim import Counts

    if wins is None and losses is None:
        return None
    for field, count in (("wins", wins), ("losses", losses)):
        if count is None:
            raise InputError(field, None, "a count: --wins and --losses belong together")
        if not 0 <= count <= MOST_TRADES:
            raise InputError(field, count, f"0 to {MOST_TRADES}")
    told = Counts(wins=wins or 0, losses=losses or 0)
    shown = HUNDRED * told.wins / max(told.n, 1)
    half_a_unit = Decimal(1).scaleb(int(rate.as_tuple().exponent)) / 2
    if abs(shown - rate) > half_a_unit:
        was = f"{told.wins} of {told.n}, {shown:.2f} %"
        raise InputError("wins", was, f"a count that gives the advertised {rate:f} %")
    return told
