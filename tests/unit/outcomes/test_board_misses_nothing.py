"""The board against brute force, which asks after every candle: same outcomes, same times."""

import numpy as np
import pytest

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.board import Board, OpenAlert
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve

PAIRS, STEPS = 6, 160


class World:
    """Random candles of some pairs with gaps, and random alerts on them."""

    def __init__(self, random_market, alerts, parts=0):
        self.step_ms = random_market.timeframe.step_ms
        self.part_ms = self.step_ms // parts if parts else 0
        rng = random_market.rng
        self.rows = [random_market.candles(STEPS, missing=0.03) for _ in range(PAIRS)]
        self.opens = [{row.open_time for row in rows} for rows in self.rows]
        self.finer = [random_market.parts_of(rows, parts) if parts else () for rows in self.rows]
        self.first = min(rows[0].open_time for rows in self.rows)
        self.alerts = [
            OpenAlert(
                seq=seq,
                plan=random_market.plan(),
                published_at=random_market.published_at(STEPS),
                timeframe=random_market.timeframe,
                pair=int(rng.integers(0, PAIRS)),
            )
            for seq in range(alerts)
        ]

    def closes(self):
        return (self.first + step * self.step_ms for step in range(1, STEPS + 1))

    def resolved(self, alert, now):
        """Outcome on what is known at `now` since the entry candle's open."""
        rows = (row for row in self.rows[alert.pair] if row.open_time >= alert.entry_open)
        finer = (row for row in self.finer[alert.pair] if row.open_time >= alert.entry_open)
        market = Market(
            candles=[row for row in rows if row.open_time + self.step_ms <= now],
            step_ms=self.step_ms,
            finer=[row for row in finer if row.open_time + self.part_ms <= now],
            finer_step_ms=self.part_ms,
        )
        return resolve(alert.plan, alert.published_at, market)

    def extremes(self, open_time):
        here = [
            next((row for row in rows if row.open_time == open_time), None) for rows in self.rows
        ]
        high = np.array([float(row.high) if row else np.nan for row in here])
        low = np.array([float(row.low) if row else np.nan for row in here])
        return high, low


def by_brute_force(world, put_at):
    """Outcomes by alert, with the close after which each was found."""
    found: dict[int, tuple[int, Outcome]] = {}
    for now in world.closes():
        for alert in world.alerts:
            is_on = put_at(alert) < now and alert.entry_open < now
            has_candle = now - world.step_ms in world.opens[alert.pair]
            if is_on and has_candle and alert.seq not in found:
                outcome = world.resolved(alert, now)
                if outcome.kind is not OutcomeKind.OPEN:
                    found[alert.seq] = (now, outcome)
    return found


def by_board(world, put_at):
    """The same, asking only where the board names an alert, and how often that was."""
    board = Board()
    waiting = sorted(world.alerts, key=put_at)
    found: dict[int, tuple[int, Outcome]] = {}
    asked = 0
    for now in world.closes():
        while waiting and put_at(waiting[0]) < now:
            board.put(waiting.pop(0))
        for alert in board.concerned(now - world.step_ms, *world.extremes(now - world.step_ms)):
            asked += 1
            outcome = world.resolved(alert, now)
            if outcome.kind is not OutcomeKind.OPEN:
                board.take(alert.seq)
                found[alert.seq] = (now, outcome)
    return found, asked


@pytest.mark.parametrize("late_steps", [0, 7])
def test_asking_the_board_finds_every_outcome_at_its_minute(random_market, parts, late_steps):
    world = World(random_market, alerts=400, parts=parts)

    def put_at(alert):
        return alert.published_at + late_steps * world.step_ms

    expected = by_brute_force(world, put_at)
    found, asked = by_board(world, put_at)

    assert found == expected
    kinds = {outcome.kind for _, outcome in found.values()}
    ends = set(OutcomeKind) - {OutcomeKind.NOT_PUBLISHED, OutcomeKind.DELISTED, OutcomeKind.OPEN}
    assert kinds == ends
    assert asked < 4 * len(world.alerts)
