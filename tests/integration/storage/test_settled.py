"""The table of settled alerts says what the fold says, after every entry."""

import random
import sqlite3
from contextlib import closing
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from fakes.made_alert import made_alert
from sqlalchemy import Engine, select

from signalbot.domain.baseline import Baseline
from signalbot.domain.outcome import Outcome, OutcomeKind, Settled
from signalbot.domain.side import Side
from signalbot.errors import RecordError
from signalbot.record.bodies import alert_body, published_body, refusals_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.fold import Fold
from signalbot.record.judgement_bodies import baseline_body
from signalbot.record.outcome_bodies import correction_body, outcome_body
from signalbot.record.signing import Signer
from signalbot.stats.sample import Sample
from signalbot.storage.database import connected, open_database, reading, writing
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.schema import migrate
from signalbot.storage.settled import settled_sample, stored_baselines, stored_refusals
from signalbot.storage.tables import SETTLED

START = 1_746_369_120_000
NUMBERS = ("net_r", "gross_r", "worst_net_r", "best_net_r", "breakeven_win_rate")


class History:
    """A record that grows at random, and its fold."""

    def __init__(self, ledger: SqlLedger, seed: int) -> None:
        self.ledger = ledger
        self.fold = Fold()
        self._drawn = random.Random(seed)  # noqa: S311 - no secret

    def append(self, kind: EntryType, body) -> int:
        (entry,) = self.ledger.append([Draft(type=kind, ts=START, body=body)])
        self.fold.apply(entry)
        return entry.seq

    def grow(self) -> None:
        drawn, state = self._drawn, self.fold
        waiting = [each.seq for each in state.pending()]
        held = [seq for seq in state.standing if seq not in waiting]
        choice = drawn.random()
        if choice < 0.4 or not state.settled:
            self.append(EntryType.ALERT, alert_body(self._alert()))
        elif choice < 0.6 and waiting:
            at = START + drawn.randrange(10**9)
            seq = drawn.choice(waiting)
            self.append(EntryType.PUBLISHED, published_body(seq, at, "m", 1))
        elif choice < 0.85 and held:
            self.append(EntryType.OUTCOME, outcome_body(drawn.choice(held), self._outcome()))
        elif state.ended:
            seq = drawn.choice(list(state.ended))
            body = correction_body(seq, state.ended[seq].newest, self._outcome(), "late")
            self.append(EntryType.CORRECTION, body)

    def _alert(self):
        drawn = self._drawn
        return made_alert(
            len(self.fold.settled),
            symbol=drawn.choice(["LAYER/USDT:USDT", "TOY/USDT:USDT", "Ä\"'/USDT:USDT"]),
            side=drawn.choice(list(Side)),
            candle_close=START + drawn.randrange(10**6) * 60_000,
            breakeven_win_rate=self._rate(),
        )

    def _outcome(self) -> Outcome:
        drawn = self._drawn
        kind = drawn.choice([kind for kind in OutcomeKind if kind is not OutcomeKind.OPEN])
        has_r = kind not in (OutcomeKind.VOID_LATE, OutcomeKind.NOT_FILLED)
        named = ("net_r", "gross_r", "worst_net_r", "best_net_r")
        values = {name: self._rate() - drawn.randrange(3) if has_r else None for name in named}
        return Outcome(kind=kind, ambiguous=drawn.random() < 0.2, **values)

    def _rate(self) -> Decimal:
        return Decimal(self._drawn.randrange(10**10)).scaleb(-10)


def stored(engine: Engine) -> dict[int, Settled]:
    with reading(engine) as connection:
        rows = connection.execute(select(SETTLED)).mappings().all()
    return {row["seq"]: _settled(row) for row in rows}


def _settled(row) -> Settled:
    told = {field.name: row[field.name] for field in fields(Settled)}
    numbers = {name: None if told[name] is None else float(told[name]) for name in NUMBERS}
    kind, ambiguous = OutcomeKind(told["kind"]), bool(told["ambiguous"])
    return Settled(**told | numbers | {"kind": kind, "ambiguous": ambiguous})


def assert_same(found: Sample, expected: Sample) -> None:
    for field in fields(Sample):
        ours, theirs = getattr(found, field.name), getattr(expected, field.name)
        if hasattr(ours, "names"):
            assert ours.names == theirs.names, field.name
            ours, theirs = ours.codes, theirs.codes
        np.testing.assert_array_equal(ours, theirs, field.name)


@pytest.fixture(params=range(5))
def history(request: pytest.FixtureRequest, engine: Engine, signer: Signer, genesis) -> History:
    ledger = SqlLedger(engine, signer)
    ledger.append([genesis])
    history = History(ledger, request.param)
    for _ in range(120):
        history.grow()
    return history


def test_the_table_holds_what_the_fold_holds(history: History, engine: Engine) -> None:
    assert history.fold.corrections > 5

    assert stored(engine) == history.fold.settled


def test_the_sample_is_that_of_the_fold(history: History, engine: Engine) -> None:
    with reading(engine) as connection:
        found = settled_sample(connection)

    assert len(found) == len(history.fold.settled)
    assert_same(found, Sample.of(history.fold.settled.values()))


def test_an_older_database_is_filled_when_it_is_migrated(tmp_path: Path, history: History) -> None:
    old = tmp_path / "old.db"
    _migrate_to(old, "0002")
    with connected(old) as engine:
        ledger = SqlLedger(engine, history.ledger.signer)
        entries = list(history.ledger.entries())
        drafts = [Draft(type=each.type, ts=START, body=each.body) for each in entries]
        ledger.append([Draft(type=drafts[0].type, ts=0, body=drafts[0].body), *drafts[1:]])

    migrate(old)

    with open_database(old) as engine:
        assert stored(engine) == history.fold.settled


def _migrate_to(path: Path, revision: str) -> None:
    path.touch()
    with connected(path) as engine, writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "signalbot.storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_an_empty_record_is_an_empty_sample(engine: Engine) -> None:
    with reading(engine) as connection:
        assert len(settled_sample(connection)) == 0
        assert stored_refusals(connection) == {}
        assert stored_baselines(connection) == []


@pytest.fixture
def stopped(engine: Engine, signer: Signer, genesis) -> SqlLedger:
    """A record whose alert #2 was stopped."""
    ledger = SqlLedger(engine, signer)
    alert = Draft(type=EntryType.ALERT, ts=START, body=alert_body(made_alert(0)))
    end = outcome_body(2, Outcome(kind=OutcomeKind.STOP, net_r=Decimal("-1.1")))
    ledger.append([genesis, alert, Draft(type=EntryType.OUTCOME, ts=START, body=end)])
    return ledger


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"id": "b"}, EntryType.ALERT),
        ({"alert_seq": 2, "corrects": 3, "outcome": "STOP", "net_r": None}, EntryType.CORRECTION),
        ({"alert_seq": 2, "corrects": 3, "outcome": "JACKPOT"}, EntryType.CORRECTION),
        ({"alert_seq": 2, "corrects": 3, "outcome": None}, EntryType.CORRECTION),
    ],
)
def test_an_alert_that_does_not_say_what_statistics_need_is_named(
    stopped: SqlLedger, engine: Engine, body: dict[str, object], kind: EntryType
) -> None:
    (entry,) = stopped.append([Draft(type=kind, ts=START, body=body)])
    about = entry.seq if kind is EntryType.ALERT else 2

    with reading(engine) as connection, pytest.raises(RecordError, match=f"^alert #{about} or"):
        settled_sample(connection)


def test_no_alert_is_taken_out_of_the_statistics(stopped: SqlLedger, path: Path) -> None:
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="taken out of the statistics"),
    ):
        connection.execute("DELETE FROM settled")


def test_what_the_ledger_refuses_is_not_settled(stopped: SqlLedger, engine: Engine) -> None:
    before = stored(engine)
    end = outcome_body(2, Outcome(kind=OutcomeKind.TARGET, net_r=Decimal(1)))

    with pytest.raises(RecordError, match="recorded already"):
        stopped.append([Draft(type=EntryType.OUTCOME, ts=START, body=end)])

    assert stored(engine) == before


def test_refusals_of_all_days_add_up(stopped: SqlLedger, engine: Engine) -> None:
    for day, counts in [("2025-05-04", {"BUDGET": 2}), ("2025-05-05", {"BUDGET": 1, "X": 4})]:
        body = refusals_body(day, counts)
        stopped.append([Draft(type=EntryType.REFUSALS, ts=START, body=body)])

    with reading(engine) as connection:
        assert stored_refusals(connection) == {"BUDGET": 3, "X": 4}


def test_baselines_come_in_the_order_of_the_ledger(stopped: SqlLedger, engine: Engine) -> None:
    rates = dict.fromkeys(("observed_mean_r", "twins_mean_r", "inverse_mean_r"), Decimal(0))
    baselines = [
        Baseline(
            day=day,
            setup="range_breakout",
            version="1",
            n=1,
            left_out=0,
            **rates,
            p_value=Decimal(1),
            seed=7,
            twin_sums=(1, 2),
        )
        for day in ("2025-05-05", "2025-05-04")
    ]
    for baseline in baselines:
        body = baseline_body(baseline)
        stopped.append([Draft(type=EntryType.BASELINE, ts=START, body=body)])

    with reading(engine) as connection:
        assert stored_baselines(connection) == baselines
