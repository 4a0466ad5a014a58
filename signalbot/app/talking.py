"""The chat side of a live bot: its connection to Telegram, its commands, and its sender."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Engine
from telegram.error import TelegramError

from signalbot.app.clock import Clock
from signalbot.app.market_view import WorldView
from signalbot.app.public_record import StoredRecord
from signalbot.app.recorder import Recorder
from signalbot.app.world import World
from signalbot.chat.admin_desk import AdminDesk
from signalbot.chat.administration import Administration
from signalbot.chat.desk import ChatDesk
from signalbot.chat.front_desk import front_desk
from signalbot.config import VENUES, Settings
from signalbot.domain.subscriber import Role
from signalbot.record.signing import Signer
from signalbot.service.admin_ports import Health
from signalbot.service.membership import back, gone
from signalbot.storage.alerts import SqlAlerts
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.journal import SqlJournal
from signalbot.storage.leases import SqlLease
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces
from signalbot.telegram.bot import Talk, TelegramChat
from signalbot.telegram.connection import Address, Connection, Webhook, application_of
from signalbot.telegram.failures import failure_of
from signalbot.telegram.pacing import PAID, Pacer, Rate
from signalbot.telegram.sender import LEASE_MS, Desk, Sender

Run = Callable[..., Awaitable[Any]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the chat side is made of."""

    address: Address
    webhook: Webhook | None
    owners: Sequence[int]
    engine: Engine
    signer: Signer
    world: World
    pair_of: Callable[[str], int | None]
    clock: Clock
    settings: Settings


class Talking:
    """Connected to Telegram from `connect` on; begins to talk with `listen`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._application = application_of(parts.address)
        self.connection = Connection(self._application, parts.webhook)
        rate = PAID if parts.address.is_paid else Rate()
        self._pacer = Pacer(rate, asyncio.get_running_loop().time)
        self._log = SqlControlLog(parts.engine)

    @property
    def username(self) -> str:
        """The bot's name, without the @."""
        return str(self._application.bot.username)

    async def connect(self) -> None:
        """Ask Telegram who the bot is."""
        await self.connection.open()

    async def chat_of(self, name: str) -> tuple[int, str] | None:
        """Return number and title of a channel; None, with a line in the log, if there is none."""
        try:
            chat = await self._application.bot.get_chat(int(name) if name[0] == "-" else name)
        except TelegramError as error:
            said = failure_of(error).said
            _log.error("the channel %s cannot be used, is the bot its admin? %s", name, said)
            return None
        return chat.id, chat.title or ""

    def sender(self, recorder: Recorder, record: Run, accepted: Callable[[], None]) -> Sender:
        """Return the sender of the outbox."""
        parts = self._parts
        return Sender(
            Desk(
                bot=self._application.bot,
                outbox=SqlOutbox(parts.engine),
                lease=SqlLease(parts.engine),
                composer=recorder,
                pacer=self._pacer,
                owner=f"{os.getpid()}",
                clock=parts.clock.now,
                store=asyncio.to_thread,
                record=record,
                is_paid=parts.address.is_paid,
                lease_ms=round(LEASE_MS * parts.clock.speed),
                accepted=accepted,
            )
        )

    async def listen(self, health: Health) -> None:
        """Register the commands and begin to answer."""
        chat = self._chat(health)
        chat.install(self._application)
        admins = self._log.controls().with_role(Role.ADMIN)
        await chat.register(self._parts.owners, admins)
        await self.connection.listen()

    def _chat(self, health: Health) -> TelegramChat:
        engine = self._parts.engine
        people, places = SqlPeople(engine), SqlPlaces(engine)
        desk = self._desk()
        administration = Administration(self._admin_desk(desk, health))
        dispatcher, commands = front_desk(
            desk, self._role_of, administration.commands, administration.presses
        )
        talk = Talk(
            dispatcher=dispatcher,
            commands=commands,
            turn=self._pacer.turn,
            run=asyncio.to_thread,
            clock=self._parts.clock.now,
            gone=partial(gone, people, places),
            back=partial(back, people, places),
            moved=SqlOutbox(engine).moved,
        )
        return TelegramChat(self._application.bot, talk)

    def _desk(self) -> ChatDesk:
        parts = self._parts
        engine, world = parts.engine, parts.world
        people, journal, outbox = SqlPeople(engine), SqlJournal(engine), SqlOutbox(engine)
        return ChatDesk(
            people=people,
            journal=journal,
            alerts=SqlAlerts(engine),
            record=StoredRecord(
                engine=engine, signer=parts.signer, history=world.history, pair_of=parts.pair_of
            ),
            market=WorldView(world, parts.clock.now),
            outbox=outbox,
            places=SqlPlaces(engine),
            rules=lambda: self._log.controls().rules(parts.settings.rules),
            venues=VENUES,
            private=(journal, outbox, people),
            bot_username=self.username,
        )

    def _admin_desk(self, desk: ChatDesk, health: Health) -> AdminDesk:
        return AdminDesk(
            log=self._log,
            people=desk.people,
            health=health,
            outbox=desk.outbox,
            market=desk.market,
            alerts=desk.alerts,
            base=self._parts.settings.rules,
            owners=self._parts.owners,
        )

    def _role_of(self, reader: int) -> Role:
        if reader in self._parts.owners:
            return Role.OWNER
        return self._log.controls().role_of(reader)
