"""A reader's own journal: took it or not, at what price, and the week that came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.chat.desk import ChatDesk
from signalbot.domain.journal import Decision, Execution
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.reader_clock import ReaderClock
from signalbot.domain.subscriber import Subscriber, is_paper
from signalbot.errors import InputError
from signalbot.rendering.alert_keyboard import MUTE, SKIP, TOOK
from signalbot.rendering.journal_texts import journal_text, mark_text, undo_text
from signalbot.rendering.reply import Reply
from signalbot.rendering.review_text import review_text
from signalbot.rendering.settings_texts import mutes_text
from signalbot.service.change_settings import mute_coin
from signalbot.service.keep_journal import (
    mark,
    published_alert,
    tell_exit,
    tell_fill,
    undo,
)
from signalbot.service.review_week import ReviewDesk, followed_alerts, review_week

UNDO, AT_ENTRY, AT_STOP, AT_TARGET = "undo", "filled", "stopped", "hit"


@dataclass(frozen=True, slots=True)
class Diary:
    """Answers the buttons under an alert, /fill, /exit, /undo, /journal and /review."""

    desk: ChatDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        hidden = Scope.PRIVATE | Scope.HIDDEN
        return (
            Command(name="journal", summary="What you took and skipped", run=self.journal),
            Command(name="review", summary="Your last week", run=self.review),
            Command(name="took", summary="I took it: /took 1184", run=self.took, scope=hidden),
            Command(name="skip", summary="I skipped it: /skip 1184", run=self.skip, scope=hidden),
            Command(name="fill", summary="Your fill: /fill 1184 1.0425 295", run=self.fill),
            Command(name="exit", summary="Your exit: /exit 1184 1.0512", run=self.exit),
            Command(name="undo", summary="Take a mark back: /undo 1184", run=self.undo),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (
            Press(verb=TOOK, run=self.took),
            Press(verb=SKIP, run=self.skip),
            Press(verb=MUTE, run=self.mute),
            Press(verb=UNDO, run=self.undo),
            Press(verb=AT_ENTRY, run=self.filled_at_entry),
            Press(verb=AT_STOP, run=self._exit_at(lambda plan: plan.stop)),
            Press(verb=AT_TARGET, run=self._exit_at(lambda plan: plan.target)),
        )

    def took(self, ask: Ask) -> Answers:
        """Mark an alert as taken and ask for the fill."""
        return self._mark(ask, Decision.TAKEN)

    def skip(self, ask: Ask) -> Answers:
        """Mark an alert as skipped."""
        return self._mark(ask, Decision.SKIPPED)

    def mute(self, ask: Ask) -> Answers:
        """Send no more alerts of the coin of an alert."""
        plan = published_alert(self.desk.alerts, _seq(ask.text)).plan
        muted = mute_coin(self.desk.people, ask.reader, plan.coin, [plan.symbol])
        return (Reply(html=mutes_text(muted)),)

    def fill(self, ask: Ask) -> Answers:
        """Store the reader's own fill: number, price, perhaps a quantity."""
        words = _words(ask, "/fill 1184 1.0425 295", (2, 3))
        price = _price("fill", words[1], "/fill 1184 1.0425 295")
        qty = _price("quantity", words[2], "/fill 1184 1.0425 295") if len(words) == 3 else None
        return self._filled(ask, _seq(words[0]), price, qty)

    def filled_at_entry(self, ask: Ask) -> Answers:
        """Store that a reader was filled at the entry, with the size that was shown."""
        seq = _seq(ask.text)
        plan = published_alert(self.desk.alerts, seq).plan
        told = self.desk.outbox.told(seq, ask.reader)
        return self._filled(ask, seq, plan.entry, None if told is None else told.shown.qty)

    def exit(self, ask: Ask) -> Answers:
        """Store the reader's own exit: number and price."""
        words = _words(ask, "/exit 1184 1.0512", (2,))
        price = _price("exit", words[1], "/exit 1184 1.0512")
        return self._exited(ask, _seq(words[0]), price)

    def undo(self, ask: Ask) -> Answers:
        """Take back what was said of an alert."""
        seq = _seq(ask.text)
        was_marked = undo(self.desk.keeping, ask.reader, seq)
        return (Reply(html=undo_text(published_alert(self.desk.alerts, seq), was_marked)),)

    def journal(self, ask: Ask) -> Answers:
        """Return the newest entries of the reader's own journal."""
        return (Reply(html=journal_text(followed_alerts(self._reviewing(), ask.reader))),)

    def review(self, ask: Ask) -> Answers:
        """Return the reader's last full week."""
        reader = self.desk.reader(ask)
        clock = ReaderClock.of(reader.zone, ask.now)
        profile = reader.profile or REFERENCE_PROFILE
        shown = review_week(self._reviewing(), ask.reader, profile, clock, ask.now)
        return (Reply(html=review_text(shown)),)

    def _reviewing(self) -> ReviewDesk:
        market = self.desk.market
        steps = {(each.venue, each.symbol): each.step for each in market.instruments().values()}
        return ReviewDesk(keeping=self.desk.keeping, states=self.desk.record.states(), steps=steps)

    def _mark(self, ask: Ask, decision: Decision) -> Answers:
        seq = _seq(ask.text)
        alert = published_alert(self.desk.alerts, seq)
        reader = self.desk.reader(ask)
        entry = mark(
            self.desk.keeping,
            ask.reader,
            seq,
            decision,
            ask.now,
            on_paper=self._on_paper(seq, reader),
        )
        taps = [button("Undo", UNDO, seq)]
        if decision is Decision.TAKEN:
            taps.insert(0, button("Filled at the entry", AT_ENTRY, seq))
        return (Reply(html=mark_text(entry, alert), keyboard=(tuple(taps),)),)

    def _on_paper(self, seq: int, reader: Subscriber) -> bool:
        told = self.desk.outbox.told(seq, reader.reader)
        if told is not None:
            return told.shown.on_paper
        return is_paper(reader, published_alert(self.desk.alerts, seq).alert.state)

    def _filled(self, ask: Ask, seq: int, price: Decimal, qty: Decimal | None) -> Answers:
        fill = Execution(price=price, at=ask.now)
        entry = tell_fill(self.desk.keeping, ask.reader, seq, fill, ask.now, quantity=qty)
        taps = (
            button("Out at the stop", AT_STOP, seq),
            button("Out at the target", AT_TARGET, seq),
        )
        html = mark_text(entry, published_alert(self.desk.alerts, seq))
        return (Reply(html=html, keyboard=(taps, (button("Undo", UNDO, seq),))),)

    def _exit_at(self, price_of: Callable[..., Decimal]) -> Callable[[Ask], Answers]:
        def exited(ask: Ask) -> Answers:
            seq = _seq(ask.text)
            return self._exited(ask, seq, price_of(published_alert(self.desk.alerts, seq).plan))

        return exited

    def _exited(self, ask: Ask, seq: int, price: Decimal) -> Answers:
        exit_ = Execution(price=price, at=ask.now)
        entry = tell_exit(self.desk.keeping, ask.reader, seq, exit_, ask.now)
        html = mark_text(entry, published_alert(self.desk.alerts, seq))
        return (Reply(html=html, keyboard=((button("Undo", UNDO, seq),),)),)


def _seq(text: str) -> int:
    number = text.strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 12):
        raise InputError("alert", text[:20] or "nothing", "the number under an alert, such as 1184")
    return int(number)


def _words(ask: Ask, example: str, counts: tuple[int, ...]) -> list[str]:
    words = ask.words
    if len(words) not in counts:
        raise InputError(example.split()[0], ask.text[:60] or "nothing", f"for example {example}")
    return words


def _price(field: str, word: str, example: str) -> Decimal:
    try:
        value = Decimal(word.replace(",", ".")) if len(word) <= 24 else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0:
        raise InputError(field, word[:30], f"a number above 0, for example {example}")
    return value
