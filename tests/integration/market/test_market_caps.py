"""Market caps over HTTP on this machine, through CoinGecko's own library, and kept in a file."""

import asyncio
import stat
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fakes.coingecko import CoinGecko, Prepared, half, page, row, silence
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.market_cap import CapTable, Coin
from signalbot.errors import InputError
from signalbot.market.coingecko import PAGES, PER_PAGE, Source
from signalbot.market.market_caps import HOUR_MS, MarketCaps, read_table, write_table

NOW = 1_790_000_000_000
ANSWERED = [row(1, symbol="btc"), row(2)]
BUSY = page({"status": {"error_code": 429}}, 429, Retry_After="0.001")


def tables(
    file: Path, prepared: Sequence[Prepared], times: Sequence[int] = (NOW,), **source: Any
) -> tuple[list[CapTable], list[Any]]:
    """What is known at each time, and what the server was asked."""

    async def run() -> tuple[list[CapTable], list[Any]]:
        async with CoinGecko(*prepared).serving() as server:
            caps = MarketCaps(file, Source(**({"url": server.url, "tries": 1} | source)))
            return [await caps.table(now) for now in times], server.asked

    return asyncio.run(run())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "signalbot.caps.json"


def test_coins_are_read_and_kept_for_the_owner_alone(file: Path) -> None:
    (table,), asked = tables(file, [page(ANSWERED)])

    first = Coin(
        coin_id="coin-1",
        symbol="BTC",
        price=Decimal("0.5"),
        market_cap=Decimal(1_999_999_999),
        rank=1,
    )
    assert table.coins[0] == first
    assert (len(table.coins), table.fetched_at, table.trouble) == (2, NOW, None)
    assert read_table(file) == table
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert dict(asked[0].query)["per_page"] == str(PER_PAGE)


def test_four_full_pages_are_all_that_is_asked(file: Path) -> None:
    full = [row(number) for number in range(1, PER_PAGE + 1)]
    (table,), asked = tables(file, [page(full)])

    assert [request.query["page"] for request in asked] == ["1", "2", "3", "4"]
    assert len(table.coins) == PAGES * PER_PAGE


@pytest.mark.parametrize("key", [None, "CG-secret"])
def test_a_key_is_sent_where_there_is_one(file: Path, key: str | None) -> None:
    _, asked = tables(file, [page(ANSWERED)], key=key)

    assert asked[0].headers.get("x-cg-demo-api-key") == key
    assert "x-cg-pro-api-key" not in asked[0].headers


def test_no_key_of_the_surroundings_is_sent(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COINGECKO_DEMO_API_KEY", "COINGECKO_PRO_API_KEY"):
        monkeypatch.setenv(name, "somebody-elses")
    _, asked = tables(file, [page(ANSWERED)])

    assert "somebody-elses" not in asked[0].headers.values()


def test_the_source_is_left_alone_until_the_table_is_twelve_hours_old(file: Path) -> None:
    times = (NOW, NOW + 12 * HOUR_MS - 1, NOW + 12 * HOUR_MS)
    found, asked = tables(file, [page(ANSWERED)], times)

    assert [table.fetched_at for table in found] == [NOW, NOW, NOW + 12 * HOUR_MS]
    assert len(asked) == 2


def test_a_table_of_the_future_is_asked_for_again(file: Path) -> None:
    found, _ = tables(file, [page(ANSWERED)], (NOW + HOUR_MS, NOW))

    assert [table.fetched_at for table in found] == [NOW + HOUR_MS, NOW]


def test_a_pause_that_is_asked_for_is_made(file: Path) -> None:
    (table,), asked = tables(file, [BUSY, page(ANSWERED)], tries=2)

    assert (len(table.coins), len(asked), table.trouble) == (2, 2, None)


def test_tries_are_bounded(file: Path) -> None:
    (table,), asked = tables(file, [BUSY], tries=3)

    assert len(asked) == 3
    assert table.coins == ()
    assert "CoinGecko did not answer: Error code: 429" in str(table.trouble)


@pytest.mark.parametrize(
    "answer",
    [
        page("busy", 500),
        page("<html>"),
        page({"error": "no list"}),
        page("[" * 100_000),
        page([]),
        page(["no object", None, {}]),
        half,
    ],
    ids=["500", "html", "object", "deep", "empty", "no coin", "half"],
)
def test_without_an_answer_the_older_table_is_used_and_said_to_be_old(
    file: Path, answer: Prepared
) -> None:
    later = NOW + 30 * HOUR_MS
    (known, old), _ = tables(file, [page(ANSWERED), answer], (NOW, later))

    assert old.coins == known.coins
    assert old.fetched_at == NOW
    assert str(old.trouble).startswith("CoinGecko ")
    assert read_table(file) == known


def test_nobody_answers(file: Path) -> None:
    (table,), _ = tables(file, [page(ANSWERED)], url="http://127.0.0.1:9")

    assert (table.coins, table.fetched_at) == ((), None)
    assert table.trouble == "CoinGecko did not answer: Connection error."
    assert not file.exists()


def test_a_source_that_keeps_silent_is_left_after_a_while(file: Path) -> None:
    (table,), _ = tables(file, [silence], longest_s=0.05)

    assert table == CapTable(trouble="CoinGecko did not answer within 0.05 s")


def test_what_came_before_a_failure_is_used_but_not_kept(file: Path) -> None:
    full = [row(number) for number in range(1, PER_PAGE + 1)]
    (table,), _ = tables(file, [page(full), page("busy", 500)])

    assert (len(table.coins), table.fetched_at) == (PER_PAGE, None)
    assert table.trouble is not None
    assert not file.exists()


def test_a_hostile_row_costs_itself_alone(file: Path) -> None:
    hostile = [
        *(row(9, current_price=price) for price in (None, -1, "NaN", "1e999", [], {}, True)),
        *(row(9, market_cap=cap) for cap in (None, -1, 1e300, "9" * 5_000)),
        *(row(9, market_cap_rank=rank) for rank in (0, 10**7, "x")),
        *(row(9, id=name) for name in (None, "", "x" * 300, "\x1b[2J")),
        *(row(9, symbol=name) for name in (None, "", [], "x" * 300)),
        [],
        None,
        7,
    ]
    (table,), _ = tables(file, [page([*hostile, *ANSWERED])])

    assert [coin.coin_id for coin in table.coins] == ["coin-1", "coin-2"]


@pytest.mark.parametrize("number", ["9" * 6_000, "1e999999", "NaN", "Infinity", "0.1" + "0" * 500])
def test_a_number_that_nothing_holds_costs_its_row_alone(file: Path, number: str) -> None:
    text = f'[{{"id": "x", "symbol": "x", "current_price": 1, "market_cap": {number}}}, '
    good = '{"id": "y", "symbol": "y", "current_price": 1e-9, "market_cap": 5}]'
    (table,), _ = tables(file, [page(text + good)])

    assert table.coins[-1].price == Decimal("1e-9")
    assert table.trouble is None


@pytest.mark.parametrize("hours", [-1, 0, 5, 25])
def test_hours_out_of_range_are_refused(file: Path, hours: int) -> None:
    with pytest.raises(InputError, match="hours from 6 to 24"):
        MarketCaps(file, Source(), hours)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"coins": 1}', '{"coins": [], "fetched_at": "x"}', "\x00"]
)
def test_a_damaged_file_is_asked_for_again(file: Path, text: str) -> None:
    file.write_text(text)
    (table,), _ = tables(file, [page(ANSWERED)])

    assert len(table.coins) == 2
    assert read_table(file) == table


def test_a_disk_that_keeps_nothing_does_not_matter(tmp_path: Path) -> None:
    (table,), _ = tables(tmp_path / "missing" / "caps.json", [page(ANSWERED)])

    assert (len(table.coins), table.trouble) == (2, None)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "caps.json"
    place.mkdir()
    with pytest.raises(OSError, match=r"caps\.json"):
        write_table(place, CapTable(fetched_at=NOW))

    assert [path.name for path in tmp_path.iterdir()] == ["caps.json"]


coins = st.builds(
    Coin,
    coin_id=st.text("abcdefghij-0123456789", min_size=1, max_size=20),
    symbol=st.text("ABCDEF0123456789", min_size=1, max_size=10),
    price=st.decimals("1e-20", "1e11", places=20),
    market_cap=st.decimals(0, "1e14", places=2),
    rank=st.none() | st.integers(1, 10**6),
)


@given(st.lists(coins), st.integers(0, 4 * 10**12))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Coin], now: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "again.json"
    table = CapTable(coins=tuple(listed), fetched_at=now)
    write_table(file, table)

    assert read_table(file) == table
