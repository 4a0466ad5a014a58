"""Messages that are longer than Telegram takes, at the real limits of the local Bot API."""

import asyncio
from collections.abc import Sequence

import pytest
from fakes.made_alert import made_alert
from fakes.sandbox_bot import sandbox
from fakes.sending import PNG, running, sending_desk, settled
from sqlalchemy import Engine

from signalbot.domain.delivery import SENT_AGAIN, Delivery, PostKind
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.sandbox.bot_api.outbox import Arrival
from signalbot.service.delivery_ports import Composed
from signalbot.storage.outbox import SqlOutbox

NOW = made_alert(1).candle_close + 2_500
LINE = "<b>0123456789</b> \U0001f7e2 &lt;-"  # 16 units as they are shown, and its line feed
SHOWN = "0123456789 \U0001f7e2 <-"


class LongComposer:
    """So many lines, under a picture or alone."""

    def __init__(self, lines: int, picture: bytes | None) -> None:
        self._composed = Composed(html="\n".join([LINE] * lines), picture=picture)

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        return [self._composed] * len(rows)


def told(engine: Engine, lines: int, picture: bytes | None, *faults: Fault) -> list[Arrival]:
    """Return what arrives of a message of so many lines."""
    now = NOW

    async def run() -> list[Arrival]:
        def pass_time() -> None:
            nonlocal now
            now += 500

        async with sandbox() as box:
            for fault in faults:
                box.telegram.faults.add(fault)
            outbox = SqlOutbox(engine)
            reader = box.reader().id
            # what may have arrived is sent again if it is an outcome
            outbox.put("outcome:1", PostKind.OUTCOME, "-", [reader], NOW, NOW + 10**9)
            composer = LongComposer(lines, picture)
            desk = sending_desk(engine, box.bot, lambda: now, composer=composer)
            async with running(desk) as sender:
                await settled(outbox, sender, pass_time)
            assert outbox.counts()["sent"] == 1
            return list(box.telegram.outbox.since())

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("lines", "picture", "parts"),
    [(60, PNG, [60]), (80, PNG, [60, 20]), (241, None, [241]), (500, None, [241, 241, 18])],
    ids=["a caption that fits", "a longer one", "a text that fits", "a longer text"],
)
def test_what_does_not_fit_follows_as_a_reply(
    engine: Engine, lines: int, picture: bytes | None, parts: list[int]
) -> None:
    first, *others = told(engine, lines, picture)

    assert [each.text for each in (first, *others)] == ["\n".join([SHOWN] * n) for n in parts]
    assert first.method == ("sendPhoto" if picture else "sendMessage")
    assert {each.reply_to for each in others} <= {first.message_id}


def test_a_full_caption_that_is_sent_again_has_room_for_the_mark(engine: Engine) -> None:
    lost = Fault(kind=FaultKind.DROP, method="sendPhoto", accepted=True, times=1)

    first, again, rest = told(engine, 60, PNG, lost)

    assert first.text == "\n".join([SHOWN] * 60)
    assert again.text == "\n".join([SHOWN] * 57) + f"\n\n{SENT_AGAIN}"
    assert (rest.text, rest.reply_to) == ("\n".join([SHOWN] * 3), again.message_id)
