"""From the exported record a stranger computes the same statistics to the last digit."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from fakes.ledger import FakeLedger
from fakes.stage import CLOSE, Stage

from signalbot.app.records import statistics_of_file
from signalbot.domain.alert import Alert, BtcNote
from signalbot.domain.outcome import DECIDED, Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.bodies import alert_body, alert_of, published_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.record.fold import Fold
from signalbot.record.outcome_bodies import correction_body, outcome_body
from signalbot.record.public_record import public_record
from signalbot.rendering.export_text import as_csv
from signalbot.stats.performance import performance
from signalbot.stats.sample import Sample
from signalbot.storage.outcome_file import read_outcomes

ALERTS = 400
COINS = ("LAYER/USDT:USDT", '=HYPERLINK("x")/USDT:USDT', "币安/USDT:USDT", "'-1/USDT:USDT")


def recorded() -> FakeLedger:
    """Alerts of four coins with every kind of end, some open, some corrected, some never sent."""
    stage, draw = Stage(), Random(1)  # noqa: S311 - a seeded record, no secret
    stage.pass_minute(0, matches=[stage.match()])
    template = alert_of(stage.ledger.of(EntryType.ALERT)[0].body)
    ledger = FakeLedger()
    for number in range(ALERTS):
        at = CLOSE + number * 7 * MINUTE_MS
        kind = draw.choice([*OutcomeKind, OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.STOP])
        (entry,) = append(
            ledger, EntryType.ALERT, alert_body(alert(template, number, at, draw)), at
        )
        if kind is not OutcomeKind.NOT_PUBLISHED:
            published = published_body(entry.seq, at + draw.randrange(9_000), str(number), 1)
            append(ledger, EntryType.PUBLISHED, published, at)
        if kind is OutcomeKind.OPEN:
            continue
        (ended,) = append(ledger, EntryType.OUTCOME, outcome_body(entry.seq, end(kind, draw)), at)
        if number % 20 == 0:
            better = correction_body(entry.seq, ended.seq, end(OutcomeKind.TARGET, draw), "late")
            append(ledger, EntryType.CORRECTION, better, at)
    return ledger


def append(ledger: FakeLedger, kind: EntryType, body: object, at: int) -> tuple[Entry, ...]:
    return ledger.append([Draft(type=kind, ts=at, body=body)])


def alert(template: Alert, number: int, at: int, draw: Random) -> Alert:
    plan = replace(template.plan, id=f"{number:016x}", symbol=draw.choice(COINS))
    btc = BtcNote(
        return_5m=Decimal(0),
        trend=draw.choice(["up", "down", "unknown"]),
        volatility=draw.choice(["low", "normal", "high"]),
    )
    needed = Decimal(draw.randrange(4 * 10**9, 6 * 10**9)).scaleb(-10)
    return replace(template, plan=plan, candle_close=at, btc=btc, breakeven_win_rate=needed)


def end(kind: OutcomeKind, draw: Random) -> Outcome:
    if kind not in DECIDED:
        return Outcome(kind=kind)
    gross = Decimal(draw.randrange(-(10**11), 10**11)).scaleb(-11)
    cost = Decimal("0.12345678912345")
    ambiguous = draw.random() < 0.2
    return Outcome(
        kind=kind,
        gross_r=gross,
        cost_r=cost,
        net_r=gross - cost,
        ambiguous=ambiguous,
        worst_net_r=gross - cost - ambiguous,
        best_net_r=gross - cost,
    )


@pytest.fixture(scope="module")
def ledger() -> FakeLedger:
    return recorded()


@pytest.fixture(scope="module")
def exported(ledger: FakeLedger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "export.csv"
    path.write_text(as_csv(public_record(ledger.entries())), encoding="utf-8", newline="")
    return path


def test_every_alert_comes_back_as_the_record_has_it(ledger: FakeLedger, exported: Path) -> None:
    state = Fold()
    for entry in ledger.entries():
        state.apply(entry)

    assert list(read_outcomes(exported)) == list(state.settled.values())
    assert state.corrections > 5


def test_the_statistics_are_the_same_to_the_last_digit(ledger: FakeLedger, exported: Path) -> None:
    state = Fold()
    for entry in ledger.entries():
        state.apply(entry)

    of_record = performance(Sample.of(state.settled.values()), seed=7)
    of_export = performance(Sample.of(read_outcomes(exported)), seed=7)

    assert of_export == of_record
    assert of_export.decided > 200
    assert {part.by for part in of_export.slices} >= {"symbol", "volatility", "regime"}


def test_the_command_computes_them_from_the_file(ledger: FakeLedger, exported: Path) -> None:
    found = statistics_of_file(exported).performance

    assert (found.alerts, found.bounds is not None) == (ALERTS, True)
    assert found.before_costs is not None
