"""`signalbot ledger`: the append-only record as a file."""

from pathlib import Path
from typing import Annotated

import typer

from signalbot.cli.output import emit, say, show_help

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]

app = typer.Typer(help="The append-only record.")
app.callback(invoke_without_command=True)(show_help)


@app.command()
def export(
    db: Annotated[Path, typer.Option(help="Database of the bot or of a replay.")],
    out: Annotated[Path, typer.Option(help="File to write, one JSON line an entry.")],
    json: Json = False,
) -> None:
    """Write the whole record as JSONL, after checking its chain and signatures."""
    from signalbot.app.records import export_ledger

    head = export_ledger(db, out)
    if json:
        emit({"out": str(out), "entries": head.seq, "head": {"seq": head.seq, "hash": head.hash}})
    else:
        say(f"{head.seq} entries written to {out}, head #{head.seq} {head.hash}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What `export` wrote.")],
    candles: Annotated[
        Path | None, typer.Option(help="Folder of candle files to derive outcomes from.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Public key that you know, in hex.")] = None,
    head: Annotated[
        list[str] | None, typer.Option(help="SEQ:HASH that you hold; may be given repeatedly.")
    ] = None,
    json: Json = False,
) -> None:
    """Verify an exported record; exit 1 names the first entry that differs, and why."""
    from signalbot.app.verifying import verify_file
    from signalbot.rendering.verification_text import not_proven, verification_text

    found = verify_file(file, candles, key, head or ())
    if not json:
        say(verification_text(found))
        return
    emit(
        {
            "entries": found.head.seq,
            "head": {"seq": found.head.seq, "hash": found.head.hash},
            "keys": list(found.keys),
            "counts": {kind.value: count for kind, count in found.counts.items()},
            "derived": found.derived,
            "on_candles": found.on_candles,
            "uncovered": found.uncovered,
            "overdue": list(found.overdue),
            "not_proven": not_proven(found),
        }
    )


@app.command()
def rotate_key(json: Json = False) -> None:
    """Replace the ledger's key: the old one signs the entry that names the new one."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.operations import replace_key

    entry = replace_key(load_configuration())
    new, old = entry.body["public_key"], entry.body["retired"]
    if json:
        emit({"seq": entry.seq, "hash": entry.hash, "public_key": new, "retired": old})
        return
    say(f"entry #{entry.seq} {entry.hash[:8]} retires the key {old}")
    say(f"in force now: {new}. Take a backup: older ones hold the retired key.")
