"""The bot in a process of its own, with the chats of its sandbox driven over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

YOU, ADMIN = 1, 2
PATIENCE_S = 90.0
BEGINS = "2026-03-01T12:00:00Z"
SPEED = "30"
"""Half of the usual, so that an alert is valid for ten seconds of a busy machine."""


class RunningBot:
    """People, their chats, and what the bot has sent."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def post(self, name: str, **body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - its own address
            f"{self.url}/sim/{name}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return json.load(response)["result"]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=35) as response:  # noqa: S310
            return json.load(response)

    def say(self, text: str, who: int = YOU, chat: int | None = None) -> None:
        place = {} if chat is None else {"chat_id": chat}
        self.post("message", user_id=who, text=text, **place)

    def press(self, label: str, who: int = YOU) -> None:
        self.until(lambda: self.has_button(label, who))
        self.post("callback", user_id=who, label=label)

    def has_button(self, label: str, chat: int) -> bool:
        return any(
            label in json.dumps(each.get("reply_markup") or each) for each in self.chat(chat)
        )

    def chat(self, chat: int) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.get(f"/sim/chat/{chat}?limit=200")["messages"]
        return messages

    def arrived(self, chat: int, method: str | None = None) -> list[dict[str, Any]]:
        """What the bot got through to a chat, in order."""
        return [
            each
            for each in self.get("/sim/outbox?since=0")["arrivals"]
            if each["chat_id"] == chat and method in (None, each["method"])
        ]

    def texts(self, chat: int = YOU) -> list[str]:
        return [each["text"] for each in self.arrived(chat)]

    def hears(self, words: str, chat: int = YOU, after: int = 0) -> dict[str, Any]:
        """The first message with these words that the bot sends to a chat after a number."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = [
                each for each in self.arrived(chat) if words in each["text"] and each["seq"] > after
            ]
            return bool(found)

        self.until(look, words)
        return found[0]

    def until(self, holds: Callable[[], bool], what: str = "") -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert self.process.poll() is None, "the bot has ended"
            assert time.monotonic() < deadline, f"waited too long for {what}"
            time.sleep(0.1)

    def channel(self, title: str) -> int:
        chats = self.get("/sim/chats")["chats"]
        return next(int(each["id"]) for each in chats if each["title"] == title)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running_bot(folder: Path, **environ: str) -> Iterator[RunningBot]:
    """A bot that runs in a folder; it is stopped by SIGTERM and must end with 0.

    Its market begins at a time at which the first alerts come after 26, 31 and 33 of its minutes;
    the first of them stops after 2 more.
    """
    log = folder / "bot.log"
    with log.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - this program
            [
                sys.executable,
                "-m",
                "signalbot",
                "run",
                "--no-browser",
                "--begins",
                BEGINS,
                "--speed",
                SPEED,
            ],
            cwd=folder,
            env={**os.environ, "PORT": str(free_port()), **environ},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line, log.read_text()
            url = next(word for word in line.split() if word.startswith("http"))
            yield RunningBot(process, url)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()
            assert "Traceback" not in log.read_text(), log.read_text()[-6000:]
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
