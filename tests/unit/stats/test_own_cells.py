from decimal import Decimal

import pytest
from fakes.own_trades import ALERT, followed, recorded, skipped

from signalbot.domain.alert import BtcNote
from signalbot.domain.reader_clock import ReaderClock
from signalbot.stats.own_cells import failing_cells

UTC = ReaderClock()


def trades(n, *, exit_, hour=0, volatility="high"):
    btc = BtcNote(return_5m=ALERT.btc.return_5m, trend="up", volatility=volatility)
    alerts = [recorded(seq, hour * 60 + seq, btc=btc) for seq in range(1, n + 1)]
    return [followed(alert, "1.0000", exit_) for alert in alerts]


def test_thirty_losing_trades_are_named_by_hour_and_volatility():
    found = failing_cells(trades(30, exit_="0.9900"), UTC)

    assert [(cell.by, cell.value, cell.n, cell.wins) for cell in found.failing] == [
        ("hour", "00", 30, 0),
        ("volatility", "high", 30, 0),
    ]
    hour = found.failing[0]
    assert hour.mean_r == Decimal("-1.0995")
    assert hour.breakeven_win_rate == pytest.approx(0.3737)
    assert hour.is_certain
    assert found.is_told("hour")
    assert found.is_told("volatility")


def test_twenty_nine_are_not_enough():
    found = failing_cells(trades(29, exit_="0.9900"), UTC)

    assert found.failing == ()
    assert found.largest == {"hour": 29, "volatility": 29}
    assert not found.is_told("hour")


def test_hours_that_win_are_not_named():
    assert failing_cells(trades(30, exit_="1.0200"), UTC).failing == ()


def test_a_loss_that_chance_explains_is_not_certain():
    # 14 of 30 won at a need of 37 %, all so little that the mean is below 0
    journal = trades(30, exit_="0.9900")
    journal[:14] = trades(14, exit_="1.0030")

    cell = failing_cells(journal, UTC).failing[0]

    assert cell.wins == 14
    assert not cell.is_certain


def test_the_hour_is_that_of_the_own_fill_on_the_readers_clock():
    found = failing_cells(trades(30, exit_="0.9900", hour=22), ReaderClock(offset_min=150))

    # 22:02 to 22:31 UTC are 00:32 to 01:01 there, 28 of them before 01:00
    assert found.largest["hour"] == 28


def test_the_worst_comes_first():
    journal = [
        *trades(30, exit_="0.9900", hour=3, volatility="low"),
        *trades(30, exit_="0.9880", hour=9, volatility="high"),
    ]

    found = failing_cells(journal, UTC).failing
    assert [cell.value for cell in found] == ["09", "high", "03", "low"]


def test_what_is_not_over_is_not_counted():
    journal = [skipped(recorded(1)), followed(recorded(2), "1.0000")]

    assert failing_cells(journal, UTC).largest == {}
