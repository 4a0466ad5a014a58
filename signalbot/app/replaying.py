"""Build and run a replay of a market whose candles are known."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from signalbot.analysis.btc_context import BtcRules, btc_context
from signalbot.domain.candles import Candles
from signalbot.domain.instrument import Instrument
from signalbot.domain.panel import Panel
from signalbot.domain.profile import Profile
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import iso
from signalbot.errors import InputError, RecordError
from signalbot.record.entries import Head
from signalbot.record.signing import demonstration_signer
from signalbot.risk.liquidation import Basis
from signalbot.risk.venue_rules import KNOWN_VENUES, rule_for
from signalbot.sandbox.messenger import RecordingMessenger
from signalbot.service.decide import Desk
from signalbot.service.open_record import open_record
from signalbot.service.ports import History, Message, RefusedMatch
from signalbot.service.recording import Recording
from signalbot.service.replay import SpreadOf, minutes, replay
from signalbot.service.turn_day import close_record
from signalbot.service.watch import Ports, Watch
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.storage.database import open_database
from signalbot.storage.instruments import SqlInstruments
from signalbot.storage.ledger import RepeatedLedger, SqlLedger
from signalbot.storage.refusals import SqlRefusals
from signalbot.storage.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A market to replay.

    Attributes
    ----------
    kind : str
        What the genesis says the record is of: `replay` or `simulation`.
    since : int or None
        Decisions begin with the candle that opens then; what lies before warms up.
    spread_of : callable, optional
        Spread of a candidate's book, where books are known.
    """

    kind: str
    venue: str
    panel: Panel
    btc: Candles | None
    instruments: Mapping[str, Instrument]
    history: History
    since: int | None = None
    spread_of: SpreadOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay came to.

    Attributes
    ----------
    added : int
        Ledger entries this run wrote; 0 where the file held them all.
    alerts_of : mapping of str to int
        Alerts by setup.
    """

    head: Head
    added: int
    performance: Performance
    first_alert_at: int | None
    alerts_of: Mapping[str, int]
    refusals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom a replay sizes for, and the rules it keeps."""

    profile: Profile
    rules: Rules


def replay_scene(
    scene: Scene,
    database: Path,
    account: Account,
    *,
    show: Callable[[str, Message, int], None] | None = None,
    progress: Callable[[int], Callable[[], None]] | None = None,
) -> Replayed:
    """Replay a market into a database, made if it is missing; the same replay goes on in it.

    Raises
    ------
    RecordError
        If the file holds the record of something else.
    """
    first_row = _first_row(scene)
    migrate(database)
    with open_database(database) as engine:
        ledger = RepeatedLedger(SqlLedger(engine, demonstration_signer()))
        recording = Recording(ledger, scene.panel.symbols)
        refusals = _RepeatedRefusals(SqlRefusals(engine), ledger)
        ports = Ports(history=scene.history, refusals=refusals, messenger=RecordingMessenger(show))
        _replay(scene, first_row, account, recording, ports, progress)
        if ledger.left:
            raise RecordError(
                f"{database} holds {ledger.left} entries beyond this replay: it is the record of"
                " a longer one; use a fresh file"
            )
        SqlInstruments(engine).put(scene.instruments.values(), int(scene.panel.close_time[-1]))
        state = recording.state
        sample = Sample.of(state.settled.values())
        return Replayed(
            head=ledger.head,
            added=ledger.added,
            performance=performance(sample, recording.seed, state.baselines, state.corrections),
            first_alert_at=state.first_alert_at(),
            alerts_of=Counter(each.setup for each in state.settled.values()),
            refusals=state.refused,
        )


def _first_row(scene: Scene) -> int:
    panel = scene.panel
    if not len(panel.open_time):
        raise InputError("candles", "none", "at least one closed candle in the chosen period")
    row = 0 if scene.since is None else max(panel.row_of(scene.since), 0)
    if row >= len(panel.open_time):
        raise InputError("from", iso(scene.since or 0), "a time before the last candle")
    return row


def _replay(
    scene: Scene,
    first_row: int,
    account: Account,
    recording: Recording,
    ports: Ports,
    progress: Callable[[int], Callable[[], None]] | None,
) -> None:
    panel, rules = scene.panel, account.rules
    setups = setups_for(panel.timeframe, rules, BtcRules(), account.profile)
    desk = Desk(
        venue=scene.venue,
        instruments=scene.instruments,
        profile=account.profile,
        rules=rules,
        basis=_basis(scene.venue),
    )
    context = None if scene.btc is None else btc_context(scene.btc, BtcRules())
    opened = int(panel.close_time[first_row]) + rules.decision_delay_ms
    genesis = {"kind": scene.kind, "public_key": demonstration_signer().public_key, "channels": []}
    open_record(recording, desk, setups, genesis, opened)
    matches = scan(panel, setups, first_row)
    closed = minutes(panel, matches, context, first_row, scene.spread_of)
    advance = progress(len(panel.open_time) - first_row) if progress else _nothing
    watch = Watch(desk, setups, recording, ports)
    ended = replay(watch, closed, rules.decision_delay_ms, advance)
    if ended is not None:
        close_record(recording, ports.refusals, ended)


def _basis(venue: str) -> Basis:
    return rule_for(venue).basis if venue in KNOWN_VENUES else Basis.MARK


class _RepeatedRefusals:
    """Stores refusals beyond the stored ledger only, as that appends beyond it only.

    Those before a stored entry are stored too, unless the file holds another replay: that one's
    refusals must stay as they are.
    """

    def __init__(self, base: SqlRefusals, ledger: RepeatedLedger) -> None:
        self._base = base
        self._ledger = ledger

    def add(self, refused: Sequence[RefusedMatch]) -> None:
        if not self._ledger.left:
            self._base.add(refused)

    def counts(self, day: str) -> Mapping[str, int]:
        return self._base.counts(day)


def _nothing() -> None:
    return
