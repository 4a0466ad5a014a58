"""`signalbot resolve`: what became of one alert."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.output import emit, say_html

if TYPE_CHECKING:
    from signalbot.domain.outcome import Outcome


def resolve(  # noqa: PLR0913, PLR0917 - one parameter an option
    alert: Annotated[Path, typer.Option(help="JSON file: the plan and when it was published.")],
    candles: Annotated[Path, typer.Option(help="CSV file of candles, .csv or .csv.gz.")],
    finer: Annotated[Path | None, typer.Option(help="CSV file of shorter candles.")] = None,
    trades: Annotated[Path | None, typer.Option(help="CSV file: time,price,size.")] = None,
    funding: Annotated[Path | None, typer.Option(help="CSV file: time,rate.")] = None,
    timeframe: Annotated[str, typer.Option(help="1m or 5m, the step of the candles.")] = "1m",
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Tell what became of one alert, by the rules every outcome of the record follows."""
    from signalbot.app.resolving import AlertFiles, resolve_files
    from signalbot.domain.timeframe import timeframe as named
    from signalbot.rendering.outcome_text import outcome_text

    files = AlertFiles(
        alert=alert,
        candles=candles,
        timeframe=named(timeframe),
        finer=finer,
        trades=trades,
        funding=funding,
    )
    plan, outcome = resolve_files(files)
    if json:
        emit(_answer(outcome))
    else:
        say_html(outcome_text(plan, outcome))


def _answer(outcome: "Outcome") -> dict[str, Any]:
    from signalbot.record.outcome_bodies import outcome_body

    body = outcome_body(0, outcome)
    r_values = ("gross_r", "cost_r", "net_r", "worst_net_r", "best_net_r")
    numbers = {name: None if body[name] is None else float(body[name]) for name in r_values}
    return {
        name: numbers.get(name, value)
        for name, value in body.items()
        if name not in ("alert_seq", "evidence")
    }
