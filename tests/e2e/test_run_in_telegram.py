"""The bot with a token, in a Telegram that runs on this machine, with a database that stays."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e.running_bot import RunningBot, free_port

from signalbot.cli import run_command

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
SECRET = TOKEN.partition(":")[2]


@pytest.fixture(scope="module")
def telegram() -> Iterator[dict[str, object]]:
    """The address of a Bot API with two people, the first of whom owns the bot."""
    process = subprocess.Popen(  # noqa: S603 - this program
        [sys.executable, "-m", "signalbot.sandbox.bot_api", "--token", TOKEN, "--people", "2"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture(scope="module")
def venue() -> Iterator[str]:
    """The address of a local venue with enough pairs that some of them are small."""
    process = subprocess.Popen(
        [sys.executable, "-m", "signalbot.sandbox.exchange", "--pairs", "130"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield str(json.loads(process.stdout.readline())["url"])
    process.terminate()
    process.wait(20)
    process.stdout.close()


@contextmanager
def bot_in(folder: Path, telegram: dict[str, object], venue: str) -> Iterator[RunningBot]:
    url = str(telegram["url"])
    environ = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_ADMIN_IDS": str(telegram["first_person"]),
        "SIGNALBOT_LOG_LEVEL": "DEBUG",
        "VENUE_URL_BINANCEUSDM": venue,
        "COINGECKO_URL": venue,  # which knows no market cap
    }
    log = folder / "bot.log"
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "signalbot", "run"],
            cwd=folder,
            env=os.environ | environ,
            stdout=output,
            stderr=output,
            text=True,
        )
        try:
            deadline = time.monotonic() + 40
            while "The bot answers in Telegram" not in log.read_text().rpartition("====")[2]:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield RunningBot(process, url)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()
    with log.open("a") as output:
        output.write("====\n")


def test_it_answers_goes_on_after_a_restart_and_never_shows_its_token(
    tmp_path: Path, telegram: dict[str, object], venue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = int(str(telegram["first_person"]))
    with bot_in(tmp_path, telegram, venue) as bot:
        bot.say("/start", owner)
        bot.hears("1/4 Where do you trade?", owner)
        bot.say("/hold", owner)
        bot.press("Hold", owner)
        bot.hears("publishing on hold", owner)
        bot.until(lambda: "pairs, " in (tmp_path / "bot.log").read_text())
    with bot_in(tmp_path, telegram, venue) as bot:
        bot.say("/admin", owner)
        bot.hears("ON HOLD", owner)
        bot.say("/settings", owner)
        bot.hears("Alerts: subscribed", owner)

    monkeypatch.chdir(tmp_path)
    assert run_command(["ledger", "export", "--db", "signalbot.db", "--out", "out.jsonl"]) == 0
    assert run_command(["ledger", "verify", "out.jsonl"]) == 0
    for file in tmp_path.rglob("*"):
        assert SECRET.encode() not in file.read_bytes(), file.name


def test_a_token_that_telegram_refuses_is_one_sentence(
    tmp_path: Path, telegram: dict[str, object], monkeypatch: pytest.MonkeyPatch, refused
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN.replace("A", "B"))
    monkeypatch.setenv("TELEGRAM_API_URL", str(telegram["url"]))

    said = refused(run_command(["run"]))

    assert said.startswith("TELEGRAM_BOT_TOKEN was 'refused by Telegram'")
    assert not re.search(r"\d+:[\w-]{30,}", said)


def test_a_port_that_was_asked_for_and_is_taken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        assert str(port) in refused(run_command(["run", "--no-browser"]), 1)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--speed", "0"], "'--speed'"),
        (["--begins", "noon"], "begins"),
        (["--seed", "-1"], "'--seed'"),
    ],
)
def test_wrong_options_are_named(
    options: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused
) -> None:
    monkeypatch.chdir(tmp_path)

    assert named in refused(run_command(["run", *options]))
