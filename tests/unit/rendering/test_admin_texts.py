from dataclasses import replace
from pathlib import Path

import pytest
from fakes.worked_alert import ALERT, CLOSE

from signalbot.domain.controls import Change, Controls
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.rendering.admin_texts import (
    CHANGES,
    LISTED,
    announcement_question,
    audit_text,
    change_text,
    overview_text,
    pairs_text,
    roles_text,
    setups_text,
    threshold_question,
    thresholds_text,
    why_pair_text,
)
from signalbot.rendering.admin_texts import (
    test_alert_text as marked_alert_text,
)
from signalbot.rendering.health_report import HealthReport
from signalbot.rendering.health_text import health_text
from signalbot.rendering.record_texts import new_rules_text

GOLDEN = Path(__file__).parents[2] / "golden"
LAYER = "LAYER/USDT:USDT"
SET = Controls(
    {
        "hold": "yes",
        f"pair:{LAYER}": "out",
        "pair:TOY/USDT:USDT": "in",
        "setup:range_breakout": "off",
        "rule:max_cost_r": "0.2",
        "rule:hour_budget": "3",
        "role:7": "admin",
        "role:8": "blocked",
    }
)
MANY = [f"币安人生{number}/USDT:USDT" for number in range(430)]
HIDDEN = Change(number=7, who=3, at=CLOSE, key=f"pair:{LAYER}", before=None, after="out")
CHANGES_MADE = [
    HIDDEN,
    replace(HIDDEN, number=8, key="hold", before=None, after="yes"),
    replace(HIDDEN, number=9, key="rule:max_cost_r", before="0.2", after=None),
    replace(HIDDEN, number=10, key="role:8", after="<b>"),
    replace(HIDDEN, number=11, key="odd", before="<i>", after="x"),
]
WELL = HealthReport(
    now=CLOSE + 60_000,
    started_at=CLOSE - 90_000_000,
    version="0.1.0",
    troubles=(),
    last_minute=CLOSE,
    late_minutes=2,
    pairs=214,
    readers=31,
    database_bytes=12_345_678,
    open_alerts=1,
    outbox={"sent": 1_204, "queued": 3, "resent": 1},
)
ILL = replace(
    WELL,
    troubles=("updates: <another> program",),
    last_minute=CLOSE - 600_000,
    started_at=CLOSE - 8 * 86_400_000,
    outbox={},
)
TEXTS = {
    "overview": overview_text(SET, Rules()),
    "overview_plain": overview_text(Controls(), Rules()),
    "pairs": pairs_text([LAYER, "TOY/USDT:USDT"], SET),
    "why_pair": "\n".join(
        [
            why_pair_text(LAYER, SET, in_universe=True),
            why_pair_text("TOY/USDT:USDT", SET, in_universe=False),
            why_pair_text("NEW/USDT:USDT", SET, in_universe=True),
            why_pair_text("OLD/USDT:USDT", SET, in_universe=False),
        ]
    ),
    "setups": setups_text(SET),
    "thresholds": thresholds_text(SET.rules(Rules()), Rules()),
    "threshold_question": threshold_question("max_cost_r", "0.2"),
    "changed": "\n".join([change_text(HIDDEN), change_text(None)]),
    "audit": audit_text(CHANGES_MADE),
    "audit_none": audit_text([]),
    "new_rules": new_rules_text(1_500),
    "roles": roles_text(SET, [1, 2]),
    "announcement": announcement_question("We move &lt;soon&gt;", 31),
    "test_alert": marked_alert_text(RecordedAlert(seq=1184, alert=ALERT, published_at=CLOSE)),
    "health": health_text(WELL),
    "health_ill": health_text(ILL),
    "health_new": health_text(replace(WELL, last_minute=None, started_at=WELL.now)),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_as_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"admin_{name}.html").read_text(encoding="utf-8")

    assert TEXTS[name] == golden.removesuffix("\n")


def test_the_longest_lists_fit_into_a_message() -> None:
    changes = [replace(HIDDEN, number=number) for number in range(500)]
    full = Controls({f"pair:{symbol}": "out" for symbol in MANY})
    texts = [pairs_text(MANY, full), pairs_text(MANY, Controls()), overview_text(full, Rules())]

    assert audit_text(changes).count("\n") == CHANGES + 1
    assert f"and {430 - LISTED} more" in texts[0]
    for text in (*texts, audit_text(changes), thresholds_text(Rules(), Rules())):
        assert len(text.encode("utf-16-le")) // 2 <= 4096


def test_every_threshold_is_listed() -> None:
    assert all(f"{name} <code>" in TEXTS["thresholds"] for name in BOUNDS)
