"""The texts that only the chat shows, with the longest legal values, against golden files."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT, decimals

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.recorded import RecordedAlert
from signalbot.record.entries import Entry, EntryType, Head
from signalbot.rendering.alert_keyboard import personal_keyboard, public_keyboard
from signalbot.rendering.group_texts import (
    GROUP_GREETING,
    GROUP_LEAVES,
    GROUP_NEEDS_ADMIN,
    GROUP_SUBSCRIBED,
)
from signalbot.rendering.help_text import help_text
from signalbot.rendering.onboarding_texts import DESCRIPTION, SHORT_DESCRIPTION
from signalbot.rendering.outlook_text import GuardState, guards_text, outlook_text
from signalbot.rendering.record_answers import (
    LISTED,
    alert_text,
    export_text,
    open_text,
    proof_text,
    why_text,
)
from signalbot.rendering.reply import MOST_DATA_BYTES
from signalbot.rendering.venue_texts import NoTerms, VenueTerms, venues_text
from signalbot.risk.expectation import outlook
from signalbot.risk.guards import GuardRules

GOLDEN = Path(__file__).parents[2] / "golden"
LONGEST_COIN = "币安人生" * 7 + "币安"
REASONED = replace(
    ALERT,
    reasons=decimals(rsi="71.234567", stochastic_k="88", adx="NaN", odd="1.5"),
)
OPEN = RecordedAlert(seq=1184, alert=REASONED, published_at=CLOSE + 2_500)
STOPPED = replace(
    OPEN,
    outcome=Outcome(
        kind=OutcomeKind.STOP,
        filled_at=CLOSE + 12_500,
        exit_at=CLOSE + 432_500,
        exit_price=ALERT.plan.stop,
        **decimals(gross_r="-1", cost_r="0.2", net_r="-1.2077"),
    ),
)
LATE = replace(OPEN, outcome=Outcome(kind=OutcomeKind.VOID_LATE))
GAP = replace(
    OPEN, outcome=Outcome(kind=OutcomeKind.UNRESOLVED_GAP, **decimals(net_r="-1.2", gross_r="-1"))
)
LONG = replace(
    OPEN,
    alert=replace(
        REASONED,
        plan=replace(ALERT.plan, symbol=f"{LONGEST_COIN}/USDT:USDT"),
        version="1." + "f" * 8,
    ),
)
ENTRY = Entry(
    v=1, seq=1184, type=EntryType.ALERT, ts="", prev="7" * 64, body={}, hash="9" * 64, sig=""
)
GENESIS = replace(ENTRY, type=EntryType.GENESIS, body={"kind": "simulation"})
HEAD = Head(seq=1496, hash="3b1e77c0" + "0" * 56)
WIN_RATE = 0.45
FOUND = outlook(win_rate=WIN_RATE, reward_risk_net=1.1, risk_pct=0.5, trades=100)
CALM = GuardState(heat=Decimal(0), day_loss=Decimal(0), losses=0, cool_off_until=None)
HASTY = GuardState(
    heat=Decimal("4.98"), day_loss=Decimal("7.5"), losses=3, cool_off_until=CLOSE + 3_600_000
)
TERMS = VenueTerms(
    instrument=INSTRUMENT,
    price=Decimal("1.042"),
    spread=Decimal("0.0002"),
    max_leverage=Decimal(20),
    funding_rate=Decimal("-0.000125"),
    funding_interval_h=Decimal(8),
)
ODD = replace(TERMS, instrument=replace(INSTRUMENT, venue="bybit"), is_other_coin=True)
BY_THE_THOUSAND = VenueTerms(
    instrument=replace(INSTRUMENT, venue="bingx"),
    price=Decimal(1042),
    spread=Decimal(1),
    funding_rate=Decimal("0.0001"),
    multiplier=1000,
    closed="status is <25>",
)
NOWHERE = NoTerms(venue="weex", why="not <listed>")
UNKNOWN = VenueTerms(instrument=replace(INSTRUMENT, venue="mexc", assumed=("taker_rate",)))
TEXTS = {
    "open_none": open_text([], "UTC"),
    "open_many": open_text([LONG] * 40, "Europe/Berlin"),
    "alert_open": alert_text(OPEN, ENTRY, "Europe/Berlin"),
    "alert_stopped": alert_text(STOPPED, ENTRY, "UTC"),
    "alert_late": alert_text(LATE, ENTRY, "UTC"),
    "alert_gap": alert_text(GAP, ENTRY, "UTC"),
    "why": why_text(LONG),
    "proof": proof_text(HEAD, "a" * 64, GENESIS),
    "proof_new": proof_text(HEAD, "a" * 64, None),
    "export": "\n".join([export_text(1), export_text(312, has_ledger=False)]),
    "help": help_text([("size", "How much: /size layer 1.02 1.01"), ("x", "<b>")]),
    "outlook": outlook_text(REFERENCE_PROFILE, GuardRules(), FOUND, WIN_RATE, is_own=False),
    "outlook_own": outlook_text(REFERENCE_PROFILE, GuardRules(), FOUND, WIN_RATE, is_own=True),
    "guards": "\n".join([guards_text(CALM, "UTC"), guards_text(HASTY, "Europe/Berlin")]),
    "venues": venues_text("LAYER", [NOWHERE, BY_THE_THOUSAND, ODD, UNKNOWN, TERMS]),
    "venues_none": venues_text("<b>", []),
    "group": "\n".join([GROUP_GREETING, GROUP_NEEDS_ADMIN, GROUP_SUBSCRIBED, GROUP_LEAVES]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_as_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"chat_{name}.html").read_text(encoding="utf-8")

    assert TEXTS[name] == golden.removesuffix("\n")
    assert len(TEXTS[name].encode("utf-16-le")) // 2 <= 4096
    assert "!" not in TEXTS[name].replace("!=", "")


def test_a_list_of_open_alerts_is_bounded() -> None:
    assert TEXTS["open_many"].count("\n") == LISTED


def test_buttons_say_little_and_lead_to_the_own_size() -> None:
    rows = personal_keyboard(10**12, LONG.alert)
    assert [button.label for row in rows for button in row] == [
        "Took it", "Skip", "Why", "Size", f"Mute {LONGEST_COIN[:20]}",
    ]  # fmt: skip
    assert all(len((b.data or "").encode()) <= MOST_DATA_BYTES for row in rows for b in row)
    ((link,),) = public_keyboard(1184, "honest_bot")
    assert link.url == "https://t.me/honest_bot?start=size_1184"


def test_the_bot_introduces_itself_within_telegrams_limits() -> None:
    assert len(DESCRIPTION) <= 512
    assert len(SHORT_DESCRIPTION) <= 120


def test_the_smallest_order_is_what_all_minimums_ask_for() -> None:
    bigger = replace(TERMS, instrument=replace(INSTRUMENT, min_qty=Decimal(100)))

    assert TERMS.smallest_order == Decimal("5.21")  # five coins: four are worth less than 5
    assert bigger.smallest_order == Decimal("104.2")
    assert UNKNOWN.smallest_order is None
