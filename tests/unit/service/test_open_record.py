import hashlib
import json
from dataclasses import replace
from decimal import Decimal

from fakes.stage import CLOSE, LAYER, Stage

from signalbot.domain.timeframe import M1
from signalbot.record.chain import check
from signalbot.record.entries import EntryType
from signalbot.service.open_record import open_record, rules_body


def opened(stage: Stage) -> Stage:
    genesis = {"kind": "replay", "public_key": stage.ledger.signer.public_key, "channels": []}
    open_record(stage.recording, stage.desk, stage.setups, genesis, CLOSE)
    return stage


def test_a_record_opens_with_genesis_and_rules(stage: Stage) -> None:
    genesis, rules = opened(stage).ledger.entries()

    assert (genesis.type, rules.type) == (EntryType.GENESIS, EntryType.RULES)
    assert genesis.ts == rules.ts == "2025-05-04T14:32:00.000Z"
    assert (genesis.body["product"], genesis.body["kind"]) == ("signalbot", "replay")
    assert genesis.body["channels"] == []
    assert check(stage.ledger.entries()) == stage.ledger.head


def test_genesis_discloses_every_setup_with_its_version(stage: Stage) -> None:
    genesis = next(opened(stage).ledger.entries())

    assert genesis.body["setups"] == {setup.name: setup.version for setup in stage.setups}
    assert set(genesis.body["setups"]) == {"rsi_stochastic_reversal", "range_breakout"}


def test_genesis_holds_the_hash_of_the_rules_that_follow(stage: Stage) -> None:
    genesis, rules = opened(stage).ledger.entries()
    text = json.dumps(rules.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert genesis.body["rules_hash"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_rules_hold_everything_that_decides_about_alerts(stage: Stage) -> None:
    rules = rules_body(stage.desk, M1)

    assert (rules["venue"], rules["timeframe"]) == ("binanceusdm", "1m")
    assert rules["gates"]["max_cost_r"] == "0.25"
    assert rules["btc"]["halt_z5"] == "4.0"
    assert rules["setups"]["range_breakout"]["range_period"] == "30"
    assert rules["chase_share"] == "0.25"
    assert rules["account"] == {"equity": "1000", "risk_pct": "0.5", "leverage": "3"}
    assert rules["instruments"][LAYER] == {
        "tick": "0.01",
        "step": "1",
        "min_qty": "1",
        "min_notional": "5",
        "taker_rate": "0",
        "maker_rate": "0",
        "assumed": [],
    }


def test_the_rules_say_by_what_a_setup_is_judged(stage: Stage) -> None:
    assert rules_body(stage.desk, M1)["judgement"] == {
        "verdict_from_decided": 30,
        "beats_costs_from_effective_bets": 30,
        "proven_from_decided": 100,
        "losing_is_final": True,
        "interval_alpha": "0.05",
        "one_bet_within_min": 15,
        "correlation_in_a_bet": "0.5",
        "bootstrap_replicates": 999,
    }


def test_a_tiny_tick_is_written_plainly(stage: Stage) -> None:
    tiny = replace(stage.desk.instruments[LAYER], tick=Decimal("1E-9"))

    rules = rules_body(replace(stage.desk, instruments={LAYER: tiny}), M1)

    assert rules["instruments"][LAYER]["tick"] == "0.000000001"
