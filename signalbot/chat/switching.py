"""Pairs, setups, thresholds, and publishing as a whole: what an admin switches."""

from collections.abc import Callable
from dataclasses import dataclass

from signalbot.chat.admin_desk import AdminDesk, actor, asking, told
from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.domain.controls import threshold, threshold_text
from signalbot.domain.symbols import find_symbol
from signalbot.errors import InputError
from signalbot.rendering.admin_texts import (
    pairs_text,
    setups_text,
    threshold_question,
    thresholds_text,
    why_pair_text,
)
from signalbot.rendering.reply import Reply
from signalbot.service.administer import (
    put_pair,
    release_pair,
    set_hold,
    set_threshold,
    switch_setup,
)
from signalbot.service.change_settings import SETUP_TITLES

THRESHOLD, HOLDING, SETUP = "setrule", "hold", "setupswitch"
CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class Switching:
    """Answers /pairs, /setups, /thresholds, /hold and /release."""

    desk: AdminDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        table: tuple[tuple[str, str, Callable[[Ask], Answers]], ...] = (
            ("pairs", "Watched pairs: /pairs remove layer", self.pairs),
            ("setups", "Setups on and off", self.setups),
            ("thresholds", "Gates and budgets", self.thresholds),
            ("hold", "Publish nothing for now", self.hold),
            ("release", "Publish again", self.release),
        )
        return tuple(
            Command(name=name, summary=summary, run=run, scope=Scope.ADMIN)
            for name, summary, run in table
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        table: tuple[tuple[str, Callable[[Ask], Answers]], ...] = (
            (THRESHOLD, self.confirm_threshold),
            (HOLDING, self.confirm_hold),
            (SETUP, self.press_setup),
        )
        return tuple(Press(verb=verb, run=run, scope=Scope.ADMIN) for verb, run in table)

    def pairs(self, ask: Ask) -> Answers:
        """List pairs, take one in or off, leave it to the universe, or say why it is so."""
        watched, log = self.desk.market.symbols(), self.desk.log
        if not ask.words:
            return (Reply(html=pairs_text(list(watched), log.controls())),)
        verb, coin = _two(ask, "/pairs remove layer")
        symbols = self.desk.market.known()
        if verb == "why":
            symbol = find_symbol(coin, symbols)
            found = self.desk.market.why(symbol)
            is_in = symbol in watched
            text = why_pair_text(symbol, log.controls(), in_universe=is_in, found=found)
            return (Reply(html=text),)
        if verb == "auto":
            return told(release_pair(log, actor(ask), coin, symbols))
        if verb not in ("add", "remove"):
            raise InputError("/pairs", verb, "add, remove, auto or why: /pairs remove layer")
        return told(put_pair(log, actor(ask), coin, symbols, on=verb == "add"))

    def setups(self, ask: Ask) -> Answers:
        """List setups with a button for each, or switch one."""
        if not ask.words:
            return (self._setups(),)
        verb, name = _two(ask, "/setups off range_breakout")
        return told(switch_setup(self.desk.log, actor(ask), name, on=_is_on(verb)))

    def press_setup(self, ask: Ask) -> Answers:
        """Switch a setup, and show all of them in the place of what was shown."""
        verb, _, name = ask.text.partition(":")
        switch_setup(self.desk.log, actor(ask), name, on=_is_on(verb))
        return (self._setups(replaces=True),)

    def thresholds(self, ask: Ask) -> Answers:
        """List thresholds, or ask whether one shall be changed."""
        rules = self.desk.log.controls().rules(self.desk.base)
        if not ask.words:
            return (Reply(html=thresholds_text(rules, self.desk.base)),)
        name, text = _two(ask, "/thresholds max_cost_r 0.2")
        value = self._threshold(name, text)
        yes = button(f"Set {value}", THRESHOLD, name, value)
        return asking(threshold_question(name, value, rules), yes)

    def confirm_threshold(self, ask: Ask) -> Answers:
        """Change a threshold."""
        name, _, value = ask.text.partition(":")
        change = set_threshold(self.desk.log, actor(ask), name, value, self.desk.base)
        return told(change, replaces=True)

    def hold(self, ask: Ask) -> Answers:
        """Ask whether publishing shall be held."""
        html = "Publish nothing until /release? Open alerts go on, matches are refused by name."
        return asking(html, button("Hold", HOLDING))

    def confirm_hold(self, ask: Ask) -> Answers:
        """Publish nothing any more."""
        return told(set_hold(self.desk.log, actor(ask), on_hold=True), replaces=True)

    def release(self, ask: Ask) -> Answers:
        """Publish again."""
        return told(set_hold(self.desk.log, actor(ask), on_hold=False))

    def _threshold(self, name: str, text: str) -> str:
        if text.lower() == CONFIGURED and hasattr(self.desk.base, name):
            return threshold_text(getattr(self.desk.base, name))
        return threshold_text(threshold(name, text))

    def _setups(self, *, replaces: bool = False) -> Reply:
        controls = self.desk.log.controls()
        switches = {name: "on" if controls.is_setup_off(name) else "off" for name in SETUP_TITLES}
        keyboard = tuple(
            (button(f"Switch {verb}: {SETUP_TITLES[name]}", SETUP, verb, name),)
            for name, verb in switches.items()
        )
        return Reply(html=setups_text(controls), keyboard=keyboard, replaces=replaces)


def _is_on(verb: str) -> bool:
    if verb not in ("on", "off"):
        raise InputError("/setups", verb, "on or off: /setups off range_breakout")
    return verb == "on"


def _two(ask: Ask, example: str) -> tuple[str, str]:
    words = ask.words
    if len(words) != 2:
        raise InputError(example.split()[0], ask.text[:60], f"two words, for example {example}")
    return words[0].lower(), words[1]
