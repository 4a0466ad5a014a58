"""BTC, and how venues compare for one coin."""

from dataclasses import dataclass

from signalbot.analysis.btc_context import BtcRules
from signalbot.chat.ask import Ask
from signalbot.chat.command import EVERYWHERE, Answers, Command, Press
from signalbot.chat.desk import ChatDesk
from signalbot.domain.symbols import find_symbol
from signalbot.errors import InputError
from signalbot.rendering.btc_posts import btc_post
from signalbot.rendering.reply import Reply
from signalbot.rendering.venue_texts import venues_text


@dataclass(frozen=True, slots=True)
class Markets:
    """Answers /btc and /venues."""

    desk: ChatDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        return (
            Command(name="btc", summary="What BTC does, and HALT", run=self.btc, scope=EVERYWHERE),
            Command(name="venues", summary="Compare venues: /venues layer", run=self.venues),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module: none."""
        return ()

    def btc(self, ask: Ask) -> Answers:
        """Return what BTC is doing, and whether it halts alerts."""
        told = self.desk.market.btc()
        return (Reply(html=btc_post(told.state, told.at, BtcRules(), told.market)),)

    def venues(self, ask: Ask) -> Answers:
        """Return the terms of a coin on the venues that are known."""
        if not ask.text:
            example = min(self.desk.market.symbols(), default="LAYER/").partition("/")[0].lower()
            raise InputError("coin", "nothing", f"a coin, for example /venues {example}")
        symbol = find_symbol(ask.text, self.desk.market.known())
        coin = symbol.partition("/")[0]
        return (Reply(html=venues_text(coin, self.desk.market.terms(symbol))),)
