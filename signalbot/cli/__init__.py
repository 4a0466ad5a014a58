"""Commands. They translate: options to values, values to JSON or text, errors to exit codes.

Exit 0 done, 2 the input is wrong, 1 it failed. What a command needs is imported when it runs, so
that help and the small commands start fast.
"""

import os
import sys
from io import TextIOWrapper

import typer

from signalbot.cli import (
    claim,
    ledger,
    liq,
    markets,
    operations,
    replay,
    resolve,
    run,
    simulate,
    size,
    statistics,
)
from signalbot.cli.output import complain, show_help
from signalbot.errors import InputError, SignalbotError

app = typer.Typer(
    name="signalbot",
    help="Honest scalp alerts for small-cap perpetuals: unproven, on paper, every one recorded.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # loading it would take longer than the smaller commands do
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(show_help)
app.command("run")(run.run)
app.command("simulate")(simulate.simulate)
app.command("replay")(replay.replay)
app.command("size")(size.size)
app.command("liq")(liq.liq)
app.command("resolve")(resolve.resolve)
app.command("claim")(claim.claim)
app.command("stats")(statistics.stats)
app.add_typer(ledger.app, name="ledger")
app.command("pairs")(markets.pairs)
app.command("venues")(markets.venues)
app.command("migrate")(operations.migrate)
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.command("check-config")(operations.check_config)

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name or a sign the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    code = run_command(sys.argv[1:])
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # whoever read has seen enough (`| head -1`); Python would flush again at exit and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is one line on stderr."""
    try:
        code = app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        complain(error.format_message().replace("\n", " "))
        return 2
    except InputError as error:
        complain(str(error))
        return 2
    except SignalbotError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:  # Typer makes this code of a Ctrl-C
        complain("interrupted")
    return code if isinstance(code, int) else 0
