"""What a command prints: one JSON object or text on stdout, errors and progress on stderr."""

import errno
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.text import Text

REFRESH_STEPS = 200


def show_help(context: typer.Context) -> None:
    """Show the help of a group that was called without a command; its exit code is 2."""
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(2)


def complain(text: str) -> None:
    """Print every line of an error on stderr."""
    for line in text.splitlines():
        sys.stderr.write(f"error: {line}\n")


def note(text: str) -> None:
    """Print a remark on stderr."""
    sys.stderr.write(f"{text}\n")


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.write(text)


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout."""
    _write(json.dumps(value, allow_nan=False, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """Print text on stdout."""
    _write(f"{text}\n")


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int], Callable[[], None]] | None]:
    """Yield what starts a progress bar on stderr, None where nobody watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield lambda total: _advancing(bar, bar.add_task(label, total=total))


def _advancing(bar: "Progress", task: Any) -> Callable[[], None]:
    waiting = 0

    def advance() -> None:
        nonlocal waiting
        waiting += 1
        if waiting == REFRESH_STEPS:
            bar.advance(task, waiting)
            waiting = 0

    return advance


class _ChatText(HTMLParser):
    """Telegram's HTML as a terminal shows it: what a tap copies stands out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[str, str]] = []
        self._style = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = "bold" if tag in ("b", "code") else ""

    def handle_endtag(self, tag: str) -> None:
        self._style = ""

    def handle_data(self, data: str) -> None:
        self.parts.append((data, self._style))


def chat_text(html: str) -> "Text":
    """Return a message as text for a terminal."""
    from rich.text import Text

    return Text.assemble(*_parts(html))


def _parts(html: str) -> list[tuple[str, str]]:
    parser = _ChatText()
    parser.feed(html)
    parser.close()
    return parser.parts


def say_html(html: str) -> None:
    """Print a message as text on stdout."""
    say("".join(text for text, _ in _parts(html)))
