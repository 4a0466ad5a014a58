"""The whole story on a generated market: candle files in, out comes a record one can check."""

import json
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signalbot.cli import run_command
from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.timeframe import M5
from signalbot.sandbox.market import GeneratedMarket

SETUPS = {"rsi_stochastic_reversal", "range_breakout"}
BTC = "BTC/USDT:USDT"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = "2026-01-01T00:00:00.000Z"
NOON = "2026-01-02T12:00:00.000Z"
MORNING = "2026-01-01T06:00:00.000Z"

Replay = Callable[..., Any]
Stranger = Callable[[list[str], Path], Any]
Rewrite = Callable[[Path, Mapping[str, Candles]], Path]


def millis(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)


def iso(instant: int) -> str:
    return (EPOCH + timedelta(milliseconds=instant)).isoformat()


def without_rows(candles: Candles, rows: list[int]) -> Candles:
    kept = {name: np.delete(getattr(candles, name), rows) for name in ("open_time", *FIELDS)}
    return replace(candles, **kept)


@pytest.fixture(scope="module")
def built(replay: Replay, recorded: Path, tmp_path_factory: pytest.TempPathFactory):
    """The same on 5m candles, which the folder does not hold."""
    return replay(recorded, tmp_path_factory.mktemp("built") / "built.db", timeframe="5m")


class TestWholeReplay:
    def test_both_setups_alert_and_the_buckets_add_up(self, told) -> None:
        answer = told.answer

        assert set(answer["alerts_by_setup"]) == SETUPS
        assert sum(answer["alerts_by_setup"].values()) == answer["stats"]["alerts"]
        assert sum(answer["stats"]["buckets"].values()) == answer["stats"]["alerts"]
        assert (answer["from"], answer["to"]) == (FIRST, "2026-01-04T00:00:00.000Z")
        assert answer["candles"] == 11 * 3 * 1440
        assert set(answer["gaps"].values()) == {0}
        assert (told.errors, answer["assumed"], answer["built_from"]) == ("", {}, None)

    def test_an_alert_is_recorded_before_it_is_published_and_published_before_its_end(
        self, told
    ) -> None:
        alerts = {entry["seq"]: entry["body"] for entry in told.entries("alert")}
        published = {entry["body"]["alert_seq"]: entry for entry in told.entries("published")}
        ended = {entry["body"]["alert_seq"]: entry["seq"] for entry in told.entries("outcome")}

        assert len(alerts) == told.answer["stats"]["alerts"]
        assert set(alerts) == set(published) >= set(ended)
        assert all(seq < entry["seq"] for seq, entry in published.items())
        assert all(published[seq]["seq"] < end for seq, end in ended.items())
        for seq, entry in published.items():
            closed_at = millis(alerts[seq]["candle_close"])
            assert millis(entry["body"]["published_at"]) == closed_at + 2_500

    def test_a_stranger_finds_no_fault_in_the_record(
        self, told, recorded: Path, stranger: Stranger
    ) -> None:
        found = stranger(told.lines(), recorded)

        assert found.ended == found.covered > 0
        assert found.figures["buckets"] == told.answer["stats"]["buckets"]

    def test_every_price_in_the_record_is_a_plain_decimal_string(self, told) -> None:
        bodies = [entry["body"] for entry in told.entries("alert")]

        prices = [body[name] for body in bodies for name in ("entry", "stop", "target", "tick")]
        assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", price) for price in prices)

    def test_the_record_tells_the_same_statistics_as_the_replay(
        self, told, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run_command(["stats", "--db", str(told.database), "--json"]) == 0

        assert json.loads(capsys.readouterr().out) == told.answer["stats"]

    def test_the_statistics_tell_what_costs_took_and_what_stays_open(self, told) -> None:
        stats = told.answer["stats"]
        before, bounds = stats["before_costs"], stats["bounds"]

        assert before["n"] == bounds["n"] == stats["decided"] > 0
        assert before["expectancy_r"] - before["cost_r"] == pytest.approx(stats["expectancy_r"])
        assert 0 < before["cost_r"] < 0.5
        assert bounds["worst_expectancy_r"] <= stats["expectancy_r"] <= bounds["best_expectancy_r"]


class TestAgain:
    def test_into_a_fresh_file_gives_the_same_record(
        self, replay: Replay, told, recorded: Path, tmp_path: Path
    ) -> None:
        again = replay(recorded, tmp_path / "again.db")

        assert again.answer | {"db": ""} == told.answer | {"db": ""}
        assert again.lines() == told.lines()

    def test_into_the_same_file_adds_nothing_and_says_so(
        self, replay: Replay, told, recorded: Path
    ) -> None:
        before = told.database.read_bytes()

        again = replay(recorded, told.database, json=False)

        assert again.code == 0
        assert f"Nothing added: {told.database} holds this replay already" in again.out
        assert told.database.read_bytes() == before

    @pytest.mark.parametrize(
        "options",
        [
            ("--symbols", "MOCK/USDT:USDT,TOY/USDT:USDT"),
            ("--from", NOON),
            ("--to", NOON),
        ],
        ids=["other pairs", "a later start", "an earlier end"],
    )
    def test_another_replay_is_refused_and_changes_nothing(
        self, replay: Replay, options: tuple[str, str], told, recorded: Path
    ) -> None:
        before = told.database.read_bytes()

        other = replay(recorded, told.database, *options)

        assert (other.code, other.out) == (1, "")
        assert re.fullmatch(r"error: .* use a fresh file\n", other.errors)
        assert told.database.read_bytes() == before

    def test_other_rules_are_refused_too(
        self, replay: Replay, told, recorded: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = told.database.read_bytes()
        monkeypatch.setenv("SIGNALBOT_MAX_COST_R", "0.2")

        other = replay(recorded, told.database)

        assert (other.code, other.out) == (1, "")
        assert other.errors.startswith("error: ledger entry #1 differs from the stored one")
        assert told.database.read_bytes() == before

    def test_a_longer_replay_is_refused_and_the_shorter_one_still_continues(
        self, replay: Replay, told, recorded: Path, tmp_path: Path
    ) -> None:
        # what happens first beyond the shorter one is a refusal, which the ledger does not hold
        until = iso(_a_lonely_refusal(told) - 2_500 - 60_000)
        shorter = replay(recorded, tmp_path / "shorter.db", "--to", until)
        before = shorter.database.read_bytes()

        longer = replay(recorded, shorter.database)

        assert longer.code == 1
        assert shorter.database.read_bytes() == before
        again = replay(recorded, shorter.database, "--to", until)
        assert again.answer == shorter.answer | {"entries_added": 0}


def _a_lonely_refusal(told) -> int:
    times = [millis(entry["ts"]) for entry in told.entries()]
    with closing(sqlite3.connect(told.database)) as connection:
        refusals = connection.execute("SELECT DISTINCT refused_at FROM refusal ORDER BY 1")
        return next(
            at
            for (at,) in refusals
            if at > millis(MORNING) and times[bisect_left(times, at - 59_999)] > at
        )


class TestPeriod:
    def test_what_comes_later_never_changes_what_was_recorded_before(
        self, replay: Replay, told, recorded: Path, tmp_path: Path
    ) -> None:
        earlier = replay(recorded, tmp_path / "earlier.db", "--to", NOON)

        assert earlier.answer["to"] == NOON
        *recorded_lines, closing_line = earlier.lines()
        assert recorded_lines == told.lines()[: len(recorded_lines)]
        assert json.loads(closing_line)["type"] == "refusals"
        assert earlier.entries("alert")

    def test_decisions_begin_where_asked_with_the_indicators_warm(
        self, replay: Replay, told, recorded: Path, tmp_path: Path
    ) -> None:
        later = replay(recorded, tmp_path / "later.db", "--from", NOON)

        times = [millis(entry["ts"]) for entry in later.entries()]
        assert min(times) == millis(NOON) + 60_000 + 2_500  # the first candle closes after a minute
        first = later.entries("alert")[0]["body"]
        ids = {entry["body"]["id"] for entry in told.entries("alert")}
        assert first["id"] in ids


class TestFiveMinutes:
    def test_candles_built_from_1m_give_the_record_of_5m_files(
        self,
        replay: Replay,
        built,
        market: GeneratedMarket,
        record_market: Rewrite,
        tmp_path: Path,
    ) -> None:
        resampled = {symbol: candles.resample(M5) for symbol, candles in market.series.items()}
        folder = record_market(tmp_path, resampled)

        from_files = replay(folder, tmp_path / "files.db", timeframe="5m")

        assert from_files.lines() == built.lines()
        assert built.answer["stats"]["alerts"] > 0
        assert (built.answer["built_from"], from_files.answer["built_from"]) == ("1m", None)
        assert built.errors == "5m candles are built from 1m\n"
        assert from_files.errors == ""

    def test_a_stranger_finds_no_fault_in_the_record_of_built_candles(
        self, built, recorded: Path, stranger: Stranger
    ) -> None:
        found = stranger(built.lines(), recorded)

        assert found.ended > found.covered == 0  # it wants the 5m candles themselves


class TestMissingData:
    def test_a_gap_is_reported_and_ends_the_alert_it_falls_into(
        self,
        replay: Replay,
        told,
        market: GeneratedMarket,
        record_market: Rewrite,
        stranger: Stranger,
        tmp_path: Path,
    ) -> None:
        seq, symbol, missing = _a_minute_while_open(told)
        candles = market.series[symbol]
        row = int(np.searchsorted(candles.open_time, missing))
        series = market.series | {symbol: without_rows(candles, [row, row + 1])}
        folder = record_market(tmp_path, series)

        gapped = replay(folder, tmp_path / "gapped.db")

        assert gapped.errors == f"{symbol}: 2 candles are missing\n"
        assert gapped.answer["gaps"][symbol] == 2
        ended = gapped.entries("outcome")
        outcome = next(entry["body"] for entry in ended if entry["body"]["alert_seq"] == seq)
        assert outcome["outcome"] == "UNRESOLVED_GAP"
        found = stranger(gapped.lines(), folder)
        assert (found.ended, found.figures["buckets"]["UNRESOLVED_GAP"]) == (found.covered, 1)

    def test_without_btc_everything_is_refused_and_the_reason_said(
        self, replay: Replay, market: GeneratedMarket, record_market: Rewrite, tmp_path: Path
    ) -> None:
        series = {symbol: market.series[symbol] for symbol in market.series if symbol != BTC}
        folder = record_market(tmp_path, series)

        blind = replay(folder, tmp_path / "blind.db")

        assert set(blind.answer["refusals"]) == {"BTC_UNKNOWN"}
        assert blind.answer["stats"]["alerts"] == 0
        assert blind.errors.count("\n") == 1
        assert "BTC context is unknown, all matches are refused" in blind.errors


def _a_minute_while_open(told) -> tuple[int, str, int]:
    """Return number and symbol of the first alert that stays open, and a minute of its life."""
    symbols = {entry["seq"]: entry["body"]["symbol"] for entry in told.entries("alert")}
    bodies = (entry["body"] for entry in told.entries("outcome"))
    seq, rows = next(
        (body["alert_seq"], body["evidence"]["rows"])
        for body in bodies
        if len(body["evidence"]["rows"]) > 5
    )
    return seq, symbols[seq], int(rows[2].partition(",")[0])
