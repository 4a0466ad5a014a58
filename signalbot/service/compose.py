"""Compose a message when it is sent: the record's words, sized for the one who gets it.

An alert's picture and its public text are made once; what differs between readers is made for each.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from signalbot.domain.alert import Alert
from signalbot.domain.delivery import Delivery, PostKind, Shown
from signalbot.domain.instrument import Instrument
from signalbot.domain.outcome import Outcome
from signalbot.domain.rules import Rules
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.subscriber import Role, Subscriber, is_paper, wants
from signalbot.errors import InputError
from signalbot.record.entries import Entry, EntryType
from signalbot.record.fold import Standing, Tally
from signalbot.record.outcome_bodies import outcome_of
from signalbot.rendering.alert_keyboard import personal_keyboard, public_keyboard
from signalbot.rendering.cornix import cornix_post
from signalbot.rendering.messages import alert_message, outcome_message
from signalbot.rendering.personal_alert import personal_alert, personal_outcome
from signalbot.rendering.record_texts import checkpoint_text, new_rules_text
from signalbot.rendering.state_text import state_text
from signalbot.risk.advice import Advice
from signalbot.risk.tiers import Tier
from signalbot.service.delivery_ports import Composed, Outbox
from signalbot.service.personal import personal_advice
from signalbot.service.ports import History, People
from signalbot.service.recording import Recording
from signalbot.service.tell_places import PICTURED
from signalbot.stats.performance import performance
from signalbot.stats.sample import Sample

MOST_TEXTS = 512
REMEMBERED = 8
"""Alerts whose picture is kept; the next message of an older one has it uploaded already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Contracts of the venue that is watched, for the size of a reader."""

    instruments: Mapping[str, Instrument]
    rules: Rules
    tiers: Mapping[str, Sequence[Tier]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What messages are composed of.

    Attributes
    ----------
    entry : callable
        Gives an entry of the ledger by its number.
    draw, draw_record : callable
        Draw a snapshot, and the record so far, as PNG.
    bot_username : str
        For links that lead to the private chat.
    """

    recording: Recording
    history: History
    people: People
    outbox: Outbox
    terms: Terms
    entry: Callable[[int], Entry]
    draw: Callable[[Snapshot], bytes]
    draw_record: Callable[[], bytes]
    bot_username: str


class RecordComposer:
    """`service.delivery_ports.Composer` of a record. Not for several threads at once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._pictures: dict[int, bytes | None] = {}
        self._texts: dict[Hashable, Composed] = {}
        self._readers: Mapping[int, Subscriber] = {}
        self._makers: Mapping[PostKind, Callable[[Delivery, int], Composed | None]] = {
            PostKind.ALERT: self._alert,
            PostKind.AUTOMATION: self._automation,
            PostKind.OUTCOME: self._outcome,
            PostKind.RESULT: self._result,
            PostKind.NOTICE: self._notice,
            PostKind.NEWS: self._news,
            PostKind.ANNOUNCEMENT: self._announcement,
        }

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        """Return each message; None where it is not wanted any more."""
        self._readers = self._sources.people.find([row.chat for row in rows if row.chat > 0])
        return [self._makers[row.kind](row, now) for row in rows]

    def _alert(self, row: Delivery, now: int) -> Composed | None:
        standing = self._standing(row)
        if standing is None:  # it ended meanwhile: nobody should enter it any more
            return None
        tally = self._tally(standing.alert)
        if row.chat < 0:
            return Composed(
                html=alert_message(standing, tally),
                keyboard=public_keyboard(standing.seq, self._sources.bot_username),
                picture=self._picture(standing),
                shown=Shown(qty=standing.alert.size.qty, on_paper=True),
            )
        reader = self._readers.get(row.chat)
        if reader is None or wants(reader, standing.alert, now) is not None:
            return None
        return self._shared(standing, tally, reader)

    def _shared(self, standing: Standing, tally: Tally, reader: Subscriber) -> Composed:
        # readers with the same account, venue and clock are told the same
        on_paper = is_paper(reader, standing.alert.state)
        key = (standing.seq, tally, reader.profile, reader.venue, reader.zone, on_paper)
        if key not in self._texts:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[key] = self._personal(standing, tally, reader)
        return self._texts[key]

    def _personal(self, standing: Standing, tally: Tally, reader: Subscriber) -> Composed:
        alert = standing.alert
        advice = self._advice(alert, reader)
        size = alert.size if advice is None else advice.size
        is_refused = advice is not None and bool(advice.refusals)
        return Composed(
            html=personal_alert(standing, tally, reader, advice),
            keyboard=personal_keyboard(standing.seq, alert),
            picture=self._picture(standing),
            shown=Shown(
                qty=None if is_refused else size.qty,
                on_paper=advice is None or is_paper(reader, alert.state),
            ),
        )

    def _advice(self, alert: Alert, reader: Subscriber) -> Advice | None:
        terms, symbol = self._sources.terms, alert.plan.symbol
        instrument = terms.instruments.get(symbol)
        if reader.profile is None or instrument is None:
            return None
        return personal_advice(
            alert, reader.profile, instrument, terms.rules, terms.tiers.get(symbol, ())
        )

    def _automation(self, row: Delivery, _: int) -> Composed | None:
        standing = self._standing(row)
        try:
            return None if standing is None else Composed(html=cornix_post(standing.alert))
        except InputError:  # a name that the format cannot hold
            return None

    def _outcome(self, row: Delivery, _: int) -> Composed | None:
        ended = self._ended(row)
        if ended is None:
            return None
        standing, outcome = ended
        tally = self._tally(standing.alert)
        told = self._sources.outbox.told(standing.seq, row.chat)
        reply_to = None if told is None else told.message_id
        if row.chat < 0:
            return Composed(html=outcome_message(standing, outcome, tally), reply_to=reply_to)
        if _is_blocked(self._readers.get(row.chat)):
            return None
        shown = Shown(qty=None, on_paper=True) if told is None else told.shown
        html = personal_outcome(standing, outcome, tally, shown.qty, on_paper=shown.on_paper)
        return Composed(html=html, reply_to=reply_to)

    def _result(self, row: Delivery, _: int) -> Composed | None:
        ended, seq = self._ended(row), row.seq or 0
        told = self._sources.outbox.told(seq, row.chat)
        if ended is None or told is None:
            return None
        standing, outcome = ended
        tally = self._tally(standing.alert)
        (became, *_rest) = outcome_message(standing, outcome, tally).split("\n")
        return Composed(
            html=f"{alert_message(standing, tally)}\n\n{became}",
            keyboard=public_keyboard(seq, self._sources.bot_username),
            edits=told.message_id,
            edits_caption=self._picture(standing) is not None,
        )

    def _notice(self, row: Delivery, _: int) -> Composed:
        entry = self._sources.entry(row.seq or 0)
        if entry.type is EntryType.CHECKPOINT:
            return Composed(html=checkpoint_text(entry.body))
        change = entry.body.get("setup_state")
        if change is None:
            return Composed(html=new_rules_text(entry.seq))
        state = self._sources.recording.state
        sample = Sample.of(state.settled.values()).of_setup(change["setup"], change["version"])
        shown = performance(sample, self._sources.recording.seed)
        key = (change["setup"], change["version"])
        return Composed(html=state_text(*key, state.state_of(*key), shown))

    def _news(self, row: Delivery, now: int) -> Composed:
        made = _written(row, now)
        if not row.subject.startswith(PICTURED):
            return made
        # where it was uploaded before, it does not matter what is drawn here
        return replace(made, picture=b"" if row.file_id else self._sources.draw_record())

    def _announcement(self, row: Delivery, now: int) -> Composed | None:
        reader = self._readers.get(row.chat)
        if row.chat > 0 and (reader is None or not reader.subscribed or _is_blocked(reader)):
            return None
        return _written(row, now)

    def _standing(self, row: Delivery) -> Standing | None:
        return self._sources.recording.state.standing.get(row.seq or 0)

    def _ended(self, row: Delivery) -> tuple[Standing, Outcome] | None:
        ended = self._sources.recording.state.ended.get(row.seq or 0)
        return None if ended is None else (ended.standing, outcome_of(ended.body))

    def _tally(self, alert: Alert) -> Tally:
        return self._sources.recording.state.tally(alert.setup, alert.version)

    def _picture(self, standing: Standing) -> bytes | None:
        if standing.seq not in self._pictures:
            while len(self._pictures) >= REMEMBERED:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[standing.seq] = self._drawn(standing)
        return self._pictures[standing.seq]

    def _drawn(self, standing: Standing) -> bytes | None:
        alert = standing.alert
        pair = self._sources.recording.pair_of(alert.plan.symbol)
        if pair is None:
            return None
        candles = self._sources.history.window(pair, alert.candle_close, SHOWN)
        return self._sources.draw(Snapshot.of(standing.seq, standing.hash, alert, candles))


def _is_blocked(reader: Subscriber | None) -> bool:
    return reader is not None and reader.role is Role.BLOCKED


def _written(row: Delivery, _: int) -> Composed:
    return Composed(html=row.html or "")
