"""Six short lessons for a beginner, in Telegram's HTML; a test recomputes every worked number.

The trade they speak of is one: LAYER long at 1.0420, stop 1.0350, target 1.0525; fees 0.05 % at the
market and 0.02 % resting, slippage 0.02 %; an account of 500 USDT that risks 0.5 % on a trade.
"""

from dataclasses import dataclass

LONGEST = 1500
"""Characters of a lesson: what is read standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson: what a reader types for it, its title, and its text."""

    name: str
    title: str
    text: str


LESSONS = (
    Lesson(
        name="contracts",
        title="Micro contracts",
        text="""\
A perpetual is a bet on a price that never expires. On small coins the smallest order is tiny, so \
a small account can hold a position that fits it.

Three numbers of a contract decide whether it fits yours: the <b>step</b> (how finely you can \
choose the quantity), the <b>smallest order</b> (in coins or in USDT), and the <b>tick</b> (how \
finely the price moves).

Worked: entry 1.000, stop 0.998, orders in steps of 100 coins. A stop costs 0.34 USDT for each \
100 coins, costs included. With 50 USDT and 0.5 % risk you may lose 0.25 USDT: not even one step. \
It fits from 67.98 USDT. With steps of 1 coin the same account could hold 73.

When the smallest order is too large for you, the answer is to skip it. Never raise the risk to \
make it fit: another alert comes, your account does not.""",
    ),
    Lesson(
        name="size",
        title="Risk and size",
        text="""\
First choose what a stop may cost, then the size follows. Not the other way round.

size = account x risk / (what one coin loses at the stop, costs included), rounded down

Worked: 500 USDT at 0.5 % is 2.50 USDT. LAYER long at 1.0420 with the stop at 1.0350 loses 0.0070 \
a coin by price, and 0.00845 with fees and slippage. 2.50 / 0.00845 gives 295 LAYER. Whoever \
forgets the costs buys 357, and loses 3.02 USDT at the stop: a fifth more than chosen.

Why so little? Losses come in runs. Even if 55 of 100 trades win, a run of 6 losses within 100 \
trades comes in 36 of 100 cases. At 0.5 % such a run costs 3 % of the account. At 5 % it costs 26 \
%, and you need 36 % to be back.

More than 1 % on one trade is refused here.""",
    ),
    Lesson(
        name="costs",
        title="Costs",
        text="""\
You pay twice on every trade, in and out, and the price slips when you take it from the book. On \
a scalp that is much, because the move is small.

Worked: long at 1.000, target 1.002, stop 0.998. Without costs 50 wins of 100 break even. With a \
fee of 0.05 % and slippage of 0.02 % on each fill it takes 85 of 100. Nothing about the chart \
changed.

So every alert says two things: its costs in R, where 1 R is the distance from entry to stop, and \
the wins it needs. For LAYER at 1.0420, stop 1.0350, target 1.0525: costs 0.21 R, 46.9 % wins to \
break even. A stop loses 1.21 R, not 1. Above 0.25 R no alert is sent.

A win rate without costs tells you nothing. Ask what it needed.""",
    ),
    Lesson(
        name="liquidation",
        title="Liquidation",
        text="""\
With leverage you post a part of the position, the margin. If the loss has eaten the margin down \
to what the exchange demands, it closes the position for you: liquidation.

Worked: 295 LAYER at 1.0420, maintenance 1.5 %.
3x: 102 USDT of margin, liquidation at 0.7052, 48 stops away.
10x: 31 USDT of margin, liquidation at 0.9521, 12 stops away.
20x: 15 USDT of margin, liquidation at 1.0050, 5 stops away.

In all three the stop at 1.0350 costs 2.49 USDT. Leverage does not change what you lose at the \
stop. It changes how near the end is when the stop fails: in a fast move, in a gap, or because \
you moved it.

3x is the default here, more than 5x is advised against. The price is an estimate: each exchange \
has its own rule, and it changes with the size of the position.""",
    ),
    Lesson(
        name="funding",
        title="Funding",
        text="""\
A perpetual has no end date. What keeps its price near the coin's is funding: every hour to every \
eight hours one side pays the other, a rate on the whole position, not on your margin. A positive \
rate is paid by longs, a negative one by shorts.

Worked: 295 LAYER at 1.0420 are 307 USDT. At 0.01 % the side that pays gives 0.03 USDT: little. At \
0.1 % it is 0.31 USDT. If your side pays that during the trade, a stop costs 2.80 USDT instead of \
2.49, the costs are 0.36 R instead of 0.21, and you need 52.7 % wins instead of 46.9 %.

That happens on small coins. From 16 March to 3 June 2025 LAYER had 984 payments: 84 were 0.1 % or \
more, the largest 2 %, and shorts paid them.

Look at the exchange's rate and countdown before you enter. The record here charges funding where \
it fell into an alert's trade and is known.""",
    ),
    Lesson(
        name="journal",
        title="The journal",
        text="""\
The record shows what the alerts did. Only a journal shows what you did, and the two differ.

Under each alert you say whether you took it, and at which prices. Once a week your results stand \
beside the record: fills that were worse, entries that were late, winners you skipped, stops you \
moved.

Worked: you get LAYER at 1.0427 instead of 1.0420. That is 7 ticks, and 0.10 R of each such \
trade: in 20 trades 2 R, more than one whole stop.

Two habits help most. Do not enter above the do-not-chase price. And do not enlarge after a good \
week: the review speaks of a larger size only after 10 profitable days in a row at the rules, and \
only for setups that are proven.

The journal is private: the public record never holds it, and /forgetme deletes it.""",
    ),
)


def learn_text() -> str:
    """Return the list of lessons."""
    lines = [f"/learn {lesson.name} · {lesson.title}" for lesson in LESSONS]
    return "\n".join(["Six short lessons, each with a worked number:", *lines])


def lesson_text(lesson: Lesson) -> str:
    """Return one lesson, with its title and the way to the next."""
    place = LESSONS.index(lesson) + 1
    following = LESSONS[place % len(LESSONS)].name
    return (
        f"<b>{place}/{len(LESSONS)} {lesson.title}</b>\n\n{lesson.text}\n\nNext: /learn {following}"
    )
