from dataclasses import replace
from pathlib import Path

import pytest
from fakes.worked_alert import ALERT, CLOSE

from signalbot.domain.controls import Change, Controls
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.domain.subscriber import Role
from signalbot.rendering.admin_texts import (
    LISTED,
    overview_text,
    pairs_text,
    setups_text,
    threshold_question,
    thresholds_text,
    why_pair_text,
)
from signalbot.rendering.announcement import (
    announced_text,
    announcement_question,
    announcement_text,
)
from signalbot.rendering.audit_text import CHANGES, audit_text, change_text, undo_question
from signalbot.rendering.health_report import HealthReport
from signalbot.rendering.health_text import health_text
from signalbot.rendering.record_texts import new_rules_text
from signalbot.rendering.role_texts import role_question, roles_text
from signalbot.rendering.trial_alert import trial_alert_text

GOLDEN = Path(__file__).parents[2] / "golden"
LAYER = "LAYER/USDT:USDT"
SET = Controls(
    values={
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
    replace(HIDDEN, number=12, key="told:0123456789ab", after="37 chats"),
    replace(HIDDEN, number=13, key="setup:range_breakout", before="off", after=None),
]
WELL = HealthReport(
    now=CLOSE + 60_000,
    started_at=CLOSE - 90_000_000,
    version="0.1.0",
    troubles=(),
    last_minute=CLOSE,
    feed_at=CLOSE,
    late_minutes=2,
    pairs=214,
    readers=31,
    database_bytes=12_345_678,
    disk_free_bytes=38 * 2**30,
    open_alerts=1,
    skipped=3,
    matched_within_s=0.151,
    decided_within_s=0.031,
    breaks=2,
    gaps=1,
    outbox={"sent": 1_204, "queued": 3, "resent": 1},
)
ILL = replace(
    WELL,
    troubles=("updates: <another> program",),
    last_minute=CLOSE - 600_000,
    feed_at=None,
    started_at=CLOSE - 8 * 86_400_000,
    matched_within_s=None,
    misfires=12,
    disk_free_bytes=2**20,
    outbox={"queued": 6_000, "odd": 1},
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
            why_pair_text("BIG/USDT:USDT", SET, in_universe=False, found="its rank <is> 7."),
        ]
    ),
    "setups": setups_text(SET),
    "thresholds": thresholds_text(SET.rules(Rules()), Rules()),
    "threshold_question": threshold_question("max_cost_r", "0.2", Rules()),
    "undo_question": undo_question(CHANGES_MADE[2]),
    "role_questions": "\n".join(
        role_question(7, role) for role in (Role.BLOCKED, Role.ADMIN, Role.USER)
    ),
    "changed": "\n".join([change_text(HIDDEN), change_text(None)]),
    "audit": audit_text(CHANGES_MADE),
    "audit_none": audit_text([]),
    "new_rules": new_rules_text(1_500),
    "roles": roles_text(SET, [1, 2]),
    "announcement": announcement_question(announcement_text("We move <soon>"), 31),
    "announced": "\n".join([announced_text(1), announced_text(37)]),
    "test_alert": trial_alert_text(RecordedAlert(seq=1184, alert=ALERT, published_at=CLOSE)),
    "health": health_text(WELL, on_hold=False),
    "health_ill": health_text(ILL, on_hold=True),
    "health_new": health_text(
        replace(WELL, last_minute=None, started_at=WELL.now - 30_000, outbox={}), on_hold=False
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_as_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"admin_{name}.html").read_text(encoding="utf-8")

    assert TEXTS[name] == golden.removesuffix("\n")


def test_the_longest_texts_fit_into_a_message() -> None:
    changes = [replace(HIDDEN, number=number, who=10**14) for number in range(500)]
    full = Controls(
        values={f"pair:{symbol}": "out" for symbol in MANY}
        | {f"pair:x{symbol}": "in" for symbol in MANY}
        | {f"rule:{name}": str(bounds.high) for name, bounds in BOUNDS.items()}
        | {f"role:{10**14 + number}": "admin" for number in range(500)}
        | {f"role:{2 * 10**14 + number}": "blocked" for number in range(500)}
    )
    texts = [
        pairs_text(MANY, full),
        pairs_text(MANY, Controls()),
        overview_text(full, Rules()),
        audit_text(changes),
        thresholds_text(full.rules(Rules()), Rules()),
        roles_text(full, [10**14 + number for number in range(500)]),
        announcement_question(announcement_text("\U0001f680" * 900), 10**6),
        health_text(replace(ILL, troubles=("x" * 4_000,) * 3), on_hold=True),
    ]

    assert audit_text(changes).count("\n") == CHANGES + 1
    assert f"and {430 - LISTED} more" in texts[0]
    for text in texts:
        assert len(text.encode("utf-16-le")) // 2 <= 4096


def test_one_reader_is_not_several() -> None:
    assert "Send this to 1 reader and" in announcement_question("x", 1)


def test_every_threshold_is_listed() -> None:
    assert all(f"{name} <code>" in TEXTS["thresholds"] for name in BOUNDS)
