"""Sizes, liquidation and what to expect, for the account of the reader who asks."""

import re
from dataclasses import dataclass
from decimal import Decimal

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press
from signalbot.chat.desk import ChatDesk
from signalbot.domain.alert import SetupState
from signalbot.domain.profile import Profile
from signalbot.domain.reader_clock import ReaderClock
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rounding import plain
from signalbot.domain.side import Side
from signalbot.domain.subscriber import Subscriber, is_paper
from signalbot.domain.symbols import find_symbol
from signalbot.errors import InputError
from signalbot.rendering.alert_keyboard import SIZE
from signalbot.rendering.outlook_text import GuardState, guards_text, outlook_text
from signalbot.rendering.reply import Keyboard, Reply
from signalbot.rendering.risk_texts import liquidation_text, size_text
from signalbot.risk.advice import advise
from signalbot.risk.expectation import outlook
from signalbot.risk.guards import (
    GuardRules,
    cool_off_end,
    loss_today,
    losses_in_a_row,
    open_heat,
)
from signalbot.risk.liquidation import Position
from signalbot.risk.venue_rules import DEFAULT_VENUE, KNOWN_VENUES
from signalbot.service.advise import SizeInput, ask_desk
from signalbot.service.liquidate import liquidation_view
from signalbot.service.personal import personal_ask, rule_of
from signalbot.service.review_week import ReviewDesk, trades_for_guards

FIND = "sizeof"
MOST_OFFERED = 9
EXAMPLE_RATE, EXAMPLE_REWARD, TRADES = 0.45, 1.1, 100
"""What /risk reckons with: wins while the record has no rate, R after costs of a win, trades."""
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,12})?")
_TIMES = re.compile(r"([0-9]{1,3})[xX]")


@dataclass(frozen=True, slots=True)
class Sizing:
    """Answers /size, /liq and /risk."""

    desk: ChatDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        return (
            Command(name="size", summary="How much: /size layer 1.02 1.01", run=self.size),
            Command(
                name="liq", summary="Where it ends: /liq layer long 1.042 295 3x", run=self.liq
            ),
            Command(name="risk", summary="What to expect at your settings", run=self.risk),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (Press(verb=SIZE, run=self.of_button), Press(verb=FIND, run=self.size))

    def size(self, ask: Ask) -> Answers:
        """Size a trade: coin, entry, stop, perhaps a target; what is missing is asked back."""
        reader = self.desk.reader(ask)
        words = ask.words
        if not words:
            return (self._offer(),)
        symbol = find_symbol(words[0], self.desk.market.symbols())
        if len(words) == 1:
            return (self._example(symbol),)
        if len(words) not in (3, 4):
            raise InputError("/size", ask.text[:60], self._expected(symbol))
        entry, stop, *target = (
            self._number(name, word, symbol)
            for name, word in zip(("entry", "stop", "target"), words[1:], strict=False)
        )
        return (self._sized(reader, symbol, (entry, stop, target[0] if target else None)),)

    def of_button(self, ask: Ask) -> Answers:
        """Size an alert whose button was pressed."""
        return self.of_alert(ask.text, self.desk.reader(ask))

    def of_alert(self, text: str, reader: Subscriber) -> Answers:
        """Return the size of an alert for a reader."""
        alert = self._alert(text)
        symbol = alert.plan.symbol
        instrument = self.desk.market.instruments().get(symbol)
        if reader.profile is None or instrument is None:
            raise InputError("account", "not told", "an amount: /settings, then Account")
        asked = personal_ask(
            alert.alert, reader.profile, instrument, self.desk.market.tiers(symbol)
        )
        advice = advise(asked, self.desk.rules(), GuardRules())
        text = size_text(asked, advice, symbol, {})
        return (Reply(html=f"PAPER\n{text}" if is_paper(reader, alert.alert.state) else text),)

    def liq(self, ask: Ask) -> Answers:
        """Tell where a position is liquidated: coin, side, entry, quantity, leverage."""
        example = "for example /liq layer long 1.042 295 3x"
        words = ask.words
        if len(words) not in (4, 5):
            raise InputError("/liq", ask.text[:60] or "nothing", f"five words, {example}")
        symbol = find_symbol(words[0], self.desk.market.symbols())
        side = _side(words[1], example)
        entry = self._number("entry", words[2], symbol)
        qty = self._number("quantity", words[3], symbol)
        leverage = _leverage(words[4] if len(words) == 5 else "3x", example)
        rule = rule_of(self.desk.market.venue)
        position = Position.leveraged(side=side, entry=entry, qty=qty, leverage=leverage)
        fee = rule.closing_fee_rate(rule.taker_rate)
        view = liquidation_view(position, rule, self.desk.market.tiers(symbol), fee)
        return (Reply(html=liquidation_text(view)),)

    def risk(self, ask: Ask) -> Answers:
        """Tell what to expect at a reader's settings, and what its guards say today."""
        reader = self.desk.reader(ask)
        profile = reader.profile
        if profile is None:
            raise InputError("account", "not told", "an amount: /settings, then Account")
        shown = self.desk.record.statistics().performance
        win_rate = EXAMPLE_RATE if shown.win_rate is None else shown.win_rate
        found = outlook(
            win_rate=win_rate,
            reward_risk_net=EXAMPLE_REWARD,
            risk_pct=float(profile.risk_pct),
            trades=TRADES,
        )
        is_own = shown.win_rate is not None
        text = outlook_text(profile, GuardRules(), found, win_rate, is_own=is_own)
        state = self._guards(reader, profile, ask.now)
        return (Reply(html=f"{text}\n{guards_text(state, reader.zone)}"),)

    def _guards(self, reader: Subscriber, profile: Profile, now: int) -> GuardState:
        reviewing = ReviewDesk(keeping=self.desk.keeping)
        on_paper = is_paper(reader, SetupState.UNPROVEN)
        trades = trades_for_guards(reviewing, reader.reader, profile, on_paper=on_paper)
        day_start = ReaderClock.of(reader.zone, now).day_start(now)
        return GuardState(
            heat=open_heat(trades, now),
            day_loss=loss_today(trades, day_start, now),
            losses=losses_in_a_row(trades, now),
            cool_off_until=cool_off_end(trades, GuardRules(), now),
        )

    def _sized(
        self, reader: Subscriber, symbol: str, levels: tuple[Decimal, Decimal, Decimal | None]
    ) -> Reply:
        profile = reader.profile
        if profile is None:
            raise InputError("account", "not told", "an amount: /settings, then Account")
        entry, stop, target = levels
        if entry == stop:
            self._refuse_equal(symbol, entry)
        market = self.desk.market
        given = SizeInput(
            entry=entry,
            stop=stop,
            target=target,
            equity=profile.equity,
            risk_pct=profile.risk_pct,
            leverage=profile.leverage,
            symbol=symbol,
            venue=market.venue if market.venue in KNOWN_VENUES else DEFAULT_VENUE,
            tiers=market.tiers(symbol),
        )
        answer = ask_desk(given, market.instruments(), self.desk.rules())
        text = size_text(answer.ask, answer.advice, answer.symbol, answer.assumed)
        # no alert's setup stands behind it, so it is marked as one of an unproven setup is
        return Reply(html=f"PAPER\n{text}" if is_paper(reader, SetupState.UNPROVEN) else text)

    def _refuse_equal(self, symbol: str, entry: Decimal) -> None:
        raise InputError(
            "stop",
            plain(entry),
            f"another price than the entry, or there is nothing to risk; {self._expected(symbol)}",
        )

    def _offer(self) -> Reply:
        opened = self.desk.alerts.open(MOST_OFFERED)
        taps = [button(f"#{each.seq} {each.plan.coin}", SIZE, each.seq) for each in opened]
        rows: Keyboard = tuple(tuple(taps[first : first + 3]) for first in range(0, len(taps), 3))
        html = "Size what? Tap an open alert, or type coin, entry and stop: /size layer 1.02 1.01"
        if not taps:
            html = (
                "Type coin, entry and stop: /size layer 1.02 1.01 (and a target, if you have one)"
            )
        return Reply(html=html, keyboard=rows)

    def _example(self, symbol: str) -> Reply:
        expected = self._expected(symbol)
        return Reply(html=f"Which trade? {expected[:1].upper()}{expected[1:]}")

    def _expected(self, symbol: str) -> str:
        price = self.desk.market.price(symbol) or Decimal(1)
        instrument = self.desk.market.instruments().get(symbol)
        tick = instrument.tick if instrument else Decimal("0.0001")
        entry = price.quantize(tick)
        stop = (price * Decimal("0.993")).quantize(tick)
        name = symbol.partition("/")[0].lower()
        return f"for a long the stop is below the entry, for example /size {name} {entry} {stop}"

    def _number(self, field: str, word: str, symbol: str) -> Decimal:
        if not _NUMBER.fullmatch(word) or not (value := Decimal(word.replace(",", "."))):
            raise InputError(field, word[:40], f"a number above 0: {self._expected(symbol)}")
        return value

    def _alert(self, text: str) -> RecordedAlert:
        found = self.desk.alerts.find(int(text)) if text.isascii() and text.isdigit() else None
        if found is None:
            raise InputError("alert", text[:20], "the number of an alert, as it stands under it")
        return found


def _side(word: str, example: str) -> Side:
    try:
        return Side(word.lower())
    except ValueError:
        raise InputError("side", word[:20], f"long or short, {example}") from None


def _leverage(word: str, example: str) -> Decimal:
    found = _TIMES.fullmatch(word if word.lower().endswith("x") else f"{word}x")
    if found is None or not 1 <= int(found[1]) <= 125:
        raise InputError("leverage", word[:20], f"1x to 125x, {example}")
    return Decimal(found[1])
