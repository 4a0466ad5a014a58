"""One reader's story through the real store: four taps, eleven alerts, real sizes, forgotten."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT, PLAN, decimals, standing
from sqlalchemy import Engine

from signalbot.domain.onboarding import Step
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import PAPER_ALERTS
from signalbot.domain.timeframe import HOUR_MS
from signalbot.record.fold import Tally
from signalbot.rendering.personal_alert import personal_alert, personal_outcome
from signalbot.risk.tiers import single_tier
from signalbot.service.change_settings import (
    ask_for_real_sizes,
    mute_coin,
    set_quiet_hours,
    set_zone,
    unmute_coin,
)
from signalbot.service.forget_reader import forget_reader
from signalbot.service.personal import personal_advice
from signalbot.service.subscribe import answer, skip, start
from signalbot.storage.journal import SqlJournal
from signalbot.storage.people import SqlPeople

READER = 7_000_000_001
VENUES = ("binanceusdm", "bybit")
TIERS = single_tier(Decimal("0.015"))


def received(people: SqlPeople, now: int) -> list[str]:
    """Return the captions of the worked alert, sent to everybody who wants it."""
    captions = []
    for reader in people.wanting(ALERT, now):
        assert reader.profile
        advice = personal_advice(ALERT, reader.profile, INSTRUMENT, Rules(), TIERS)
        captions.append(personal_alert(standing(), Tally(), reader, advice))
        people.count_alert([reader.reader])
    return captions


def test_a_reader_joins_is_sized_and_is_forgotten(engine: Engine, path: Path) -> None:
    people, journal = SqlPeople(engine), SqlJournal(engine)
    start(people, READER, CLOSE)
    answer(people, READER, Step.VENUE, "Binance", VENUES)
    answer(people, READER, Step.EQUITY, "500 USDT", VENUES)
    skip(people, READER, Step.RISK)
    assert answer(people, READER, Step.LEVERAGE, "3x", VENUES).question is None

    ask_for_real_sizes(people, READER, CLOSE)
    sizes = [received(people, CLOSE)[0].split("\n")[4] for _ in range(PAPER_ALERTS + 1)]

    worked = "<code>295</code> LAYER (307 USDT), 3x = 102 USDT margin"
    assert sizes == [f"PAPER · {worked}"] * PAPER_ALERTS + [f"Your size: {worked}"]

    mute_coin(people, READER, "layer", ["LAYER/USDT:USDT"])
    assert received(people, CLOSE) == []
    unmute_coin(people, READER, "layer")
    set_zone(people, READER, "berlin")
    set_quiet_hours(people, READER, "16-18")
    assert received(people, CLOSE) == []  # 16:32 there
    assert len(received(people, CLOSE + 2 * HOUR_MS)) == 1

    assert forget_reader(READER, journal, people) == (0, 1)
    assert received(people, CLOSE) == []
    assert b"Europe/Berlin" not in path.read_bytes()


def test_the_outcome_is_told_in_the_money_of_the_readers_size(engine: Engine) -> None:
    people = SqlPeople(engine)
    start(people, READER, CLOSE)
    reader = answer(people, READER, Step.EQUITY, "500", VENUES)
    assert reader.profile
    advice = personal_advice(ALERT, reader.profile, INSTRUMENT, Rules(), TIERS)
    target = Outcome(
        kind=OutcomeKind.TARGET,
        filled_at=CLOSE + 12_500,
        fill_price=PLAN.entry,
        exit_at=CLOSE + 312_500,
        exit_price=PLAN.target,
        **decimals(net_r="1.3657136857", worst_net_r="1.3657", best_net_r="1.3657"),
    )

    text = personal_outcome(
        replace(standing(), message_id="m1"), target, Tally(wins=1, decided=1),
        advice.size.qty, on_paper=True,
    )  # fmt: skip

    assert text == (
        "LAYER reached its target at 1.0525 after 5 min. +1.37 R after costs"
        " (+2.82 USDT at your size, on paper).\nThis setup: 1 of 1 won after costs."
    )
