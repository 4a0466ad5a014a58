from collections.abc import Callable

import pytest
from fakes.hand_written import START, HandWritten

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.record.bodies import refusals_body, universe_body
from signalbot.record.entries import EntryType
from signalbot.record.fold import Fold, Standing, Tally

AlertMaker = Callable[..., Alert]

SETUP = ("range_breakout", "1.0.0-0badcafe")


@pytest.fixture
def ledger() -> HandWritten:
    return HandWritten()


def test_before_the_first_entry_there_is_nothing(ledger: HandWritten) -> None:
    state = ledger.state

    assert state.standing == state.settled == state.last_published == {}
    assert state.pending() == state.published_since(0) == []
    assert state.open_bets() == frozenset()
    assert state.universe_day is None
    assert state.first_alert_at() is None
    assert state.tally(*SETUP) == Tally(wins=0, decided=0)


def test_an_alert_stands_until_it_has_an_outcome(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    alert = make_alert()

    seq = ledger.alert(alert)

    entry = ledger.entries[0]
    standing = Standing(seq=seq, hash=entry.hash, prev=entry.prev, alert=alert)
    assert ledger.state.standing == {seq: standing}
    assert ledger.state.pending() == [standing]
    assert ledger.state.open_bets() == {("TOY", Side.LONG)}


def test_an_alert_counts_from_its_first_entry_on(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    seq = ledger.alert(make_alert())

    assert ledger.state.settled == {
        seq: Settled(
            alert_id="a12e61d2ef5e3776",
            setup="range_breakout",
            version="1.0.0-0badcafe",
            symbol="TOY/USDT:USDT",
            side="long",
            published_at=START,
            kind=OutcomeKind.OPEN,
            net_r=None,
            breakeven_win_rate=0.4512345678,
            volatility="high",
            regime="down",
        )
    }


def test_a_published_alert_is_pending_no_more_but_open(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    first, second = ledger.alert(make_alert()), ledger.alert(make_alert(symbol="ANT/USDT:USDT"))

    ledger.published(first, START + 2_600, "813")

    assert [each.seq for each in ledger.state.pending()] == [second]
    assert ledger.state.standing[first].published_at == START + 2_600
    assert ledger.state.standing[first].message_id == "813"
    assert ledger.state.settled[first].published_at == START + 2_600
    assert ledger.state.open_bets() == {("TOY", Side.LONG), ("ANT", Side.LONG)}


def test_pending_alerts_come_oldest_first(ledger: HandWritten, make_alert: AlertMaker) -> None:
    seqs = [ledger.alert(make_alert(symbol=f"{coin}/USDT:USDT")) for coin in "CAB"]

    assert [each.seq for each in ledger.state.pending()] == seqs


def test_the_last_publication_is_known_by_coin_and_side(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    long = ledger.alert(make_alert())
    ledger.published(long, START)
    ledger.outcome(long, OutcomeKind.STOP, "-1.1")
    short = ledger.alert(make_alert(side=Side.SHORT))
    ledger.published(short, START + HOUR_MS)
    again = ledger.alert(make_alert())
    ledger.published(again, START + 2 * HOUR_MS)

    assert ledger.state.last_published == {
        ("TOY", Side.LONG): START + 2 * HOUR_MS,
        ("TOY", Side.SHORT): START + HOUR_MS,
    }


def test_publications_are_counted_after_an_instant(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    for minute in range(3):
        ledger.published(ledger.alert(make_alert()), START + minute * MINUTE_MS)

    assert ledger.state.published_since(START) == [START + MINUTE_MS, START + 2 * MINUTE_MS]
    assert ledger.state.published_since(START - 1)[0] == START
    assert ledger.state.published_since(START + 2 * MINUTE_MS) == []


def test_publications_of_the_last_day_are_remembered(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    times = [START, START + 1, START + DAY_MS]

    for at in times:
        ledger.published(ledger.alert(make_alert()), at)

    assert ledger.state.published_since(0) == times[1:]


def test_a_record_begins_with_its_first_publication(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    for at in (START + 5_000, START + 9_000):
        seq = ledger.alert(make_alert())
        ledger.published(seq, at)
        ledger.outcome(seq, OutcomeKind.EXPIRED, "0.05")

    assert ledger.state.first_alert_at() == START + 5_000


def test_an_outcome_ends_an_alert(ledger: HandWritten, make_alert: AlertMaker) -> None:
    seq = ledger.alert(make_alert())
    ledger.published(seq, START + 2_600)

    ledger.outcome(seq, OutcomeKind.TARGET, "0.9")

    assert ledger.state.standing == {}
    assert ledger.state.open_bets() == frozenset()
    assert ledger.state.settled[seq].kind is OutcomeKind.TARGET
    assert ledger.state.settled[seq].net_r == 0.9
    assert ledger.state.settled[seq].published_at == START + 2_600


def test_an_alert_that_nobody_accepted_ends_too(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    seq = ledger.alert(make_alert())

    ledger.outcome(seq, OutcomeKind.NOT_PUBLISHED, None)

    assert ledger.state.pending() == []
    assert ledger.state.settled[seq].kind is OutcomeKind.NOT_PUBLISHED
    assert ledger.state.settled[seq].net_r is None
    assert ledger.state.last_published == {}


def test_decided_alerts_are_tallied_by_setup_and_version(
    ledger: HandWritten, make_alert: AlertMaker
) -> None:
    other = "1.0.1-0badcafe"
    for kind, net_r, version in [
        (OutcomeKind.TARGET, "0.9", SETUP[1]),
        (OutcomeKind.STOP, "-1.1", SETUP[1]),
        (OutcomeKind.EXPIRED, "0.05", SETUP[1]),
        (OutcomeKind.TARGET, "0.0", SETUP[1]),
        (OutcomeKind.UNRESOLVED_GAP, "-1.2", SETUP[1]),
        (OutcomeKind.DELISTED, "-0.3", SETUP[1]),
        (OutcomeKind.VOID_LATE, None, SETUP[1]),
        (OutcomeKind.NOT_FILLED, None, SETUP[1]),
        (OutcomeKind.NOT_PUBLISHED, None, SETUP[1]),
        (OutcomeKind.TARGET, "0.9", other),
    ]:
        ledger.outcome(ledger.alert(make_alert(version=version)), kind, net_r)
    ledger.alert(make_alert())

    assert ledger.state.tally(*SETUP) == Tally(wins=2, decided=6)
    assert ledger.state.tally(SETUP[0], other) == Tally(wins=1, decided=1)
    assert ledger.state.tally("rsi_stochastic_reversal", other) == Tally()


def test_the_universe_is_that_of_the_newest_day(ledger: HandWritten) -> None:
    for day in ("2026-01-01", "2026-01-02"):
        ledger.write(EntryType.UNIVERSE, universe_body(day, "binanceusdm", "1m", ["TOY/USDT:USDT"]))

    assert ledger.state.universe_day == "2026-01-02"


def test_refusals_of_all_days_add_up(ledger: HandWritten) -> None:
    ledger.write(EntryType.REFUSALS, refusals_body("2026-01-01", {"BUDGET": 2, "BTC_HALT": 1}))
    ledger.write(EntryType.REFUSALS, refusals_body("2026-01-02", {}))
    ledger.write(EntryType.REFUSALS, refusals_body("2026-01-03", {"BUDGET": 5, "ALREADY_OPEN": 3}))

    assert ledger.state.refused == {"BUDGET": 7, "BTC_HALT": 1, "ALREADY_OPEN": 3}


def facts(state: Fold) -> dict[str, str]:
    hidden = {"_handlers", "tree"}
    return {name: repr(value) for name, value in vars(state).items() if name not in hidden}


@pytest.mark.parametrize("kind", [EntryType.GENESIS, EntryType.KEY])
def test_other_entries_change_nothing_but_the_tree(
    ledger: HandWritten, make_alert: AlertMaker, kind: EntryType
) -> None:
    ledger.published(ledger.alert(make_alert()), START)
    before = facts(ledger.state)

    ledger.write(kind, {"day": "2026-01-09", "counts": {"BUDGET": 1}})

    assert facts(ledger.state) == before
    assert ledger.state.tree.size == len(ledger.entries)


def test_the_same_entries_give_the_same_state(ledger: HandWritten, make_alert: AlertMaker) -> None:
    seq = ledger.alert(make_alert())
    ledger.published(seq, START)
    ledger.outcome(seq, OutcomeKind.TARGET, "0.9")
    ledger.alert(make_alert(symbol="ANT/USDT:USDT"))

    again = Fold()
    for entry in ledger.entries:
        again.apply(entry)

    assert facts(again) == facts(ledger.state)
    assert again.tree.root() == ledger.state.tree.root()


def test_the_newest_rules_are_in_force_and_a_change_of_state_is_none(ledger: HandWritten) -> None:
    assert ledger.state.rules is None
    ledger.write(EntryType.RULES, {"gates": "a"})
    ledger.write(EntryType.RULES, {"gates": "b"})
    change = {"setup": "s", "version": "1", "state": "losing"}
    ledger.write(EntryType.RULES, {"setup_state": change})

    assert ledger.state.rules == {"gates": "b"}
