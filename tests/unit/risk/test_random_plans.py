"""Plans of every scale: an answer for each that makes a trade, in plain numbers.

Plain loop over a seeded generator instead of hypothesis: what is looked for is rare and needs
numbers, and every run draws the same ones. `RANDOM_PLANS` says how many; one takes about 0.13 ms,
and 0.3 ms where coverage is measured.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from signalbot.domain.rounding import plain
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.errors import InputError
from signalbot.rendering.risk_texts import size_text
from signalbot.risk.tiers import Band, Tier, single_tier, tiers_of
from signalbot.service.advise import Answer, SizeInput, ask_desk

PLANS = int(os.environ.get("RANDOM_PLANS", "50000"))
TEXTS = 10
"""Every so many plans the text is looked at too: it costs more than the answer."""
SEED = 20
RULES = Rules()
SIDES = tuple(Side)
VENUES = ("binanceusdm", "bybit", "bybit-before-2025-09", "bingx", "bitget", "weex", "mexc")
PLAIN = re.compile(r"\d+(\.\d+)?")
ODD = re.compile(r"\dE|NaN|Inf|--")


def tables() -> list[tuple[Tier, ...]]:
    rates = ("0.005", "0.01", "0.015", "0.025", "0.05", "0.1", "0.3")
    found: list[tuple[Tier, ...]] = [()] * 5 + [single_tier(Decimal(rate)) for rate in rates]
    for scale in range(-2, 10):
        caps = [Decimal(cap).scaleb(scale) for cap in (5, 10, 50, 250)]
        bands = [
            Band(floor=floor, cap=cap, mmr=Decimal(rate), max_leverage=Decimal(125 // 2**index))
            for index, (floor, cap, rate) in enumerate(
                zip([Decimal(0), *caps[:-1]], caps, rates, strict=False)
            )
        ]
        found.append(tiers_of(bands))
    return found


def plans(seed: int, count: int) -> Iterator[SizeInput]:
    chance = random.Random(seed).random  # noqa: S311 - no secret
    known = tables()

    def whole(low: int, high: int) -> int:
        return low + int(chance() * (high + 1 - low))  # several times as fast as randint

    def digits(low: int, high: int) -> int:
        count = whole(low, high)
        return whole(10 ** (count - 1), 10**count - 1)

    def perhaps(low: int, high: int, exponent: int) -> Decimal | None:
        return Decimal(whole(low, high)).scaleb(exponent) if chance() < 0.5 else None

    for _ in range(count):
        side = SIDES[whole(0, 1)]
        # 1.000E-9 to 9.999E+5; stop and target lie anywhere from near to far beyond
        entry = Decimal(digits(4, 4)).scaleb(whole(-12, 2))
        part = entry / 10**4
        toward = -1 if chance() < 0.03 else 1
        stop = entry - side.sign * toward * part * digits(1, 4)
        target = entry + side.sign * part * digits(2, 4)
        yield SizeInput(
            entry=entry,
            stop=max(stop, part),
            target=max(target, part) if chance() < 0.7 else None,
            side=side if chance() < 0.8 else None,
            equity=Decimal(digits(1, 11)).scaleb(-2),
            venue=VENUES[whole(0, len(VENUES) - 1)],
            symbol="layer" if chance() < 0.2 else None,
            risk_pct=perhaps(1, 9_999 if chance() < 0.2 else 100, -2),
            leverage=perhaps(1, 125, 0),
            taker_rate=perhaps(0, 999, -6),
            maker_rate=perhaps(0, 500, -6),
            slippage_rate=perhaps(0, 999, -6),
            spread=part * whole(0, 30) if chance() < 0.5 else None,
            tick=perhaps(1, 1, entry.adjusted() - whole(0, 6)),
            step=perhaps(1, 1, whole(-8, 7)),
            min_qty=perhaps(0, 9, whole(-8, 7)),
            min_notional=perhaps(0, 100, 0),
            contract_size=perhaps(1, 1, whole(-3, 4)),
            max_leverage=perhaps(1, 125, 0),
            tiers=known[whole(0, len(known) - 1)],
            accepts_high_risk=chance() < 0.3,
        )


def figures(answer: Answer) -> Iterator[Decimal]:
    """Yield everything that is written of an answer and cannot be negative."""
    ask, advice, size = answer.ask, answer.advice, answer.advice.size
    levels, instrument = ask.order.levels, ask.order.instrument
    yield from (advice.qty, size.qty, size.notional, size.margin, size.leverage, size.loss_at_stop)
    yield from (advice.leverage_cap, advice.risk_money, advice.cost_r, advice.cost_share)
    yield from (levels.entry, levels.stop, instrument.tick, instrument.step)
    prices = (advice.liquidation_price, *(advice.liquidation_range or ()))
    distances = (advice.liquidation_distance_stops, advice.breakeven_win_rate)
    yield from (each for each in (*prices, *distances) if each is not None)


def check(plan: SizeInput, answer: Answer) -> None:
    advice = answer.advice
    for figure in figures(answer):
        assert PLAIN.fullmatch(plain(figure)), (figure, plan)
    for signed in (advice.size.gain_at_target, advice.reward_risk_net or Decimal(0)):
        assert PLAIN.fullmatch(plain(abs(signed))), (signed, plan)
    for refusal in advice.refusals:
        assert not ODD.search(refusal.message), (refusal, plan)
    assert bool(advice.qty) != bool(advice.refusals), plan
    assert advice.size.qty > 0, plan
    if advice.qty:
        assert advice.size.loss_at_stop <= advice.risk_money, plan
        stops = advice.liquidation_distance_stops
        assert stops is None or round(stops, 15) >= RULES.liquidation_stops, plan


def test_random_plans_are_answered_in_plain_numbers() -> None:
    ends: Counter[str] = Counter()

    for number, plan in enumerate(plans(SEED, PLANS)):
        try:
            answer = ask_desk(plan, {}, RULES)
        except InputError as error:
            ends[f"bad {error.field}"] += 1
            continue
        ends["taken" if answer.advice.qty else "refused"] += 1
        check(plan, answer)
        if number % TEXTS == 0:
            text = size_text(answer.ask, answer.advice, answer.symbol, answer.assumed)
            assert len(text) <= 1024, plan
            assert not ODD.search(text), plan

    assert ends.total() == PLANS
    bad = sum(count for end, count in ends.items() if end.startswith("bad"))
    assert 0 < bad < PLANS / 2, ends
    assert ends["taken"] > PLANS / 50, ends
    assert set(ends) == {"taken", "refused", "bad stop", "bad target", "bad tick", "bad spread"}
