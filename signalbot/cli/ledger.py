"""`signalbot ledger`: the append-only record as a file."""

from pathlib import Path
from typing import Annotated

import typer

from signalbot.cli.output import emit, say, show_help

app = typer.Typer(help="The append-only record.")
app.callback(invoke_without_command=True)(show_help)


@app.command()
def export(
    db: Annotated[Path, typer.Option(help="Database of the bot or of a replay.")],
    out: Annotated[Path, typer.Option(help="File to write, one JSON line an entry.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write the whole record as JSONL, after checking its chain and signatures."""
    from signalbot.app.records import export_ledger

    head = export_ledger(db, out)
    if json:
        emit({"out": str(out), "entries": head.seq, "head": {"seq": head.seq, "hash": head.hash}})
    else:
        say(f"{head.seq} entries written to {out}, head #{head.seq} {head.hash}")
