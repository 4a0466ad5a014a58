"""Telegram as this server plays it: one bot, its chats and everything that happened in them.

Time is a clock given by whoever builds it. Memory is bounded, so that it may run for days.
"""

import hmac
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.changes import Changes
from signalbot.sandbox.bot_api.chats import Person
from signalbot.sandbox.bot_api.directory import Directory
from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.faults import Faults
from signalbot.sandbox.bot_api.files import Files
from signalbot.sandbox.bot_api.flood import Flood, FloodRules
from signalbot.sandbox.bot_api.messages import Message, Transcript, message_wire
from signalbot.sandbox.bot_api.outbox import Arrival, Outbox
from signalbot.sandbox.bot_api.profile import Profile
from signalbot.sandbox.bot_api.queries import Queries
from signalbot.sandbox.bot_api.updates import Updates

TOKEN = re.compile(r"([0-9]{1,15}):[A-Za-z0-9_-]{3,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How much is remembered; the oldest goes first."""

    messages_per_chat: int = 1_000
    arrivals: int = 100_000
    updates: int = 10_000
    queries: int = 10_000
    file_bytes: int = 128 * 2**20


def empty(telegram: "Telegram") -> None:
    """Put nobody there."""


class Telegram:
    """Everything the server knows.

    Parameters
    ----------
    token : str
        `<id of the bot>:<secret>`, as Telegram gives them.
    clock : callable
        Gives Unix seconds.
    flood : FloodRules, optional
        Limits of sending, and the balance for paid messages.
    bot_name : tuple of two str, optional
        Name and @username of the bot.
    stage : callable, optional
        Puts people and chats there: at the beginning, and again after every reset.

    Raises
    ------
    InputError
        If the token has another form. It is not shown.
    """

    def __init__(
        self,
        token: str,
        clock: Callable[[], float],
        *,
        flood: FloodRules | None = None,
        memory: Memory | None = None,
        bot_name: tuple[str, str] = ("signalbot", "signalbot_sandbox_bot"),
        stage: Callable[["Telegram"], None] = empty,
    ) -> None:
        match = TOKEN.fullmatch(token)
        if match is None:
            raise InputError("token", "(not shown)", "digits, a colon and a secret")
        first_name, username = bot_name
        self.bot = Person(id=int(match[1]), first_name=first_name, username=username, is_bot=True)
        self.memory = memory or Memory()
        self.changes = Changes()
        self._token = token
        self._clock = clock
        self._flood_rules = flood or FloodRules()
        self._stage = stage
        self._latest = 0.0
        self._build()

    def _build(self) -> None:
        self.directory = Directory(self.bot)
        self.files = Files(self.memory.file_bytes)
        self.updates = Updates(self.memory.updates)
        self.flood = Flood(self._flood_rules, self.now)
        self.faults = Faults()
        self.queries = Queries(self.memory.queries, self.now)
        self.profile = Profile()
        self.outbox = Outbox(self.memory.arrivals)
        self.calls: Counter[tuple[str, int]] = Counter()  # by method in lower case and status
        self._transcripts: dict[int, Transcript] = {}
        self._actions: dict[int, tuple[str, float]] = {}
        self._stage(self)

    def reset(self) -> None:
        """Forget everything and begin anew, with the settings it was built with."""
        self.updates.close()
        self._build()
        self.changes.mark_all()

    def now(self) -> float:
        """Return Unix seconds, never less than before."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    def is_token(self, token: str) -> bool:
        """Whether this is the bot's token."""
        return hmac.compare_digest(token.encode(errors="replace"), self._token.encode())

    def transcript(self, chat_id: int) -> Transcript:
        """Return the messages of a chat."""
        if chat_id not in self._transcripts:
            self._transcripts[chat_id] = Transcript(self.memory.messages_per_chat)
        return self._transcripts[chat_id]

    def put(self, message: Message) -> None:
        """Store a message in its chat, or an edited one in the place of the old."""
        self.transcript(message.chat_id).put(message)
        self.changes.mark(message.chat_id)

    def arrived(self, method: str, message: Message) -> None:
        """Append a call of the bot that was accepted to the outbox; its action is over."""
        self._actions.pop(message.chat_id, None)
        arrival = Arrival(
            seq=self.outbox.next_seq(),
            at=self.now(),
            method=method,
            chat_id=message.chat_id,
            message_id=message.message_id,
            text=message.text.text,
            file_id=message.file.file_id if message.file else None,
            reply_to=message.reply_to,
            thread_id=message.thread_id,
        )
        self.outbox.add(arrival)

    def wire(self, message: Message) -> Json:
        """Return a message as the Bot API shows it, with the one it replies to."""
        quoted = self.transcript(message.chat_id).get(message.reply_to)
        return message_wire(message, self.directory, quoted)

    def act(self, chat_id: int, action: str) -> None:
        """Show for five seconds what the bot is doing, such as `typing`."""
        self._actions[chat_id] = action, self.now() + 5
        self.changes.mark(chat_id)

    def action(self, chat_id: int) -> str | None:
        """Return what the bot is doing in a chat just now."""
        return self._actions[chat_id][0] if self.action_for(chat_id) else None

    def action_for(self, chat_id: int) -> float:
        """Return for how many seconds more the bot is doing it; 0 where it does nothing."""
        _, until = self._actions.get(chat_id, ("", 0.0))
        return max(until - self.now(), 0.0)
