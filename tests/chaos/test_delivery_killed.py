"""A sender killed with SIGKILL more than a hundred times, in the middle of sending."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from fakes import delivery_chaos
from fakes.delivery_chaos import Arrived, Story, judged
from fakes.sandbox_bot import TOKEN

from signalbot.storage.database import open_database
from signalbot.storage.schema import migrate

KILLS = int(os.environ.get("SENDER_KILLS", "100"))
READERS = 60
SERVER = ["-m", "signalbot.sandbox.bot_api", "--token", TOKEN, "--no-flood", "--latency-ms", "100"]


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - its own server
        return json.load(response)


def start(*arguments: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parents[1])
    environ = {**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    return subprocess.Popen(  # noqa: S603 - this program
        [sys.executable, *arguments], stdout=stdout, text=True, env=environ
    )


def test_a_sender_that_is_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    migrate(path)
    rng = random.Random(5)  # noqa: S311 - a seed, not a secret
    server = start(*SERVER, "--people", str(READERS), stdout=subprocess.PIPE)
    assert server.stdout is not None
    told = json.loads(server.stdout.readline())
    readers = list(range(told["first_person"], told["last_person"] + 1))
    channel = readers.pop()  # a private chat is as good a place as any for this
    began = time.time()  # noqa: TID251 - every sender goes on with the same clock
    program = delivery_chaos.__file__, str(path), told["url"], TOKEN, str(began)
    with open_database(path) as engine:
        story = Story(engine, readers, channel)
        kills, alerts = 0, []
        while kills < KILLS:
            alerts.append(story.alert())
            story.news(len(alerts))
            if len(alerts) > 2:
                story.outcome(alerts[-3])
            sender = start(*program, stdout=subprocess.PIPE)
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
            time.sleep(0.35 + rng.random() * 0.4)  # the lease of the one before ends first
            sender.send_signal(signal.SIGKILL)
            sender.wait()
            sender.stdout.close()
            kills += 1
        sender = start(*program)
        deadline = time.monotonic() + 120
        while any(story.outbox.counts().get(state) for state in ("queued", "sending")):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        sender.kill()
        sender.wait()
        arrived = get(f"{told['url']}/sim/outbox?since=0")["arrivals"]
        server.terminate()
        server.wait(20)
        server.stdout.close()
        states = judged(
            engine, [Arrived(each["method"], each["chat_id"], each["text"]) for each in arrived]
        )
    print(f"{kills} kills, {len(arrived)} arrivals, {dict(states)}")
    assert kills >= KILLS
