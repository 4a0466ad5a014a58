from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fakes.stage import CLOSE, LAYER, TOY, Stage, decided_at

from signalbot.domain.alert import SetupState
from signalbot.domain.baseline import Baseline
from signalbot.domain.side import Side
from signalbot.domain.timeframe import from_iso
from signalbot.record.bodies import key_body, refusals_body
from signalbot.record.chain import BEFORE_FIRST, seal
from signalbot.record.entries import Body, Draft, Entry, EntryType
from signalbot.record.judgement_bodies import baseline_body, state_body
from signalbot.record.signing import Signer
from signalbot.service.checkpoint import checkpoint_draft
from signalbot.service.correct import correct
from signalbot.service.open_record import open_record
from signalbot.service.recording import Recording

FIRST, SECOND = Signer.from_seed(b"1" * 32), Signer.from_seed(b"2" * 32)
AFTERWARDS = decided_at(90)
WITHOUT_CAPS = {"hour_budget": 60, "day_budget": 1440, "repeat_min": 0}


def whole_record() -> list[Entry]:
    """Return a record with every type of entry in it, kept by the real use cases.

    Three alerts: a long that reaches its target, a short that is stopped, and a long whose
    candles are missing, which is corrected when they have come. A fourth is never published.
    The key changes on the way.
    """
    return list(whole_stage(Stage()).ledger.entries())


def long_record(size: int) -> list[Entry]:
    """Return a record with every type of entry, continued until it has so many."""
    stage = Stage()
    stage.desk = replace(stage.desk, rules=replace(stage.desk.rules, **WITHOUT_CAPS))
    whole_stage(stage)
    stage.messenger.is_available = True
    ends = ((100, 101.2, 99.9, 101), (100, 100.1, 98.7, 99), (100, 100.2, 99.8, 100))
    bets = [(symbol, side) for symbol in (LAYER, TOY) for side in Side]
    for number in range(size):
        begin = 91 + 4 * number
        symbol, side = bets[number % len(bets)]
        stage.pass_minute(begin, matches=[stage.match(begin, symbol, side, setup=1)])
        stage.pass_minute(begin + 1)
        stage.pass_minute(begin + 2, {symbol: ends[number % len(ends)]})
        stage.pass_minute(begin + 3)
        if stage.ledger.head.seq >= size:
            break
    return list(stage.ledger.entries())[:size]


def whole_stage(stage: Stage) -> Stage:
    """Let a stage keep a record with every type of entry; the second key is in force after it."""
    stage.ledger.signer = FIRST
    stage.recording = begun(stage, FIRST)
    play(stage)
    append(stage, EntryType.REFUSALS, refusals_body("2025-05-04", {"BUDGET": 2}))
    append(stage, EntryType.BASELINE, baseline_body(_baseline(stage)))
    stage.recording.append([checkpoint_draft(stage.recording, "2025-05-04", AFTERWARDS)])
    append(stage, EntryType.KEY, key_body(SECOND.public_key, FIRST.public_key))
    stage.ledger.signer = SECOND
    fill_gap(stage)
    correct(stage.recording, stage.history, AFTERWARDS)
    setup = stage.setups[0]
    state = state_body(setup.name, setup.version, SetupState.UNPROVEN, SetupState.LOSING, {"n": 1})
    append(stage, EntryType.RULES, state)
    stage.recording.append([checkpoint_draft(stage.recording, "2025-05-05", AFTERWARDS)])
    return stage


def lines_of(entries: Sequence[Entry]) -> list[bytes]:
    """Return entries as the lines of an exported ledger."""
    return [entry.line().encode() + b"\n" for entry in entries]


def begun(stage: Stage, signer: Signer) -> Recording:
    genesis = {"kind": "simulation", "public_key": signer.public_key, "channels": []}
    open_record(stage.recording, stage.desk, stage.setups, genesis, CLOSE)
    stage.watch = stage.started()
    return stage.recording


def play(stage: Stage) -> None:
    """Three alerts of one minute and what becomes of them; a fourth that nobody accepts."""
    matches = [
        stage.match(0, LAYER),
        stage.match(0, TOY, Side.SHORT),
    ]
    stage.pass_minute(0, matches=matches)
    stage.pass_minute(1)
    stage.pass_minute(2, {LAYER: (100, 101.2, 99.9, 101), TOY: (100, 101.3, 100, 101)})
    stage.pass_minute(40, matches=[stage.match(40, LAYER)])
    stage.pass_minute(41)
    stage.pass_minute(42, {LAYER: None})
    stage.pass_minute(43)
    stage.messenger.is_available = False
    stage.pass_minute(80, matches=[stage.match(80, TOY)])
    stage.pass_minute(86)


def fill_gap(stage: Stage) -> None:
    """Let the candle come that was missing: it reaches the target."""
    stage.pass_late(42, {LAYER: (100, 101.2, 99.9, 101)})


def append(stage: Stage, kind: EntryType, body: Body) -> None:
    stage.recording.append([Draft(type=kind, ts=AFTERWARDS, body=body)])


def _baseline(stage: Stage) -> Baseline:
    mean = Decimal("-0.1")
    return Baseline(
        day="2025-05-04",
        setup=stage.setups[0].name,
        version=stage.setups[0].version,
        n=2,
        left_out=0,
        observed_mean_r=mean,
        twins_mean_r=mean,
        inverse_mean_r=mean,
        p_value=Decimal("0.5"),
        seed=7,
        twin_sums=(-2000,),
    )


def sealed_again(drafts: Sequence[Draft]) -> list[Entry]:
    """Return a record of these drafts, signed as a record with both keys is."""
    entries: list[Entry] = []
    head, signer = BEFORE_FIRST, FIRST
    for draft in drafts:
        entries += seal([draft], head, signer)
        head = entries[-1].head
        signer = SECOND if draft.type is EntryType.KEY else signer
    return entries


def drafts_of(entries: Sequence[Entry]) -> list[Draft]:
    """Return what the entries were before they had a place."""
    return [Draft(type=entry.type, ts=from_iso(entry.ts), body=entry.body) for entry in entries]
