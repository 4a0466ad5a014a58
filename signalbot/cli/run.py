"""`signalbot run`: the bot, in Telegram or, without a token, in a Telegram of its own."""

from typing import Annotated

import typer

from signalbot.cli.output import note

SPEED, FASTEST = 60.0, 120.0
SEED = 1


def run(
    speed: Annotated[
        float,
        typer.Option(min=0.1, max=FASTEST, help="Simulated seconds in one, without a token."),
    ] = SPEED,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulated market.")] = SEED,
    begins: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the simulated market begins; else now."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page of the sandbox.")] = True,
) -> None:
    """Start the bot. Without TELEGRAM_BOT_TOKEN its chats are a page on 127.0.0.1."""
    from signalbot.app.bot import Options, run_bot
    from signalbot.app.configuration import load_configuration
    from signalbot.app.logs import start_logging
    from signalbot.domain.timeframe import from_iso
    from signalbot.rendering.figures import venue_title

    begins_at = None if begins is None else from_iso(begins, "begins")
    settings = load_configuration()
    start_logging(settings)

    def ready(url: str | None) -> None:
        if url is None:
            venue = venue_title(settings.signalbot_venues[0])
            note(f"The bot answers in Telegram and watches {venue}: /health says how it is.")
            return
        typer.echo(f"No Telegram token, so this is the sandbox: open {url} in a browser.")
        typer.echo(
            f"Its market is simulated, behind a venue of its own, and runs {speed:g} times as fast:"
            " nothing in it is real. Ctrl-C ends it."
        )
        if browser:
            _open(url)

    run_bot(settings, Options(speed=speed, seed=seed, begins_at=begins_at), ready)


def _open(url: str) -> None:
    import os
    import webbrowser

    # without a screen, text browsers would take the terminal
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt":
        webbrowser.open(url)
