"""Everything the outbox promises, while the Bot API fails in every way it knows."""

import asyncio
import os
import random

import pytest
from fakes.delivery_chaos import NOW, READ_S, Arrived, Story, faulty, judged
from fakes.sandbox_bot import Sandbox, sandbox
from fakes.sending import QUICK, running, sending_desk, settled
from sqlalchemy import Engine

from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.control import admit
from signalbot.telegram.pacing import Pacer

FAULTS = int(os.environ.get("DELIVERY_FAULTS", "40"))
AT_ONCE = 20
READERS = 12
FASTER = 25
"""How much faster than ours time passes for the sender, so that its rests are short."""


async def play(engine: Engine, box: Sandbox, seed: int) -> int:
    """Tell alert after alert until so many faults have struck; return how many did."""
    rng = random.Random(seed)  # noqa: S311 - a seed, not a secret
    admit(box.telegram, READERS)
    readers = [chat.id for chat in box.telegram.directory]
    channel = box.telegram.directory.add_chat(Kind.CHANNEL, "Signals").id
    story, now, struck = Story(engine, readers, channel), NOW, 0

    def clock() -> int:
        return now

    def pass_time() -> None:
        nonlocal now
        now += 500

    loop = asyncio.get_running_loop()
    pacer = Pacer(QUICK, lambda: FASTER * loop.time())
    desk = sending_desk(engine, box.bot, clock, pacer=pacer)
    async with running(desk) as sender:
        while struck < FAULTS:
            for _ in range(AT_ONCE // 4):
                box.telegram.faults.add(faulty(rng, 4))
            if rng.random() < 0.2:
                await box.server.refuse(0.05)
            now = NOW
            seq = story.alert()
            story.news(seq)
            await settled(story.outbox, sender, pass_time)
            story.outcome(seq)
            await settled(story.outbox, sender, pass_time)
            struck += sum(count for _, count in box.telegram.faults.struck())
            box.telegram.faults.clear()
    return struck


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_and_nothing_doubled_but_what_was_in_doubt(
    engine: Engine, seed: int
) -> None:
    async def run() -> None:
        async with sandbox(read_timeout=READ_S) as box:
            struck = await play(engine, box, seed)
            arrivals = [
                Arrived(each.method, each.chat_id, each.text)
                for each in box.telegram.outbox.since()
            ]
        states = judged(engine, arrivals)
        assert struck >= FAULTS
        assert states["sent"] > states["unknown"]

    asyncio.run(run())
