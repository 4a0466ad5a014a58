"""Hostile chats: commands, buttons and texts as nobody should send them, from a seed."""

import random
from collections.abc import Iterator

from fakes.chat_room import ANN, BAD, BOB, BOSS, ENDED_ALERT, OPEN_ALERT

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.command import Command

WORDS = (
    *("", " ", "0", "-1", "1e400", "NaN", "Infinity", "٣", "²", "1_000", "1,5", "0.0000000001"),
    *(
        "layer",
        "LAYER/USDT:USDT",
        "币安人生",
        "$toy",
        "1000TOY",
        "\u202etoy",
        "<b>",
        "&lt;",
        "'; --",
    ),
    *(
        "'; --",
        "\x00",
        "\ud800",
        "💥" * 40,
        "a" * 5_000,
        "9" * 400,
        "%s%n",
        "{0}",
        "../../etc/passwd",
    ),
    *("22:00-07:00", "25:99", "8h", "99999999d", "Europe/Berlin", "UTC", "off", "range_breakout"),
    *(str(OPEN_ALERT), str(ENDED_ALERT), "#2", "99999999999999", "long", "short", "3x", "70.59"),
    *("size_2", "size_", "venue", "equity", "500", "took", "binanceusdm", "yes", "\n\n", "\t1"),
)
VERBS = (
    *("answer", "skipq", "set", "pause", "quiet", "zone", "mutec", "unmute", "real", "why", "size"),
    *("took", "skip", "mute", "undo", "filled", "stopped", "hit", "learn", "forget", "keep"),
    *("pictures", "sizeof", "nonsense", "", "UPPER", "a b"),
)
KINDS = (ChatKind.PRIVATE, ChatKind.PRIVATE, ChatKind.GROUP, ChatKind.CHANNEL)
READERS = (ANN, BOB, BOSS, BAD, 105)


def hostile(
    seed: int, count: int, commands: tuple[Command, ...], now: int, verbs: tuple[str, ...] = ()
) -> Iterator[tuple[bool, Ask]]:
    """Yield questions, each with whether it is a pressed button; some come twice."""
    rng = random.Random(seed)  # noqa: S311 - a seed, not a secret
    names = [f"/{each.name}" for each in commands] + ["/", "/@", "/size@other", "//", "/SIZE", ""]
    before: tuple[bool, Ask] | None = None
    for number in range(count):
        if before is not None and rng.random() < 0.05:
            yield before  # replayed
            continue
        words = [rng.choice(WORDS) for _ in range(rng.randrange(5))]
        is_press = rng.random() < 0.4
        text = (
            ":".join([rng.choice(VERBS + verbs), *words])
            if is_press
            else " ".join([rng.choice(names), *words])
        )
        reader, kind = rng.choice(READERS), rng.choice(KINDS)
        before = (
            is_press,
            Ask(
                reader=reader,
                chat=reader if kind is ChatKind.PRIVATE else -500,
                text=text,
                now=now + 3_000 * number,
                kind=kind,
                is_group_admin=rng.random() < 0.1,
            ),
        )
        yield before
