from dataclasses import astuple, replace
from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.risk.expectation import PATHS, Outlook, losing_run_probability, outlook

HALF_WITH_COSTS = {"win_rate": 0.5, "reward_risk_net": 0.9, "risk_pct": 1.0, "trades": 100}


def ask(**changes: float) -> Outlook:
    return outlook(**{**HALF_WITH_COSTS, **changes})


def times(one: list[list[Fraction]], other: list[list[Fraction]]) -> list[list[Fraction]]:
    columns = list(zip(*other, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in one
    ]


def run_by_markov_chain(run: int, trades: int, win_rate: Fraction) -> Fraction:
    """States are the losses in a row so far; the last one is kept once it is reached."""
    step = [[Fraction(0)] * (run + 1) for _ in range(run + 1)]
    for state in range(run):
        step[state][0] += win_rate
        step[state][state + 1] += 1 - win_rate
    step[run][run] = Fraction(1)
    after = [[Fraction(row == column) for column in range(run + 1)] for row in range(run + 1)]
    for _ in range(trades):
        after = times(after, step)
    return after[0][run]


def drawdown_distribution(reward: int, win_rate: float, trades: int) -> list[float]:
    """P(drawdown <= depth) for depth 0, 1, ...: a chain that dies beyond the depth."""
    shares = []
    for depth in range(trades + 1):
        alive = [1.0] + [0.0] * depth
        for _ in range(trades):
            after = [0.0] * (depth + 1)
            for state, mass in enumerate(alive):
                after[max(state - reward, 0)] += mass * win_rate
                if state < depth:
                    after[state + 1] += mass * (1 - win_rate)
            alive = after
        shares.append(sum(alive))
        if shares[-1] > 1 - 1e-12:
            break
    return shares


def every_course(trades: int, win_rate: float) -> list[tuple[tuple[bool, ...], float]]:
    """All courses of wins and losses, each with its probability."""
    courses = []
    for course in product((True, False), repeat=trades):
        wins = sum(course)
        courses.append((course, win_rate**wins * (1 - win_rate) ** (trades - wins)))
    return courses


def account_over(course: tuple[bool, ...], reward: float, risk: float) -> list[float]:
    equity = [1.0]
    for won in course:
        equity.append(equity[-1] * (1 + risk * reward if won else 1 - risk))
    return equity


class TestLosingRun:
    def test_six_losses_in_a_row_among_a_hundred_trades_at_55_percent_are_no_rarity(self):
        exact = run_by_markov_chain(6, 100, Fraction(55, 100))

        assert losing_run_probability(6, 100, 0.55) == pytest.approx(float(exact), rel=1e-12)
        assert float(exact) > 1 / 3

    def test_a_run_of_two_in_three_fair_trades_has_three_of_eight_courses(self):
        # LLL, LLW, WLL
        assert losing_run_probability(2, 3, 0.5) == 3 / 8

    def test_a_run_as_long_as_all_trades_needs_every_one_lost(self):
        assert losing_run_probability(4, 4, 0.75) == 0.25**4

    def test_fewer_trades_than_the_run_cannot_hold_it(self):
        assert losing_run_probability(6, 5, 0.1) == 0
        assert losing_run_probability(1, 0, 0.1) == 0
        assert losing_run_probability(10**12, 1000, 0.1) == 0

    def test_who_always_loses_has_every_run_and_who_always_wins_has_none(self):
        assert losing_run_probability(100, 100, 0.0) == 1
        assert losing_run_probability(1, 100, 1.0) == 0

    @settings(deadline=None, max_examples=60)
    @given(run=st.integers(1, 8), trades=st.integers(0, 60), percent=st.integers(0, 100))
    def test_it_is_what_a_chain_in_fractions_gives(self, run, trades, percent):
        exact = run_by_markov_chain(run, trades, Fraction(percent, 100))

        found = losing_run_probability(run, trades, percent / 100)
        assert found == pytest.approx(float(exact), rel=1e-10, abs=1e-15)

    @given(
        run=st.integers(1, 12), trades=st.integers(0, 200), win_rate=st.floats(0.0, 1.0, width=32)
    )
    def test_it_is_a_probability_that_grows_with_trades_and_shrinks_with_the_run(
        self, run, trades, win_rate
    ):
        here = losing_run_probability(run, trades, win_rate)

        assert 0 <= here <= 1 + 1e-12
        assert losing_run_probability(run, trades + 1, win_rate) >= here
        assert losing_run_probability(run + 1, trades, win_rate) <= here + 1e-12


class TestDrawdown:
    @pytest.mark.parametrize(("reward", "win_rate"), [(1, 0.5), (1, 0.55), (2, 0.4)])
    def test_mean_and_percentile_agree_with_the_exact_chain(self, reward, win_rate):
        shares = drawdown_distribution(reward, win_rate, 60)
        chances = [high - low for low, high in zip([0.0, *shares], shares, strict=False)]
        mean = sum(depth * chance for depth, chance in enumerate(chances))
        variance = sum((depth - mean) ** 2 * chance for depth, chance in enumerate(chances))

        found = ask(win_rate=win_rate, reward_risk_net=reward, trades=60)

        assert abs(found.mean_drawdown_r - mean) < 3 * sqrt(variance / PATHS)
        depth = round(found.drawdown_r_95)
        assert depth == found.drawdown_r_95
        assert shares[depth] > 0.945
        assert shares[depth - 1] < 0.955

    def test_per_cent_of_the_account_agrees_with_all_courses_of_ten_trades(self):
        falls = []
        for course, chance in every_course(10, 0.6):
            equity = account_over(course, reward=0.8, risk=0.1)
            fall = max(1 - equity[i] / max(equity[: i + 1]) for i in range(len(equity)))
            falls.append((100 * fall, chance))
        mean = sum(fall * chance for fall, chance in falls)
        variance = sum((fall - mean) ** 2 * chance for fall, chance in falls)

        found = ask(win_rate=0.6, reward_risk_net=0.8, risk_pct=10.0, trades=10)

        assert abs(found.mean_drawdown_pct - mean) < 3 * sqrt(variance / PATHS)
        below = sum(chance for fall, chance in falls if fall < found.drawdown_pct_95 - 1e-9)
        up_to = sum(chance for fall, chance in falls if fall < found.drawdown_pct_95 + 1e-9)
        assert below < 0.955
        assert up_to > 0.945

    def test_who_always_loses_falls_one_r_a_trade_and_never_all_the_way(self):
        found = ask(win_rate=0.0, risk_pct=10.0, trades=5)

        assert (found.mean_drawdown_r, found.drawdown_r_95) == (5, 5)
        assert found.mean_drawdown_pct == pytest.approx(100 * (1 - 0.9**5))
        assert found.drawdown_pct_95 == pytest.approx(100 * (1 - 0.9**5))

    def test_who_always_wins_never_falls(self):
        found = ask(win_rate=1.0)

        assert found.mean_drawdown_r == found.drawdown_r_95 == 0
        assert found.mean_drawdown_pct == found.drawdown_pct_95 == 0

    @settings(deadline=None, max_examples=15)
    @given(
        win_rate=st.floats(0.0, 1.0, width=32),
        reward=st.floats(-1.0, 3.0, width=32),
        risk=st.floats(0.125, 20.0, width=32),
        trades=st.integers(0, 40),
    )
    def test_a_fall_is_no_deeper_than_all_trades_lost(self, win_rate, reward, risk, trades):
        found = ask(win_rate=win_rate, reward_risk_net=reward, risk_pct=risk, trades=trades)

        assert 0 <= found.mean_drawdown_r <= trades
        assert 0 <= found.drawdown_r_95 <= trades
        deepest = 100 * (1 - (1 - risk / 100) ** trades)
        assert 0 <= found.mean_drawdown_pct <= deepest + 1e-9
        assert 0 <= found.drawdown_pct_95 <= deepest + 1e-9


class TestRuin:
    @settings(deadline=None, max_examples=25)
    @given(
        win_rate=st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]),
        reward=st.sampled_from([-0.5, 0.0, 0.4, 1.0, 2.5]),
        risk=st.sampled_from([5.0, 12.0, 30.0]),
        trades=st.integers(0, 9),
        share=st.sampled_from([0.1, 0.37, 0.5]),
    )
    def test_it_adds_up_all_courses_that_ever_lose_the_share(
        self, win_rate, reward, risk, trades, share
    ):
        exact = sum(
            chance
            for course, chance in every_course(trades, win_rate)
            if min(account_over(course, reward, risk / 100)) <= 1 - share
        )

        found = ask(
            win_rate=win_rate,
            reward_risk_net=reward,
            risk_pct=risk,
            trades=trades,
            ruin_share=share,
        )

        assert found.ruin_share == share
        assert found.ruin_probability == pytest.approx(exact, abs=1e-12)

    def test_a_loss_of_exactly_the_share_is_ruin(self):
        # 0.9 * 0.9 = 0.81: two losses of 10 % lose exactly 19 %
        found = ask(win_rate=0.5, risk_pct=10.0, trades=2, ruin_share=0.19)

        assert found.ruin_probability == 0.25

    def test_risk_is_what_ruins(self):
        modest, reckless = (ask(risk_pct=risk).ruin_probability for risk in (0.5, 10.0))

        assert modest < 1e-9
        assert reckless > 0.5


class TestOutlook:
    def test_a_fair_coin_with_costs_loses_on_average(self):
        # half of +0.9 and half of -1
        assert ask().expected_r == pytest.approx(-0.05)

    def test_half_at_one_to_one_without_costs_is_no_edge(self):
        assert ask(reward_risk_net=1.0).expected_r == 0

    def test_the_run_of_six_is_shown_unless_another_is_asked_for(self):
        assert ask().losing_run == 6
        assert ask().losing_run_probability == losing_run_probability(6, 100, 0.5)
        four = ask(losing_run=4)
        assert (four.losing_run, four.trades) == (4, 100)
        assert four.losing_run_probability == losing_run_probability(4, 100, 0.5)

    @pytest.mark.parametrize("reward", [0.0, -0.2])
    def test_where_costs_eat_the_gain_every_trade_is_lost(self, reward):
        found = ask(reward_risk_net=reward, win_rate=0.9)

        assert found.losing_run_probability == 1
        assert found.expected_r == pytest.approx(0.9 * reward - 0.1)
        assert found.expected_r < 0

    def test_no_trade_brings_and_costs_nothing(self):
        found = ask(trades=0)

        shown = replace(found, expected_r=0.0, losing_run=0, ruin_share=0.0)
        assert set(astuple(shown)) == {0}

    def test_the_same_question_has_the_same_answer(self):
        assert ask() == ask()

    def test_the_simulated_accounts_are_the_published_ones(self):
        # another seed, number of accounts or order of draws would change figures already told
        draws = np.random.Generator(np.random.PCG64(17)).random((50, 10_000))
        running = np.cumsum(np.where(draws < 0.5, 0.9, -1.0), axis=0)
        peaks = np.maximum.accumulate(np.maximum(running, 0))
        falls = np.sort((peaks - running).max(axis=0))

        found = ask(trades=50)

        assert found.mean_drawdown_r == pytest.approx(falls.mean())
        assert found.drawdown_r_95 == pytest.approx(falls[9_499])  # 9,500 of 10,000 fall no deeper

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("win rate", {"win_rate": 55.0}),
            ("win rate", {"win_rate": -0.1}),
            ("win rate", {"win_rate": 1.1, "reward_risk_net": 0.0}),
            ("win rate", {"win_rate": float("nan")}),
            ("trades", {"trades": -1}),
            ("trades", {"trades": 1001}),
            ("losing run", {"losing_run": 0}),
            ("risk", {"risk_pct": 0.0}),
            ("risk", {"risk_pct": 100.0}),
            ("reward", {"reward_risk_net": -1.1}),
            ("reward", {"reward_risk_net": float("inf")}),
            ("ruin share", {"ruin_share": 0.0}),
            ("ruin share", {"ruin_share": 1.0}),
        ],
    )
    def test_an_impossible_question_names_its_field(self, field, changes):
        with pytest.raises(InputError) as caught:
            ask(**changes)

        assert caught.value.field == field

    def test_a_run_is_asked_for_within_the_same_limits(self):
        with pytest.raises(InputError, match="win rate"):
            losing_run_probability(6, 100, 55)
