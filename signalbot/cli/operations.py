"""Operations: migrate, backup, restore, check-config."""

from pathlib import Path
from typing import Annotated

import typer

from signalbot.cli.output import emit, say

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def migrate(json: Json = False) -> None:
    """Bring the database to this version; at the first start make it and the ledger's key."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.operations import prepare_storage

    prepared = prepare_storage(load_configuration())
    if json:
        emit(
            {
                "database": str(prepared.database),
                "from": prepared.before,
                "to": prepared.after,
                "key_created": prepared.key_created,
            }
        )
        return
    made = "new" if prepared.before is None else prepared.before
    say(f"{prepared.database}: schema {made} -> {prepared.after}")
    if prepared.key_created:
        say(f"{prepared.key_file}: new ledger key. Back it up together with the database.")


def backup(
    to: Annotated[Path, typer.Option(help="File to write; it holds the private key.")],
    json: Json = False,
) -> None:
    """Write database and ledger key into one new file, while the bot may run."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.operations import back_up

    head = back_up(load_configuration(), to)
    if json:
        emit({"to": str(to), "head": {"seq": head.seq, "hash": head.hash}})
    else:
        say(f"{to} written, ledger head #{head.seq} {head.hash[:8]}. It holds the private key.")


def restore(
    from_: Annotated[Path, typer.Option("--from", help="File that `backup` wrote.")],
    json: Json = False,
) -> None:
    """Put database and ledger key of a backup in place; never over existing ones."""
    from signalbot.app.configuration import load_configuration
    from signalbot.app.operations import bring_back

    head = bring_back(load_configuration(), from_)
    if json:
        emit({"from": str(from_), "head": {"seq": head.seq, "hash": head.hash}})
    else:
        say(f"restored, ledger head #{head.seq} {head.hash[:8]}")


def check_config(json: Json = False) -> None:
    """Print the configuration and where each value comes from; secrets only as set or not set."""
    from signalbot.app.configuration import load_configuration

    described = load_configuration().described()
    if json:
        emit({key: {"value": value, "source": source} for key, value, source in described})
        return
    width = max(len(key) for key, _, _ in described)
    for key, value, source in described:
        say(f"{key:<{width}}  {value}  ({source})")
