"""`signalbot simulate`: a simulated market in the terminal, as fast as it can be computed."""

from typing import TYPE_CHECKING, Annotated

import typer

from signalbot.cli.output import chat_text, note

if TYPE_CHECKING:
    from signalbot.service.ports import Message

DAYS = 3
SEED = 1


def simulate(
    days: Annotated[int, typer.Option(min=2, max=30, help="Simulated days to show.")] = DAYS,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulated market.")] = SEED,
) -> None:
    """Show a simulated market in the terminal: its alerts, outcomes and statistics."""
    from rich.console import Console
    from rich.panel import Panel

    from signalbot.app.configuration import load_configuration
    from signalbot.app.simulation import run_demonstration
    from signalbot.domain.timeframe import day, iso
    from signalbot.rendering.statistics_text import refusals_text, statistics_text

    settings = load_configuration()
    console = Console(width=None if Console().is_terminal else 88, highlight=False)
    console.print("This is a [bold]simulated[/] market, nothing here is real.")

    def show(message_id: str, message: "Message", now: int) -> None:
        reply = f" · reply to message {message.reply_to}" if message.reply_to else ""
        title = f"simulated · message {message_id} · {iso(now)[:16].replace('T', ' ')} UTC{reply}"
        style = "dim" if message.reply_to else "green"
        console.print(
            Panel(chat_text(message.html), title=title, title_align="left", border_style=style)
        )

    replayed = run_demonstration(settings, days, seed, show)
    since = None if replayed.first_alert_at is None else day(replayed.first_alert_at)
    text = f"{statistics_text(replayed.performance, replayed.head, since)}\n"
    text += refusals_text(replayed.refusals)
    title = "simulated · /stats"
    console.print(Panel(text, title=title, title_align="left", border_style="blue"))
    note("Simulated prices have no edge in them, so neither have these figures.")
