"""Everything that touches the record of a live bot; all of it is called in one thread."""

from collections.abc import Sequence

from sqlalchemy import Engine

from signalbot.analysis.btc_context import BtcRules, btc_context
from signalbot.app.drawing import draw_alert
from signalbot.app.pictures import drawn
from signalbot.app.records import statistics_of
from signalbot.app.world import World
from signalbot.config import Settings
from signalbot.domain.controls import Controls
from signalbot.domain.delivery import Delivery, PostKind
from signalbot.domain.timeframe import day
from signalbot.errors import RecordError
from signalbot.record.entries import Entry
from signalbot.record.signing import Signer
from signalbot.risk.liquidation import Basis
from signalbot.risk.venue_rules import KNOWN_VENUES, rule_for
from signalbot.sandbox.messenger import RecordingMessenger
from signalbot.service.compose import RecordComposer, Sources, Terms
from signalbot.service.decide import Desk
from signalbot.service.delivery_ports import Composed
from signalbot.service.live_watch import LiveWatch, Watched
from signalbot.service.minute import Minute
from signalbot.service.open_record import open_record, state_rules
from signalbot.service.outbox_messenger import OutboxMessenger
from signalbot.service.ports import Messenger
from signalbot.service.recording import Recording
from signalbot.service.replay import minutes, replay
from signalbot.service.tell_places import Post
from signalbot.service.turn_day import is_new_day
from signalbot.service.watch import Ports, Watch
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan
from signalbot.setups.setup import Setup
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.instruments import SqlInstruments
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.refusals import SqlRefusals

PURGE_AFTER_MS = 30 * 86_400_000


class Recorder:
    """Decides minutes, follows alerts, and composes what is told of them.

    Parameters
    ----------
    bot_username : str
        For links that lead to the private chat.
    """

    def __init__(
        self, world: World, engine: Engine, signer: Signer, settings: Settings, bot_username: str
    ) -> None:
        self._world = world
        self._engine = engine
        self._signer = signer
        self._settings = settings
        self._bot_username = bot_username
        self._outbox = SqlOutbox(engine)
        self._refusals = SqlRefusals(engine)
        self._log = SqlControlLog(engine)
        self._controls = self._log.controls()
        self._recording: Recording  # opened by `begin`
        self._composer: RecordComposer | None = None
        self._live: LiveWatch | None = None
        self._quoted: set[int] = set()

    @property
    def decision_delay_ms(self) -> int:
        """How long after its close a minute is decided."""
        return self._controls.rules(self._settings.rules).decision_delay_ms

    @property
    def setups(self) -> Sequence[Setup]:
        """What is looked for, by the controls as they stand."""
        return self.live.watched.setups

    @property
    def open_alerts(self) -> int:
        """How many alerts have no outcome yet."""
        return len(self._recording.state.standing)

    @property
    def open_symbols(self) -> tuple[str, ...]:
        """Symbols of the alerts without an outcome."""
        standing = self._recording.state.standing.values()
        return tuple(sorted({each.alert.plan.symbol for each in standing}))

    def frozen(self, now: int) -> tuple[str, ...] | None:
        """Return the pairs of this UTC day, if the record has them already."""
        state = self._recording.state
        return state.universe if state.universe_day == day(now) else None

    def quotes_due(self, now: int) -> list[tuple[str, int]]:
        """Return symbol and instant of the quotes that followers of new alerts will meet.

        Each is named once; one whose instant has passed is not asked for any more.
        """
        due = []
        for seq, each in self._recording.state.standing.items():
            if each.published_at is None or seq in self._quoted:
                continue
            self._quoted.add(seq)
            instant = each.published_at + each.alert.plan.latency_s * 1_000
            if instant >= now:
                due.append((each.alert.plan.symbol, instant))
        return due

    @property
    def live(self) -> LiveWatch:
        """The watch that goes on; there once the recorder has begun."""
        if self._live is None:
            raise RecordError("the record was not opened yet")
        return self._live

    def begin(self, now: int, channels: Sequence[str]) -> None:
        """Open the record, or go on with it where it was left; `channels` are disclosed in it."""
        SqlInstruments(self._engine).put(self._world.contracts.values(), now)
        if self._is_new():
            self._open(now, channels)
        ledger = SqlLedger(self._engine, self._signer, beside=queue_entries)
        recording = Recording(ledger, self._world.feed.symbols)
        ports = self._ports(OutboxMessenger(self._outbox))
        self._recording = recording
        if self._world.watched:  # else they are stated when it is known what is watched
            state_rules(recording, self._desk(self._controls), self._setups(self._controls), now)
        self._live = LiveWatch(self._watched(ports), recording, ports, self._tell)
        self._composer = RecordComposer(self._sources(recording))

    def watch(self, now: int) -> None:
        """Take over what the world watches by now: its contracts and its columns."""
        SqlInstruments(self._engine).put(self._world.contracts.values(), now)
        self._recording.watch(self._world.feed.symbols)
        self._take_over(self._log.controls(), now)

    def minute(self, minute: Minute, now: int) -> None:
        """Work a gathered minute through, by the controls as they stand."""
        if is_new_day(self._recording, now) and self._world.turn():
            self.watch(now)
        controls = self._log.controls()
        if controls != self._controls:
            self._take_over(controls, now)
        self.live.minute(minute, now)

    def catch_up(self, until: int, now: int) -> int:
        """Decide about open alerts by the minutes that were missed."""
        return self.live.catch_up(until, now)

    def deliver(self, now: int) -> None:
        """Record which alerts were accepted."""
        self.live.deliver(now)

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        """Return the messages of the outbox as they go out: `delivery_ports.Composer`."""
        if self._composer is None:
            raise RecordError("the record was not opened yet")
        return self._composer.compose(rows, now)

    def tidy(self, now: int) -> int:
        """Delete messages that were told long ago; return how many."""
        return self._outbox.purge(now - PURGE_AFTER_MS)

    def _is_new(self) -> bool:
        return SqlLedger(self._engine, self._signer).head.seq == 0

    def _open(self, now: int, channels: Sequence[str]) -> None:
        ledger = SqlLedger(self._engine, self._signer)
        recording = Recording(ledger, self._world.feed.symbols)
        past = self._world.past
        delay = self._settings.rules.decision_delay_ms
        opened = now if past is None else int(past.panel.close_time[0]) + delay
        genesis = {
            "kind": self._world.kind,
            "public_key": self._signer.public_key,
            "channels": list(channels),
        }
        desk, setups = self._desk(self._controls), self._setups(self._controls)
        open_record(recording, desk, setups, genesis, opened)
        if past is None:
            return
        ended, rows = int(past.panel.close_time[-1]), len(past.panel.open_time)
        context = btc_context(self._world.feed.btc(ended, rows), BtcRules())
        closed = minutes(past.panel, scan(past.panel, setups), context, 0, past.spread_of)
        watch = Watch(desk, setups, recording, self._ports(RecordingMessenger()))
        replay(watch, closed, delay, lambda: None)

    def _take_over(self, controls: Controls, now: int) -> None:
        # the record says it first: if that fails, the next minute tries again
        state_rules(self._recording, self._desk(controls), self._setups(controls), now)
        self._controls = controls
        self.live.watched = self._watched(self._ports(OutboxMessenger(self._outbox)))
        self._composer = RecordComposer(self._sources(self._recording))

    def _desk(self, controls: Controls) -> Desk:
        basis = rule_for(self._world.venue).basis if self._is_known_venue() else Basis.MARK
        return Desk(
            venue=self._world.venue,
            instruments=self._world.contracts,
            profile=self._settings.reference_profile,
            rules=controls.rules(self._settings.rules),
            basis=basis,
            controls=controls,
        )

    def _is_known_venue(self) -> bool:
        return self._world.venue in KNOWN_VENUES

    def _setups(self, controls: Controls) -> Sequence[Setup]:
        rules = controls.rules(self._settings.rules)
        profile = self._settings.reference_profile
        return setups_for(self._world.timeframe, rules, BtcRules(), profile)

    def _watched(self, ports: Ports) -> Watched:
        setups = self._setups(self._controls)
        return Watched(
            watch=Watch(self._desk(self._controls), setups, self._recording, ports),
            setups=setups,
            feed=self._world.feed,
            pairs=len(self._world.watched),
        )

    def _ports(self, messenger: Messenger) -> Ports:
        return Ports(history=self._world.history, refusals=self._refusals, messenger=messenger)

    def _sources(self, recording: Recording) -> Sources:
        ledger = SqlLedger(self._engine, self._signer)
        return Sources(
            recording=recording,
            history=self._world.history,
            people=SqlPeople(self._engine),
            outbox=self._outbox,
            terms=Terms(
                instruments=self._world.instruments,
                rules=self._controls.rules(self._settings.rules),
                tiers=self._world.tiers,
            ),
            entry=lambda seq: _entry(ledger, seq),
            draw=draw_alert,
            draw_record=lambda: drawn(statistics_of(self._engine))["net_r.png"],
            bot_username=self._bot_username,
        )

    def _tell(self, post: Post, now: int) -> None:
        self._outbox.put(post.subject, PostKind.NEWS, post.html, "places", now, post.expires_at)


def _entry(ledger: SqlLedger, seq: int) -> Entry:
    found = next(iter(ledger.entries(seq, seq)), None)
    if found is None:
        raise RecordError(f"the ledger has no entry #{seq}")
    return found
