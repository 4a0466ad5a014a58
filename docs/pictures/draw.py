"""Draw the pictures of the README: an alert and the statistics of the simulated market."""

from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from signalbot.app.simulation import run_demonstration
from signalbot.cli.output import chat_text
from signalbot.cli.simulate import DAYS, SEED
from signalbot.config import load_settings
from signalbot.domain.timeframe import day, iso
from signalbot.rendering.statistics_text import refusals_text, statistics_text
from signalbot.service.ports import Message

FOLDER = Path(__file__).parent
SHOWN = 40  # an alert from the middle, when the record has begun to speak


def main() -> None:
    """Run the demonstration once and save both pictures."""
    alerts: list[tuple[str, Message, int]] = []

    def collect(message_id: str, message: Message, now: int) -> None:
        if message.reply_to is None:
            alerts.append((message_id, message, now))

    replayed = run_demonstration(load_settings({}, None), DAYS, SEED, collect)
    _, message, now = alerts[SHOWN]
    title = f"simulated · {iso(now)[:16].replace('T', ' ')} UTC"
    _save(Panel(chat_text(message.html), title=title, title_align="left"), "alert")
    since = None if replayed.first_alert_at is None else day(replayed.first_alert_at)
    text = statistics_text(replayed.performance, replayed.head, since)
    text += f"\n{refusals_text(replayed.refusals)}"
    _save(Panel(text, title="simulated · /stats", title_align="left"), "statistics")


def _save(panel: Panel, name: str) -> None:
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=84, file=nowhere, highlight=False)
        console.print(panel)
    console.save_svg(str(FOLDER / f"{name}.svg"), title="signalbot")


if __name__ == "__main__":
    main()
