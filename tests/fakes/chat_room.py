"""The whole chat on a real database with a short record: questions and their answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from fakes.made_alert import made_alert
from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT
from sqlalchemy import Engine

from signalbot.analysis.btc_context import BtcState, Trend, Volatility
from signalbot.app.public_record import StoredRecord
from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.command import Command, Press
from signalbot.chat.desk import ChatDesk
from signalbot.chat.front_desk import front_desk
from signalbot.domain.delivery import PostKind, Sent, Shown
from signalbot.domain.instrument import Instrument
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Role
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.rendering.reply import Reply
from signalbot.rendering.venue_texts import VenueTerms
from signalbot.risk.tiers import Tier
from signalbot.service.chat_ports import Btc
from signalbot.service.settle_delivery import settle
from signalbot.storage.alerts import SqlAlerts
from signalbot.storage.journal import SqlJournal
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces

ANN, BOB, BOSS, BAD = 101, 102, 103, 104
OPEN_ALERT, ENDED_ALERT = 2, 4
NOW = CLOSE + 60_000
BINANCE_LIFE = "币安人生/USDT:USDT"
UNWATCHED = "TSLA/USDT:USDT"
TOY = replace(INSTRUMENT, symbol="TOY/USDT:USDT")
ROLES = {BOSS: Role.OWNER, BAD: Role.BLOCKED}
CALM = BtcState(
    halted=False,
    return_5m=-0.001,
    z_1m=0.1,
    z_5m=0.2,
    trend=Trend.UP,
    volatility=Volatility.NORMAL,
)


class RoomMarket:
    """`service.chat_ports.MarketView` of three coins."""

    venue = "binanceusdm"

    def __init__(self) -> None:
        self._contracts = {
            each.symbol: each
            for each in (INSTRUMENT, TOY, replace(INSTRUMENT, symbol=BINANCE_LIFE))
        }
        self.btc_state: BtcState | None = CALM
        self.is_chosen = True

    def symbols(self) -> Collection[str]:
        return list(self._contracts)

    def instruments(self) -> Mapping[str, Instrument]:
        return self._contracts

    def tiers(self, symbol: str) -> Sequence[Tier]:
        return ()

    def price(self, symbol: str) -> Decimal | None:
        return Decimal("1.0425")

    def btc(self) -> Btc:
        return Btc(state=self.btc_state, at=NOW)

    def known(self) -> Collection[str]:
        return [*self._contracts, UNWATCHED]

    def why(self, symbol: str) -> str | None:
        return f"{symbol} <is> as it is." if self.is_chosen else None

    def terms(self, symbol: str) -> Sequence[VenueTerms]:
        return (VenueTerms(instrument=self._contracts[symbol], price=Decimal("1.0425")),)


class ChatRoom:
    """A dispatcher on a database in which one alert is open and one has reached its target."""

    def __init__(
        self, engine: Engine, commands: Sequence[Command] = (), presses: Sequence[Press] = ()
    ) -> None:
        self.engine = engine
        self.people, self.journal = SqlPeople(engine), SqlJournal(engine)
        self.outbox, self.places = SqlOutbox(engine), SqlPlaces(engine)
        self.market = RoomMarket()
        self.now = NOW
        self.signer = demonstration_signer()
        self.ledger = SqlLedger(engine, self.signer, beside=queue_entries)
        self._begin()
        self.desk = ChatDesk(
            people=self.people,
            journal=self.journal,
            alerts=SqlAlerts(engine),
            record=StoredRecord(
                engine=engine, signer=self.signer, history=_NoHistory(), pair_of=lambda _: None
            ),
            market=self.market,
            outbox=self.outbox,
            places=self.places,
            rules=Rules,
            venues=("binanceusdm", "bybit"),
            private=(self.journal, self.outbox, self.people),
            bot_username="honest_bot",
        )
        self.dispatcher, self.commands = front_desk(self.desk, self.role_of, commands, presses)

    def role_of(self, reader: int) -> Role:
        return ROLES.get(reader, Role.USER)

    def _begin(self) -> None:
        made = made_alert(9, candle_close=CLOSE)
        genesis = {"kind": "simulation", "public_key": self.signer.public_key}
        target = Outcome(
            kind=OutcomeKind.TARGET,
            filled_at=CLOSE + 12_500,
            fill_price=made.plan.entry,
            exit_at=CLOSE + 42_500,
            exit_price=made.plan.target,
            gross_r=Decimal(2),
            cost_r=Decimal("0.2"),
            net_r=Decimal("1.8"),
            worst_net_r=Decimal("1.8"),
            best_net_r=Decimal("1.8"),
        )
        bodies = (
            (EntryType.GENESIS, genesis),
            (EntryType.ALERT, alert_body(ALERT)),
            (EntryType.PUBLISHED, published_body(OPEN_ALERT, CLOSE + 2_500, "1", 1)),
            (EntryType.ALERT, alert_body(made)),
            (EntryType.PUBLISHED, published_body(ENDED_ALERT, CLOSE + 2_500, "2", 1)),
            (EntryType.OUTCOME, outcome_body(ENDED_ALERT, target)),
        )
        for kind, body in bodies:
            self.ledger.append([Draft(type=kind, ts=CLOSE, body=body)])

    def say(
        self, text: str, reader: int = ANN, kind: ChatKind = ChatKind.PRIVATE, **more: object
    ) -> list[Reply]:
        """What is answered to a message; a minute passes with each."""
        self.now += 60_000
        chat = reader if kind is ChatKind.PRIVATE else -500
        ask = Ask(reader=reader, chat=chat, text=text, now=self.now, kind=kind, **more)  # type: ignore[arg-type]
        return list(self.dispatcher.text(ask))

    def press(self, data: str, reader: int = ANN, kind: ChatKind = ChatKind.PRIVATE) -> list[Reply]:
        """What is answered to a pressed button."""
        self.now += 60_000
        chat = reader if kind is ChatKind.PRIVATE else -500
        ask = Ask(reader=reader, chat=chat, text=data, now=self.now, kind=kind)
        return list(self.dispatcher.press(ask))

    def text(self, text: str, reader: int = ANN) -> str:
        """The words of the only answer to a message."""
        (reply,) = self.say(text, reader)
        return reply.html

    def join(self, reader: int = ANN, equity: str = "500") -> None:
        """Somebody comes and tells the account."""
        self.say("/start", reader)
        self.press(f"answer:equity:{equity}", reader)

    def told(self, reader: int, shown: Shown, seq: int = OPEN_ALERT) -> None:
        """Let a reader have been sent an alert with a size."""
        self.outbox.put(f"alert:{seq}", PostKind.ALERT, "", [reader], self.now, 10**15)
        for row in self.outbox.claim(self.now, 100):
            sent = settle(row, Sent(message_id=77, at=self.now), self.now)
            self.outbox.settle([sent], {row.id: shown})


class _NoHistory:
    def __getattr__(self, name: str) -> object:
        raise AssertionError("no candles are asked for here")


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.keyboard for button in row]


def data(reply: Reply) -> dict[str, str]:
    """What the buttons of an answer say when they are pressed."""
    return {button.label: button.data for row in reply.keyboard for button in row if button.data}
