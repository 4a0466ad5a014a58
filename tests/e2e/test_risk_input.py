"""Wrong input of the risk commands: exit 2, nothing on stdout, one line that names the field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signalbot.cli import run_command

Printed = Callable[[int], str]

CALLS = (
    "size --side long --entry 100 --stop 98 --target 104 --equity 1000 --risk-pct 0.5 --leverage 3"
    " --max-leverage 20 --taker-bps 5 --maker-bps 2 --slippage-bps 2 --spread 0.01 --step 0.01"
    " --tick 0.01 --min-qty 0.01 --min-notional 5 --contract-size 1",
    "liq --venue binanceusdm --side long --entry 100 --qty 3 --leverage 3 --added-margin 1"
    " --mmr 0.015 --cum 0 --close-fee-rate 0.0005",
    "claim --win-rate 70.59 --reward-risk 1 --cost-r 0.5",
)
COMMANDS = {
    command: {name[2:]: text for name, text in zip(rest[::2], rest[1::2], strict=True)}
    for command, *rest in map(str.split, CALLS)
}
NUMBERS = [
    (command, name)
    for command, plan in COMMANDS.items()
    for name in plan
    if name not in {"side", "venue"}
]
NO_NUMBERS = ("nan", "inf", "-inf", "1e5", "-1", "+1", "", "0x10", "1,5", "1_000", "ten", "1.2.3")
MAY_BE_ZERO = {
    *("taker-bps", "maker-bps", "slippage-bps", "spread", "min-qty", "min-notional"),
    *("added-margin", "cum", "close-fee-rate", "win-rate", "cost-r"),
}
TIER = {"floor": 0, "cap": 5000, "mmr": 0.015, "cum": 0, "max_leverage": 20}
NEXT = {"floor": 5000, "cap": 10000, "mmr": 0.025, "cum": 50, "max_leverage": 10}


def typed(command: str, **changes: str | None) -> list[str]:
    """A right call but for the changes; None leaves an option out."""
    plan = COMMANDS[command] | {key.replace("_", "-"): text for key, text in changes.items()}
    given = [(name, text) for name, text in plan.items() if text is not None]
    return [command, *(text for name, value in given for text in (f"--{name}", value))]


def with_tiers(command: str) -> list[str]:
    changes = {"mmr": None, "cum": None} if command == "liq" else {}
    return typed(command, tiers="tiers.json", **changes)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_calls_that_are_changed_here_are_right(command: str) -> None:
    assert run_command(typed(command)) == 0


class TestNumbers:
    @pytest.mark.parametrize("text", NO_NUMBERS)
    @pytest.mark.parametrize(("command", "name"), NUMBERS)
    def test_what_is_no_plain_number_is_named(
        self, command: str, name: str, text: str, refused: Printed
    ) -> None:
        shown = refused(run_command(typed(command, **{name: text})))

        assert shown.startswith(f"{name} was {text!r}; allowed: a plain number")

    @pytest.mark.parametrize("text", ["2000000000000000", "9" * 20, "9" * 400])
    @pytest.mark.parametrize(("command", "name"), NUMBERS)
    def test_a_huge_number_is_named(
        self, command: str, name: str, text: str, refused: Printed
    ) -> None:
        shown = refused(run_command(typed(command, **{name: text})))

        assert shown.startswith(f"{name} was '{text[:20]}")
        assert len(shown) < 200

    @pytest.mark.parametrize("text", ["0", "0.0"])
    @pytest.mark.parametrize(("command", "name"), [n for n in NUMBERS if n[1] not in MAY_BE_ZERO])
    def test_a_zero_that_makes_no_trade_is_named(
        self, command: str, name: str, text: str, refused: Printed
    ) -> None:
        shown = refused(run_command(typed(command, **{name: text})))

        assert shown == f"{name} was {text!r}; allowed: a number above 0"

    @pytest.mark.parametrize(
        ("command", "name", "text"),
        [
            *(("size", f"{fee}-bps", "1000") for fee in ("taker", "maker", "slippage")),
            ("size", "risk-pct", "100.1"),
            ("size", "leverage", "0.5"),
            ("size", "leverage", "1001"),
            ("size", "max-leverage", "0.99"),
            ("size", "spread", "20"),
            ("liq", "leverage", "0.5"),
            ("liq", "leverage", "1001"),
            ("liq", "mmr", "1.5"),
            ("liq", "close-fee-rate", "0.1"),
            ("claim", "win-rate", "100.01"),
            ("claim", "win-rate", "0.0001"),  # no record is long enough
            ("claim", "win-rate", "50.1234567890123"),
        ],
    )
    def test_a_number_out_of_bounds_is_named(
        self, command: str, name: str, text: str, refused: Printed
    ) -> None:
        plan = {name: text} | ({"slippage-bps": None} if name == "spread" else {})

        assert refused(run_command(typed(command, **plan))).startswith(f"{name} was '{text}'; ")

    def test_a_tick_as_coarse_as_the_prices_is_named(self, refused: Printed) -> None:
        for tick in ("60", "200"):
            plan = typed("size", tick=tick, target=None, slippage_bps=None, spread=None)

            assert refused(run_command(plan)).startswith(f"tick was '{tick}'; ")

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data(), command=st.sampled_from(tuple(COMMANDS)))
    def test_no_number_however_large_or_small_makes_a_command_fail(
        self, data: st.DataObject, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        places = st.integers(-15, 15).map(lambda place: f"{10.0**place:.15f}".rstrip("0"))
        names = [name for of, name in NUMBERS if of == command]
        changes = data.draw(st.dictionaries(st.sampled_from(names), places))
        as_json = data.draw(st.sampled_from([["--json"], []]))

        code = run_command([*typed(command, **changes), *as_json])

        printed = capsys.readouterr()
        if code == 0:
            assert printed.out
        else:
            assert (code, printed.out, printed.err.count("\n")) == (2, "", 1)


class TestPrices:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"stop": "100"}, "stop"),
            ({"stop": "100.00"}, "stop"),
            ({"stop": "101"}, "stop"),
            ({"side": "short"}, "stop"),
            ({"side": None, "stop": "101"}, "target"),
            ({"target": "100"}, "target"),
            ({"target": "99"}, "target"),
            ({"side": "short", "stop": "101"}, "target"),
            ({"target": "100.004"}, "target"),  # nearer than a tick
        ],
        ids=str,
    )
    def test_a_level_on_the_wrong_side_is_bad_input(
        self, changes: dict[str, str | None], field: str, refused: Printed
    ) -> None:
        assert refused(run_command(typed("size", **changes))).startswith(f"{field} was ")

    @pytest.mark.parametrize("side", ["buy", "LONG", "", "sideways"])
    @pytest.mark.parametrize("command", ["size", "liq"])
    def test_a_side_is_long_or_short(self, command: str, side: str, refused: Printed) -> None:
        shown = refused(run_command(typed(command, side=side)))

        assert shown == f"side was {side!r}; allowed: long or short"

    @pytest.mark.parametrize("command", ["size", "liq"])
    def test_an_unknown_venue_is_answered_with_the_nearest(
        self, command: str, refused: Printed
    ) -> None:
        shown = refused(run_command(typed(command, venue="binance")))

        assert shown.startswith("venue was 'binance'; ")
        assert "binanceusdm" in shown

    @pytest.mark.parametrize("symbol", ["", "???", "USDT", "BTC/EUR", "x" * 65, "TO\nY"])
    def test_a_symbol_that_cannot_be_one_is_named(self, symbol: str, refused: Printed) -> None:
        assert refused(run_command(typed("size", symbol=symbol))).startswith("symbol was ")


class TestLiqChoices:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"leverage": None}, "leverage"),
            ({"margin": "100"}, "leverage"),
            ({"mmr": None}, "cum"),
            ({"tiers": "tiers.json", "cum": None}, "mmr"),
        ],
        ids=["no margin", "two margins", "an amount of no rate", "two rates"],
    )
    def test_what_excludes_each_other_is_named(
        self, changes: dict[str, str | None], field: str, refused: Printed
    ) -> None:
        assert refused(run_command(typed("liq", **changes))).startswith(f"{field} was ")


class TestClaimCounts:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"wins": "12"}, "losses"),
            ({"losses": "5"}, "wins"),
            ({"wins": "12", "losses": "6"}, "wins"),
            ({"wins": "-1", "losses": "5"}, "wins"),
            ({"wins": "12", "losses": "-1"}, "losses"),
            ({"wins": "100001", "losses": "5"}, "wins"),
            ({"win-rate": "0", "wins": "0", "losses": "0"}, "losses"),
            ({"win-rate": "71", "wins": "12", "losses": "5.0"}, "Invalid value for '--losses'"),
        ],
        ids=str,
    )
    def test_counts_that_do_not_give_the_rate_are_named(
        self, changes: dict[str, str], field: str, refused: Printed
    ) -> None:
        assert refused(run_command(typed("claim", **changes))).startswith(field)


class TestTierFiles:
    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ([NEXT, TIER], " tier 1: floor was 5000; "),
            ([TIER, NEXT | {"floor": 4000}], " tier 2: floor was 4000; "),
            ([TIER, NEXT | {"floor": 6000}], " tier 2: floor was 6000; "),
            ([TIER, NEXT | {"cap": 5000}], " tier 2: cap was 5000; "),
            ([TIER, NEXT | {"mmr": 0.01}], " tier 2: mmr was 0.01; "),
            ([TIER, NEXT | {"mmr": "nan"}], " tier 2: mmr was 'nan'; "),
            ([TIER | {"cum": -1}], " tier 1: cum was '-1'; "),
            ([TIER | {"max_leverage": 0}], " tier 1: max_leverage was '0'; "),
            ([TIER | {"rate": 1}], " tier 1: rate was '1'; "),
            ([{"floor": 0, "cap": 5000}], " tier 1: mmr was missing; "),
            ([[0, 5000, 0.015]], " tier 1: tier was "),
            ([], ": tiers was 'empty'; "),
            ("tiers", ": tiers was "),
            (None, ": tiers was "),
            ({"TOY/USDT:USDT": [TIER]}, ": symbol was missing; "),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("command", ["size", "liq"])
    def test_the_first_thing_that_is_wrong_is_named_with_its_place(
        self, command: str, content: Any, place: str, here: Path, refused: Printed
    ) -> None:
        (here / "tiers.json").write_text(json.dumps(content))

        shown = refused(run_command(with_tiers(command)))

        assert shown.startswith(f"tiers.json{place}")

    @pytest.mark.parametrize("command", ["size", "liq"])
    def test_a_contract_that_the_file_lacks_is_answered_with_the_nearest(
        self, command: str, here: Path, refused: Printed
    ) -> None:
        (here / "tiers.json").write_text(json.dumps({"TOY/USDT:USDT": [TIER]}))

        shown = refused(run_command([*with_tiers(command), "--symbol", "toyota"]))

        assert "symbol was 'TOYOTA/USDT:USDT'; " in shown
        assert shown.endswith("nearest: TOY/USDT:USDT")

    @pytest.mark.parametrize("content", [None, b"", b"[", b"floor,cap", b"\xff", b"[" * 100_000])
    @pytest.mark.parametrize("command", ["size", "liq"])
    def test_a_file_that_is_missing_or_no_json_is_named(
        self, command: str, content: bytes | None, here: Path, refused: Printed
    ) -> None:
        if content is not None:
            (here / "tiers.json").write_bytes(content)

        assert refused(run_command(with_tiers(command))).startswith("file was 'tiers.json'; ")
