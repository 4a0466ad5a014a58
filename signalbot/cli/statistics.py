"""`signalbot stats`: the honest statistics of a record."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.output import emit, note, say
from signalbot.errors import InputError

if TYPE_CHECKING:
    from signalbot.app.records import Statistics
    from signalbot.stats.performance import Performance


def stats(
    db: Annotated[Path | None, typer.Option(help="Database of the bot or of a replay.")] = None,
    outcomes: Annotated[Path | None, typer.Option(help="CSV of settled alerts.")] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder to write the statistics to as pictures, too.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Print how the alerts did: after costs, with intervals, against break-even."""
    from signalbot.app.records import statistics_of_database, statistics_of_file
    from signalbot.domain.timeframe import day
    from signalbot.rendering.headline import headline
    from signalbot.rendering.statistics_text import refusals_text, statistics_text

    if db is not None and outcomes is None:
        found = statistics_of_database(db)
    elif outcomes is not None and db is None:
        found = statistics_of_file(outcomes)
    else:
        raise InputError("db", "with outcomes" if db else None, "either --db or --outcomes")
    if pictures is not None:
        _write_pictures(found, pictures)
    if json:
        emit(as_json(found.performance))
        return
    since = None if found.first_alert_at is None else day(found.first_alert_at)
    say(headline(found.performance, found.head, since))
    say(statistics_text(found.performance, found.head, since))
    if found.refusals:
        say(refusals_text(found.refusals))


def _write_pictures(found: "Statistics", folder: Path) -> None:
    from signalbot.app.pictures import write_pictures

    for path in write_pictures(found, folder):
        note(f"picture written to {path}")


def as_json(performance: "Performance") -> dict[str, Any]:
    """Return statistics as the JSON that the interface promises."""
    values = asdict(performance)
    values["buckets"] = {kind.value: count for kind, count in performance.buckets.items()}
    values["verdict"] = performance.verdict.value
    return values
