"""What a reader wants: /settings and everything that can be set there, by buttons or words."""

from collections.abc import Callable
from dataclasses import dataclass

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.chat.desk import ChatDesk
from signalbot.chat.joining import answers_keyboard
from signalbot.domain.onboarding import Step
from signalbot.domain.subscriber import Subscriber
from signalbot.errors import InputError
from signalbot.rendering.consent_texts import (
    REAL_SIZES_LABEL,
    real_sizes_question,
    real_sizes_text,
)
from signalbot.rendering.onboarding_texts import question_text
from signalbot.rendering.reply import Button, Keyboard, Reply
from signalbot.rendering.settings_texts import (
    mutes_text,
    pause_text,
    quiet_text,
    settings_text,
    zone_text,
)
from signalbot.service.change_settings import (
    SETUP_TITLES,
    ask_for_real_sizes,
    mute_coin,
    mute_setup,
    pause,
    resume,
    return_to_paper,
    set_quiet_hours,
    set_zone,
    unmute_coin,
    unmute_setup,
)
from signalbot.service.reader_words import leverage_from
from signalbot.service.subscribe import answer, changed

SET, PAUSE, QUIET, ZONE, MUTE, UNMUTE, REAL = (
    "set", "pause", "quiet", "zone", "mutec", "unmute", "real",
)  # fmt: skip
PAUSES = ("1h", "8h", "1d", "7d")
QUIETS = ("22:00-07:00", "23:00-08:00", "off")
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York")
_MOST_BUTTONS = 12


@dataclass(frozen=True, slots=True)
class Preferences:
    """Answers /settings and its buttons."""

    desk: ChatDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        hidden = Scope.PRIVATE | Scope.HIDDEN
        return (
            Command(name="settings", summary="Everything you can set", run=self.settings),
            Command(name="pause", summary="No alerts for a while: /pause 8h", run=self.pause),
            Command(name="mute", summary="No alerts of a coin or setup", run=self.mute),
            Command(name="unmute", summary="Alerts of it again", run=self.unmute),
            Command(name="quiet", summary="Quiet hours: /quiet 22:00-07:00", run=self.quiet),
            Command(name="zone", summary="Your clock: /zone berlin", run=self.zone),
            Command(name="resume", summary="End a pause", run=self.resume, scope=hidden),
            Command(name="account", summary="Account in USDT", run=self.account, scope=hidden),
            Command(name="leverage", summary="Leverage", run=self.leverage, scope=hidden),
            Command(name="venue", summary="Where you trade", run=self.venue, scope=hidden),
            Command(name="riskpct", summary="Risk of a stop in %", run=self.risk_pct, scope=hidden),
            Command(name="real", summary="Real sizes", run=self.real, scope=hidden),
            Command(name="paper", summary="Sizes on paper again", run=self.paper, scope=hidden),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (
            Press(verb=SET, run=self.menu),
            Press(verb=PAUSE, run=self.pause),
            Press(verb=QUIET, run=self.quiet),
            Press(verb=ZONE, run=self.zone),
            Press(verb=MUTE, run=self.mute),
            Press(verb=UNMUTE, run=self.unmute),
            Press(verb=REAL, run=self.confirm_real),
        )

    def settings(self, ask: Ask) -> Answers:
        """Return what is set, with a button for each thing."""
        reader = self.desk.reader(ask)
        return (Reply(html=settings_text(reader, ask.now), keyboard=_menu(reader)),)

    def menu(self, ask: Ask) -> Answers:
        """Return the page of one setting."""
        reader = self.desk.reader(ask)
        pages: dict[str, Callable[[Subscriber], Answers]] = {
            "pause": lambda _: _choices("Pause alerts for how long?", PAUSE, PAUSES),
            "resume": lambda each: self.resume(ask),
            "quiet": lambda _: _choices(
                "When shall it be quiet? Or type /quiet 22:00-07:00", QUIET, QUIETS
            ),
            "zone": lambda _: _choices("Where is your clock? Or type /zone lisbon", ZONE, ZONES),
            "mute": self._mutable,
            "unmute": _muted,
            "real": lambda _: self.real(ask),
            "paper": lambda _: self.paper(ask),
        }
        if ask.text in pages:
            return pages[ask.text](reader)
        return (self._ask_again(ask, reader),)

    def pause(self, ask: Ask) -> Answers:
        """Send no alerts for a while; without a time, ask for how long."""
        if not ask.text:
            self.desk.reader(ask)
            return _choices("Pause alerts for how long?", PAUSE, PAUSES)
        return (Reply(html=pause_text(pause(self.desk.people, ask.reader, ask.text, ask.now))),)

    def resume(self, ask: Ask) -> Answers:
        """End a pause."""
        return (Reply(html=pause_text(resume(self.desk.people, ask.reader))),)

    def quiet(self, ask: Ask) -> Answers:
        """Set when no alert is wanted."""
        if not ask.text:
            self.desk.reader(ask)
            return _choices("When shall it be quiet?", QUIET, QUIETS)
        return (Reply(html=quiet_text(set_quiet_hours(self.desk.people, ask.reader, ask.text))),)

    def zone(self, ask: Ask) -> Answers:
        """Set the reader's clock."""
        if not ask.text:
            self.desk.reader(ask)
            return _choices("Where is your clock?", ZONE, ZONES)
        reader = set_zone(self.desk.people, ask.reader, ask.text)
        return (Reply(html=zone_text(reader, ask.now)),)

    def mute(self, ask: Ask) -> Answers:
        """Send no alerts of a coin or a setup; without a name, offer some."""
        people, symbols = self.desk.people, self.desk.market.symbols()
        if not ask.text:
            return self._mutable(self.desk.reader(ask))
        if ask.text in SETUP_TITLES or ask.text in SETUP_TITLES.values():
            return (Reply(html=mutes_text(mute_setup(people, ask.reader, ask.text))),)
        return (Reply(html=mutes_text(mute_coin(people, ask.reader, ask.text, symbols))),)

    def unmute(self, ask: Ask) -> Answers:
        """Send alerts of it again."""
        reader = self.desk.reader(ask)
        if not ask.text:
            return _muted(reader)
        if ask.text in reader.muted_setups or ask.text in SETUP_TITLES.values():
            return (Reply(html=mutes_text(unmute_setup(self.desk.people, ask.reader, ask.text))),)
        return (Reply(html=mutes_text(unmute_coin(self.desk.people, ask.reader, ask.text))),)

    def account(self, ask: Ask) -> Answers:
        """Tell the account."""
        return self._answer(ask, Step.EQUITY)

    def leverage(self, ask: Ask) -> Answers:
        """Tell the leverage."""
        if ask.text:
            leverage_from(ask.text)
        return self._answer(ask, Step.LEVERAGE)

    def venue(self, ask: Ask) -> Answers:
        """Tell where one trades."""
        return self._answer(ask, Step.VENUE)

    def risk_pct(self, ask: Ask) -> Answers:
        """Tell what a stop may cost."""
        return self._answer(ask, Step.RISK)

    def real(self, ask: Ask) -> Answers:
        """Ask whether a reader knows what real sizes mean."""
        self.desk.reader(ask)
        keyboard = ((button(REAL_SIZES_LABEL, REAL),),)
        return (Reply(html=real_sizes_question(), keyboard=keyboard),)

    def confirm_real(self, ask: Ask) -> Answers:
        """Note that a reader wants real sizes, having read the sentence."""
        reader = ask_for_real_sizes(self.desk.people, ask.reader, ask.now)
        return (Reply(html=real_sizes_text(reader), replaces=True),)

    def paper(self, ask: Ask) -> Answers:
        """Mark sizes as paper again."""
        return (Reply(html=real_sizes_text(return_to_paper(self.desk.people, ask.reader))),)

    def _answer(self, ask: Ask, step: Step) -> Answers:
        if not ask.text:
            return (self._question(ask, step),)
        reader = answer(self.desk.people, ask.reader, step, ask.text, self.desk.venues)
        return (Reply(html=settings_text(reader, ask.now), keyboard=_menu(reader)),)

    def _question(self, ask: Ask, step: Step) -> Reply:
        reader = changed(self.desk.people, ask.reader, lambda each: each)
        keyboard = answers_keyboard(step, self.desk.venues)[:-1]
        return Reply(html=question_text(step, reader), keyboard=keyboard)

    def _ask_again(self, ask: Ask, reader: Subscriber) -> Reply:
        try:
            step = Step(ask.text)
        except ValueError:
            raise InputError("setting", ask.text, "one of those in /settings") from None
        return self._question(ask, step)

    def _mutable(self, reader: Subscriber) -> Answers:
        coins = sorted({symbol.partition("/")[0] for symbol in self.desk.market.symbols()})
        names = [*SETUP_TITLES, *(each for each in coins if each not in reader.muted_coins)]
        labels = [SETUP_TITLES.get(name, name) for name in names]
        return _choices(
            "Mute what? Or type /mute and the coin.",
            MUTE,
            tuple(names[:_MOST_BUTTONS]),
            tuple(labels[:_MOST_BUTTONS]),
        )


def _muted(reader: Subscriber) -> Answers:
    names = (*sorted(reader.muted_setups), *sorted(reader.muted_coins))[:_MOST_BUTTONS]
    if not names:
        return (Reply(html=mutes_text(reader)),)
    labels = tuple(SETUP_TITLES.get(name, name) for name in names)
    return _choices("Bring back what?", UNMUTE, names, labels)


def _choices(
    html: str, verb: str, values: tuple[str, ...], labels: tuple[str, ...] | None = None
) -> Answers:
    taps = [
        button(label, verb, value)
        for label, value in zip(labels or values, values, strict=True)
        if len(f"{verb}:{value}".encode()) <= 64
    ]
    return (Reply(html=html, keyboard=_rows(taps, 2)),)


def _rows(taps: list[Button], width: int) -> Keyboard:
    return tuple(tuple(taps[first : first + width]) for first in range(0, len(taps), width))


def _menu(reader: Subscriber) -> Keyboard:
    is_real = reader.real_since is not None
    taps = [
        button("Venue", SET, Step.VENUE.value),
        button("Account", SET, Step.EQUITY.value),
        button("Risk", SET, Step.RISK.value),
        button("Leverage", SET, Step.LEVERAGE.value),
        button("Pause" if reader.paused_until is None else "End pause", SET,
               "pause" if reader.paused_until is None else "resume"),
        button("Quiet hours", SET, "quiet"),
        button("Time zone", SET, "zone"),
        button("Mute", SET, "mute"),
        button("Unmute", SET, "unmute"),
        button("Back to paper" if is_real else "Real sizes", SET, "paper" if is_real else "real"),
    ]  # fmt: skip
    return _rows(taps, 2)
