from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, M1, MINUTE_MS
from signalbot.risk.publication import Published, bet_of, choose

NOW = 1_746_372_722_500
CLOSE = 1_746_372_720_000
VENUES = ("binanceusdm", "bybit", "mexc")
RULES = Rules()
NOTHING = Published(open_bets=frozenset(), last_of={}, times=())
LONG_A = ("A", Side.LONG)


def candidate(
    name: str,
    coin: str = "A",
    side: Side = Side.LONG,
    cost_r: str = "0.1",
    venue: str = "binanceusdm",
    candle_close: int = CLOSE,
) -> Alert:
    sign = side.sign
    plan = Plan(
        id=name,
        venue=venue,
        symbol=f"{coin}/USDT:USDT",
        side=side,
        entry=Decimal(100),
        stop=Decimal(100 - sign),
        target=Decimal(100 + sign),
        tick=Decimal("0.01"),
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )
    size = Size(
        qty=Decimal(1),
        notional=Decimal(100),
        margin=Decimal(50),
        leverage=Decimal(2),
        loss_at_stop=Decimal("1.1"),
        gain_at_target=Decimal("0.9"),
    )
    return Alert(
        plan=plan,
        setup="range_breakout",
        version="1.0",
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=candle_close,
        breakeven_win_rate=Decimal("0.55"),
        cost_r=Decimal(cost_r),
        reward_risk_net=Decimal("0.82"),
        account=REFERENCE_PROFILE,
        size=size,
        btc=BtcNote(return_5m=Decimal(0), trend="up", volatility="low"),
    )


def chosen_and_names(candidates, before=NOTHING, rules=RULES, venues=VENUES):
    chosen, refused = choose(candidates, before, rules, venues, NOW)
    return [alert.id for alert in chosen], {alert.id: refusal.code for alert, refusal in refused}


def published_at(*times: int) -> Published:
    return Published(open_bets=frozenset(), last_of={}, times=times)


def test_a_bet_is_the_coin_and_the_side_whatever_the_venue():
    assert bet_of(candidate("1", "LAYER", Side.SHORT)) == ("LAYER", Side.SHORT)
    assert bet_of(candidate("1", venue="bybit")) == bet_of(candidate("2", venue="mexc"))


def test_a_minute_without_candidates_publishes_nothing():
    assert choose([], NOTHING, RULES, VENUES, NOW) == ([], [])


def test_the_cheapest_in_r_comes_first_and_ties_go_by_id():
    candidates = [
        candidate("c", "A", cost_r="0.20"),
        candidate("b", "B", cost_r="0.10"),
        candidate("a", "C", cost_r="0.1000"),
        candidate("d", "D", cost_r="0.05"),
    ]

    assert chosen_and_names(candidates) == (["d", "a", "b", "c"], {})


def test_a_bet_that_is_open_is_not_published_again():
    before = Published(open_bets=frozenset({LONG_A}), last_of={}, times=())
    candidates = [candidate("1"), candidate("2", side=Side.SHORT), candidate("3", coin="B")]

    chosen, refused = choose(candidates, before, RULES, VENUES, NOW)

    assert [alert.id for alert in chosen] == ["2", "3"]
    ((alert, refusal),) = refused
    assert alert.id == "1"
    assert refusal.code is RefusalCode.ALREADY_OPEN
    assert refusal.message == "a long of A is open or was published within 30 minutes"


@pytest.mark.parametrize(
    ("age_ms", "published"),
    [
        (MINUTE_MS, False),
        (30 * MINUTE_MS - 1, False),
        (30 * MINUTE_MS, True),
        (30 * MINUTE_MS + 1, True),
    ],
)
def test_a_bet_may_be_repeated_thirty_minutes_after_it_was_published(age_ms, published):
    before = Published(open_bets=frozenset(), last_of={LONG_A: NOW - age_ms}, times=())

    chosen, names = chosen_and_names([candidate("1")], before)

    assert (chosen == ["1"]) is published
    assert names == ({} if published else {"1": RefusalCode.ALREADY_OPEN})


def test_of_two_setups_on_one_bet_in_the_same_minute_the_cheaper_one_is_published():
    candidates = [candidate("1", cost_r="0.2"), candidate("2", cost_r="0.1")]

    assert chosen_and_names(candidates) == (["2"], {"1": RefusalCode.ALREADY_OPEN})


@pytest.mark.parametrize(
    ("venues", "winner"), [(VENUES, "on-bybit"), (("mexc", "bybit"), "on-mexc")]
)
def test_the_first_venue_of_the_order_speaks_for_all_even_if_it_is_dearer(venues, winner):
    candidates = [
        candidate("on-mexc", venue="mexc", cost_r="0.01"),
        candidate("on-bybit", venue="bybit", cost_r="0.20"),
    ]

    chosen, refused = choose(candidates, NOTHING, RULES, venues, NOW)

    assert [alert.id for alert in chosen] == [winner]
    ((_, refusal),) = refused
    assert refusal.code is RefusalCode.DUPLICATE_VENUE
    assert refusal.message == (
        f"{chosen[0].plan.venue} shows the same at this close and comes first"
    )


def test_another_side_or_coin_or_close_on_another_venue_is_no_duplicate():
    candidates = [
        candidate("1", cost_r="0.1"),
        candidate("2", venue="bybit", side=Side.SHORT, cost_r="0.2"),
        candidate("3", venue="bybit", coin="B", cost_r="0.3"),
        candidate("4", venue="bybit", candle_close=CLOSE - MINUTE_MS, cost_r="0.4"),
    ]

    assert chosen_and_names(candidates) == (["1", "2", "3"], {"4": RefusalCode.ALREADY_OPEN})


def test_a_duplicate_is_a_duplicate_even_where_the_first_venue_is_not_published_either():
    before = Published(open_bets=frozenset({LONG_A}), last_of={}, times=())
    candidates = [candidate("1"), candidate("2", venue="bybit")]

    assert chosen_and_names(candidates, before) == (
        [],
        {"1": RefusalCode.ALREADY_OPEN, "2": RefusalCode.DUPLICATE_VENUE},
    )


def test_six_an_hour_are_published_and_the_dearest_are_left_out():
    candidates = [candidate(str(rank), coin=f"C{rank}", cost_r=f"0.{rank}") for rank in range(9)]

    chosen, names = chosen_and_names(candidates[::-1])

    assert chosen == ["0", "1", "2", "3", "4", "5"]
    assert names == dict.fromkeys(["6", "7", "8"], RefusalCode.BUDGET)


@pytest.mark.parametrize(
    ("times", "published"),
    [
        pytest.param([NOW - 1] * 5, True, id="five in this hour"),
        pytest.param([NOW - 1] * 6, False, id="six in this hour"),
        pytest.param([NOW - HOUR_MS + 1] * 6, False, id="six almost an hour ago"),
        pytest.param([NOW - HOUR_MS] * 6, True, id="six exactly an hour ago"),
        pytest.param([NOW - HOUR_MS] * 29, True, id="twenty-nine in a day"),
        pytest.param([NOW - DAY_MS + 1] * 30, False, id="thirty almost a day ago"),
        pytest.param([NOW - DAY_MS] * 30, True, id="thirty exactly a day ago"),
        pytest.param([NOW - DAY_MS] + [NOW - HOUR_MS] * 29, True, id="the oldest has left"),
    ],
)
def test_the_budget_looks_back_one_hour_and_one_day(times, published):
    chosen, names = chosen_and_names([candidate("1")], published_at(*times))

    assert (chosen == ["1"]) is published
    assert names == ({} if published else {"1": RefusalCode.BUDGET})


def test_the_budget_of_the_day_is_used_up_within_a_minute_too():
    before = published_at(*[NOW - 2 * HOUR_MS] * 28)
    candidates = [candidate(str(rank), coin=f"C{rank}") for rank in range(3)]

    chosen, refused = choose(candidates, before, RULES, VENUES, NOW)

    assert [alert.id for alert in chosen] == ["0", "1"]
    ((_, refusal),) = refused
    assert refusal.message == "2 alerts in this hour and 30 in 24 hours, allowed are 6 and 30"


def test_a_repeated_bet_is_named_so_even_where_the_budget_is_spent():
    before = Published(open_bets=frozenset({LONG_A}), last_of={}, times=[NOW] * 6)

    assert chosen_and_names([candidate("1"), candidate("2", coin="B")], before) == (
        [],
        {"1": RefusalCode.ALREADY_OPEN, "2": RefusalCode.BUDGET},
    )


BETS = st.tuples(st.sampled_from("ABCDE"), st.sampled_from(Side))


@st.composite
def minutes(draw) -> list[Alert]:
    rows = draw(
        st.lists(
            st.tuples(BETS, st.integers(0, 3), st.sampled_from(VENUES), st.integers(0, 1)),
            max_size=14,
        )
    )
    return [
        candidate(
            f"{number:02}",
            coin=coin,
            side=side,
            cost_r=f"0.{cost}",
            venue=venue,
            candle_close=CLOSE - age * MINUTE_MS,
        )
        for number, ((coin, side), cost, venue, age) in enumerate(rows)
    ]


HISTORIES = st.builds(
    Published,
    open_bets=st.frozensets(BETS, max_size=3),
    last_of=st.dictionaries(BETS, st.integers(NOW - HOUR_MS, NOW), max_size=3),
    times=st.lists(st.integers(NOW - 2 * HOUR_MS, NOW), max_size=8),
)


@settings(deadline=None)
@given(candidates=minutes(), before=HISTORIES, data=st.data())
def test_the_order_of_arrival_plays_no_part(candidates, before, data):
    shuffled = data.draw(st.permutations(candidates))

    chosen, refused = choose(candidates, before, RULES, VENUES, NOW)
    chosen_again, refused_again = choose(shuffled, before, RULES, VENUES, NOW)

    assert chosen_again == chosen
    assert sorted(refused_again, key=lambda pair: pair[0].id) == sorted(
        refused, key=lambda pair: pair[0].id
    )


@settings(deadline=None)
@given(candidates=minutes(), before=HISTORIES)
def test_every_candidate_is_either_chosen_or_refused_once(candidates, before):
    arrived = list(candidates)

    chosen, refused = choose(candidates, before, RULES, VENUES, NOW)

    answered = [alert.id for alert in chosen] + [alert.id for alert, _ in refused]
    assert Counter(answered) == Counter(alert.id for alert in arrived)
    assert candidates == arrived


@settings(deadline=None)
@given(candidates=minutes(), before=HISTORIES)
def test_what_is_chosen_keeps_every_promise(candidates, before):
    chosen, refused = choose(candidates, before, RULES, VENUES, NOW)

    bets = [bet_of(alert) for alert in chosen]
    assert len(set(bets)) == len(bets)
    assert not before.open_bets & set(bets)
    assert all(NOW - before.last_of.get(bet, 0) >= 30 * MINUTE_MS for bet in bets)
    last_hour = sum(time > NOW - HOUR_MS for time in before.times)
    assert not chosen or last_hour + len(chosen) <= 6
    ranks = [(alert.cost_r, alert.id) for alert in chosen]
    assert ranks == sorted(ranks)
    short_of_budget = [alert for alert, refusal in refused if refusal.code is RefusalCode.BUDGET]
    assert not short_of_budget or last_hour + len(chosen) >= 6


def test_a_venue_outside_the_order_comes_after_those_in_it():
    candidates = [
        candidate("elsewhere", venue="weex", cost_r="0.01"),
        candidate("listed", venue=VENUES[0], cost_r="0.20"),
    ]

    assert chosen_and_names(candidates) == (
        ["listed"],
        {"elsewhere": RefusalCode.DUPLICATE_VENUE},
    )
