"""The record of a live bot on a simulated market: begun, gone on with, and changed by admins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.generated_world import simulated_world
from sqlalchemy import Engine

from signalbot.app.recorder import Recorder
from signalbot.app.world import World
from signalbot.config import load_settings
from signalbot.domain.delivery import Sent
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.timeframe import MINUTE_MS, from_iso
from signalbot.errors import UnavailableError
from signalbot.record.chain import check
from signalbot.record.entries import Entry, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.service.administer import (
    Actor,
    note_announcement,
    put_pair,
    set_hold,
    set_threshold,
)
from signalbot.service.gathering import closed_minute
from signalbot.service.minute import Minute
from signalbot.service.settle_delivery import settle
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.places import SqlPlaces
from signalbot.storage.refusals import SqlRefusals
from signalbot.storage.schema import migrate

BEGINS = from_iso("2026-03-01T12:00:00Z")
SETTINGS = load_settings({}, None)
CHANNEL = -900
ACTOR = Actor(who=1, at=BEGINS)


@pytest.fixture(scope="module")
def world() -> World:
    return simulated_world(seed=1, around=BEGINS)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, world: World) -> bytes:
    """The bytes of a database in which the record was opened and the days before replayed."""
    path = tmp_path_factory.mktemp("begun") / "bot.db"
    migrate(path)
    with open_database(path) as engine:
        SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
        recorder(engine, world).begin(BEGINS, ["Signals"])
    return path.read_bytes()


@pytest.fixture
def engine(begun: bytes, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "bot.db"
    path.write_bytes(begun)
    with open_database(path) as engine:
        yield engine


def recorder(engine: Engine, world: World) -> Recorder:
    return Recorder(world, engine, demonstration_signer(), SETTINGS, "honest_bot")


def gathered(recording: Recorder, close: int) -> Minute:
    return closed_minute(recording.live.watched.feed, recording.setups, close)


def entries(engine: Engine) -> list[Entry]:
    return list(SqlLedger(engine, demonstration_signer()).entries())


def pass_minutes(recording: Recorder, engine: Engine, first: int, last: int) -> None:
    """Work minutes through, and let the messenger accept whatever is told."""
    outbox = SqlOutbox(engine)
    for number in range(first, last):
        close = BEGINS + (number + 1) * MINUTE_MS
        now = close + 2_500
        recording.minute(gathered(recording, close), now)
        for row in outbox.claim(now, 100):
            composed = recording.compose([row], now)[0]
            assert composed is not None
            outbox.settle([settle(row, Sent(message_id=row.id, at=now + 500), now)], {})
        recording.deliver(now + 600)


def test_a_record_begins_with_the_days_before_and_discloses_its_channel(engine: Engine) -> None:
    written = entries(engine)

    assert check(iter(written)).seq == len(written) > 200
    assert written[0].body["channels"] == ["Signals"]
    assert written[0].body["kind"] == "simulation"
    assert [entry.type for entry in written].count(EntryType.RULES) == 1


def test_it_goes_on_after_a_restart_without_saying_anything_twice(
    engine: Engine, world: World
) -> None:
    before = entries(engine)
    recorder(engine, world).begin(BEGINS + 5_000, ["Signals"])

    assert entries(engine) == before


def test_an_alert_is_published_when_it_was_accepted_and_followed_to_its_end(
    engine: Engine, world: World
) -> None:
    size = len(entries(engine))
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    pass_minutes(live, engine, 0, 20)

    new = entries(engine)[size:]
    alert = next(entry for entry in new if entry.type is EntryType.ALERT)
    published = next(entry for entry in new if entry.type is EntryType.PUBLISHED)
    outcome = next(
        entry
        for entry in new
        if entry.type is EntryType.OUTCOME and entry.body["alert_seq"] == alert.seq
    )
    assert published.body["alert_seq"] == alert.seq
    assert published.body["recipients"] == 1
    assert outcome.body["outcome"] == "STOP"
    assert check(iter(entries(engine)))


def test_a_restart_in_the_middle_ends_with_the_same_outcomes(engine: Engine, world: World) -> None:
    first = recorder(engine, world)
    first.begin(BEGINS, [])
    pass_minutes(first, engine, 0, 9)
    second = recorder(engine, world)
    second.begin(BEGINS + 14 * MINUTE_MS, [])
    assert second.catch_up(BEGINS + 14 * MINUTE_MS, BEGINS + 14 * MINUTE_MS + 100) > 0
    pass_minutes(second, engine, 14, 20)

    stops = [each for each in entries(engine) if each.body.get("outcome") == "STOP"]
    assert stops[-1].body["exit_at"] < "2026-03-01T12:15"
    assert check(iter(entries(engine)))


def test_a_minute_that_comes_too_late_makes_no_alert(engine: Engine, world: World) -> None:
    size = len(entries(engine))
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    for number in range(20):
        live.minute(gathered(live, BEGINS + (number + 1) * MINUTE_MS), BEGINS + 40 * MINUTE_MS)

    assert live.live.late == 20
    assert not [each for each in entries(engine)[size:] if each.type is EntryType.ALERT]


def test_what_is_held_or_taken_off_is_refused_by_name_within_a_minute(
    engine: Engine, world: World
) -> None:
    log = SqlControlLog(engine)
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    set_hold(log, ACTOR, on_hold=True)
    pass_minutes(live, engine, 0, 8)
    set_hold(log, ACTOR, on_hold=False)
    for symbol in world.watched:
        put_pair(log, ACTOR, symbol, world.watched, on=False)
    pass_minutes(live, engine, 8, 20)

    counts = SqlRefusals(engine).counts("2026-03-01")
    assert counts["ON_HOLD"] > 0
    assert counts["PAIR_OFF"] > 0
    alerts = [each for each in entries(engine) if each.type is EntryType.ALERT]
    assert all(each.ts < "2026-03-01T12:00" for each in alerts)


def test_a_threshold_opens_a_new_record_and_its_taking_back_the_old_one(
    engine: Engine, world: World
) -> None:
    log = SqlControlLog(engine)
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    before = [setup.version for setup in live.live.watched.setups]
    set_threshold(log, ACTOR, "max_cost_r", "0.2", SETTINGS.rules)
    pass_minutes(live, engine, 0, 1)
    during = [setup.version for setup in live.live.watched.setups]
    stated = [each.body for each in entries(engine) if each.type is EntryType.RULES]
    set_threshold(log, ACTOR, "max_cost_r", "0.25", SETTINGS.rules)
    pass_minutes(live, engine, 1, 2)

    assert not set(before) & set(during)
    assert [body["gates"]["max_cost_r"] for body in stated] == ["0.25", "0.2"]
    assert [setup.version for setup in live.live.watched.setups] == before
    assert [each.type for each in entries(engine)].count(EntryType.RULES) == 3


def test_a_change_that_the_record_cannot_state_yet_is_tried_again(
    engine: Engine, world: World
) -> None:
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    before = [setup.version for setup in live.live.watched.setups]
    set_threshold(SqlControlLog(engine), ACTOR, "decision_delay_ms", "4000", SETTINGS.rules)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER fails BEFORE INSERT ON ledger WHEN NEW.type = 'rules'"
            " BEGIN SELECT * FROM a_table_that_is_missing; END"
        )
    with pytest.raises(UnavailableError):
        pass_minutes(live, engine, 0, 1)
    assert [setup.version for setup in live.live.watched.setups] == before
    assert live.decision_delay_ms == 2_500
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER fails")
    pass_minutes(live, engine, 1, 2)

    assert not set(before) & {setup.version for setup in live.live.watched.setups}
    assert live.decision_delay_ms == 4_000
    assert [each.type for each in entries(engine)].count(EntryType.RULES) == 2


def test_a_change_that_is_no_threshold_opens_no_record(engine: Engine, world: World) -> None:
    log = SqlControlLog(engine)
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    set_hold(log, ACTOR, on_hold=True)
    put_pair(log, ACTOR, world.watched[0], world.watched, on=False)
    note_announcement(log, ACTOR, "abc", 3)
    pass_minutes(live, engine, 0, 1)
    recorder(engine, world).begin(BEGINS + MINUTE_MS, [])

    assert [each.type for each in entries(engine)].count(EntryType.RULES) == 1


def test_the_turn_of_the_day_is_told_to_the_places(engine: Engine, world: World) -> None:
    live = recorder(engine, world)
    live.begin(BEGINS, [])
    pass_minutes(live, engine, 0, 1)
    midnight = from_iso("2026-03-02T00:01:00Z")
    live.minute(gathered(live, midnight), midnight + 2_500)

    rows = SqlOutbox(engine).claim(midnight + 3_000, 100)
    subjects = {row.subject for row in rows}
    assert "digest:2026-03-01" in subjects
    assert "week:2026-03-01" in subjects  # a Sunday
    assert any(subject.startswith("notice:") for subject in subjects)
    made = dict(zip([row.subject for row in rows], live.compose(rows, midnight), strict=True))
    assert all(each is not None for each in made.values())
    picture = made["picture:2026-03-01"].picture  # type: ignore[union-attr]
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
