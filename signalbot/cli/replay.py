"""`signalbot replay`: the whole pipeline over recorded candles."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signalbot.cli.output import emit, note, progress_bar, say
from signalbot.errors import InputError

if TYPE_CHECKING:
    from signalbot.app.replaying import Replayed
    from signalbot.config import Settings
    from signalbot.market.recorded import RecordedMarket


def replay(  # noqa: PLR0913, PLR0917 - one parameter an option
    candles: Annotated[Path, typer.Option(help="Folder of candle files: <venue>/<timeframe>/...")],
    venue: Annotated[str, typer.Option(help="Venue, a folder in it.")],
    timeframe: Annotated[str, typer.Option(help="1m or 5m.")],
    db: Annotated[Path, typer.Option(help="Database; made if missing.")],
    symbols: Annotated[str, typer.Option(help="Only these pairs, comma-separated.")] = "",
    from_: Annotated[str, typer.Option("--from", help="Decide from this UTC time on.")] = "",
    to: Annotated[str, typer.Option(help="Read candles that close by this UTC time.")] = "",
    funding: Annotated[Path | None, typer.Option(help="Folder of funding rates.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Walk recorded candles minute by minute, as the live bot would, into a ledger."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.replaying import Account, Scene, replay_scene
    from signalbot.domain.timeframe import from_iso
    from signalbot.domain.timeframe import timeframe as named
    from signalbot.market.recorded import Selection, load

    settings = load_configuration()
    if _is_the_bots(db, settings):
        raise InputError("db", str(db), "another file: this one is the bot's own record")
    selection = Selection(
        folder=candles,
        venue=venue,
        timeframe=named(timeframe),
        symbols=[name.strip() for name in symbols.split(",") if name.strip()],
        until=from_iso(to, "to") if to else None,
        funding=funding,
    )
    market = load(selection)
    _warn(market)
    scene = Scene(
        kind="replay",
        venue=venue,
        panel=market.panel,
        btc=market.btc,
        instruments=market.instruments,
        history=market,
        since=from_iso(from_, "from") if from_ else None,
    )
    account = Account(profile=settings.reference_profile, rules=settings.rules)
    with progress_bar("Replaying") as progress:
        replayed = replay_scene(scene, db, account, progress=progress)
    if json:
        emit(_answer(market, replayed, db, scene.since))
    else:
        say(_text(replayed, db))


def _is_the_bots(db: Path, settings: "Settings") -> bool:
    is_same = db.resolve() == settings.database_path.resolve()
    return is_same and settings.signalbot_ledger_key_file.exists()


def _warn(market: "RecordedMarket") -> None:
    from signalbot.domain.rounding import plain

    if market.btc is None:
        note("no BTC_USDT_USDT in the folder: the BTC context is unknown, all matches are refused")
    if market.built_from:
        note(f"{market.panel.timeframe.name} candles are built from {market.built_from}")
    for symbol, count in market.gaps.items():
        if count:
            note(f"{symbol}: {count} candles are missing")
    for symbol, each in market.instruments.items():
        if each.assumed:
            values = (f"{name} {plain(getattr(each, name))}" for name in each.assumed)
            note(f"{symbol}: assumed {', '.join(values)}")


def _answer(
    market: "RecordedMarket", replayed: "Replayed", db: Path, since: int | None
) -> dict[str, Any]:
    from signalbot.cli.statistics import as_json
    from signalbot.domain.rounding import plain
    from signalbot.domain.timeframe import iso

    panel = market.panel
    return {
        "db": str(db),
        "timeframe": panel.timeframe.name,
        "from": iso(max(since or 0, int(panel.open_time[0]))),
        "to": iso(int(panel.close_time[-1])),
        "pairs": list(panel.symbols),
        "candles": int((panel.close == panel.close).sum()),
        "gaps": dict(market.gaps),
        "built_from": market.built_from,
        "assumed": {
            symbol: {name: plain(getattr(each, name)) for name in each.assumed}
            for symbol, each in market.instruments.items()
            if each.assumed
        },
        "alerts_by_setup": dict(replayed.alerts_of),
        "refusals": dict(replayed.refusals),
        "ledger_head": {"seq": replayed.head.seq, "hash": replayed.head.hash},
        "entries_added": replayed.added,
        "stats": as_json(replayed.performance),
    }


def _text(replayed: "Replayed", db: Path) -> str:
    from signalbot.domain.timeframe import day
    from signalbot.rendering.statistics_text import refusals_text, statistics_text

    since = None if replayed.first_alert_at is None else day(replayed.first_alert_at)
    lines = [
        statistics_text(replayed.performance, replayed.head, since),
        refusals_text(replayed.refusals),
        f"{replayed.added} ledger entries added to {db}"
        if replayed.added
        else f"Nothing added: {db} holds this replay already",
        "A replay over the past, signed with the demonstration key: no proof of anything to come.",
    ]
    return "\n".join(lines)
