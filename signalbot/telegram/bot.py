"""The bot in Telegram: takes updates, asks the dispatcher off the loop, sends its answers.

Updates of different chats are worked at the same time, those of one chat in their order.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    Update,
)
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.command import Command, Scope
from signalbot.chat.dispatch import Dispatcher
from signalbot.rendering.onboarding_texts import DESCRIPTION, SHORT_DESCRIPTION
from signalbot.rendering.reply import Reply
from signalbot.telegram.answering import Answerer, Turn
from signalbot.telegram.asking import member_of, press_of, text_of
from signalbot.telegram.failures import failure_of
from signalbot.telegram.in_order import InOrder

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
MOST_LISTED = 100
AT_ONCE = 32
"""Chats that are worked at the same time."""
_GROUP_COMMANDS = ("/subscribe", "/unsubscribe")
_RUNS_A_GROUP = frozenset({ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER})
_IS_THERE = frozenset(
    {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the bot talks with.

    Attributes
    ----------
    run : callable
        Runs a function in a thread.
    clock : callable
        Time in ms UTC.
    gone, back, moved : callable
        Told of chats that cannot be reached any more, can be again, or have another number now.
    """

    dispatcher: Dispatcher
    commands: Sequence[Command]
    turn: Turn
    run: Callable[..., Awaitable[Any]]
    clock: Callable[[], int]
    gone: Callable[[int], None]
    back: Callable[[int], None]
    moved: Callable[[int, int], None]


class TelegramChat:
    """Handlers of python-telegram-bot around a dispatcher."""

    def __init__(self, bot: Bot, talk: Talk) -> None:
        self._bot = bot
        self._talk = talk
        self._answerer = Answerer(bot, talk.turn)
        self._order = InOrder(AT_ONCE)

    def handlers(self) -> list[BaseHandler[Update, Any, None]]:
        """Return what takes the updates; none holds up the next, the chats' order is kept here."""
        new = filters.UpdateType.MESSAGE
        return [
            MessageHandler(new & filters.StatusUpdate.MIGRATE, self._on_move, block=False),
            MessageHandler(new & filters.TEXT, self._on_text, block=False),
            CallbackQueryHandler(self._on_press, block=False),
            ChatMemberHandler(self._on_member, ChatMemberHandler.MY_CHAT_MEMBER, block=False),
        ]

    def install(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Put the handlers in place, and one for what goes wrong in them."""
        application.add_handlers(self.handlers())
        application.add_error_handler(_on_error)

    async def register(self, owners: Sequence[int], admins: Sequence[int] = ()) -> None:
        """Tell Telegram what the bot is, and its commands in each kind of chat and for who runs it.

        A refusal is logged: the commands work without being listed.
        """
        listed = [each for each in self._talk.commands if Scope.HIDDEN not in each.scope]
        private = [each for each in listed if Scope.PRIVATE in each.scope]
        group = [each for each in listed if Scope.GROUP in each.scope]
        of_owners = [each for each in listed if Scope.ADMIN in each.scope]
        of_admins = [each for each in of_owners if Scope.OWNER not in each.scope]
        scopes: list[tuple[Any, Sequence[Command]]] = [
            (BotCommandScopeAllPrivateChats(), private),
            (BotCommandScopeAllGroupChats(), group),
            *((BotCommandScopeChat(admin), [*of_admins, *private]) for admin in admins),
            *((BotCommandScopeChat(owner), [*of_owners, *private]) for owner in owners),
        ]
        calls = [
            partial(
                self._bot.set_my_commands,
                [BotCommand(each.name, each.summary) for each in commands][:MOST_LISTED],
                scope=scope,
            )
            for scope, commands in scopes
        ]
        calls.append(partial(self._bot.set_my_description, DESCRIPTION))
        calls.append(partial(self._bot.set_my_short_description, SHORT_DESCRIPTION))
        for call in calls:
            try:
                await call()
            except TelegramError as error:
                _log.warning("the bot could not introduce itself: %s", failure_of(error).said)

    async def _on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        ask = text_of(update, self._talk.clock())
        if ask is None or self._order.is_full(ask.chat):
            return
        async with self._order.turn_of(ask.chat):
            if not context.application.running:  # it stops: what waits in line is left
                return
            ask = await self._with_rights(ask)
            for reply in await self._talk.run(self._talk.dispatcher.text, ask):
                await self._answerer.answer(ask, reply)

    async def _on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        ask = press_of(query, self._talk.clock())
        if ask is None or self._order.is_full(ask.chat):
            await self._close(query.id, None)
            return
        async with self._order.turn_of(ask.chat):
            if not context.application.running:
                await self._close(query.id, None)
                return
            replies: Sequence[Reply] = await self._talk.run(self._talk.dispatcher.press, ask)
            toast = next((each.toast for each in replies if each.toast), None)
            await self._close(query.id, toast)
            pressed = query.message.message_id if isinstance(query.message, Message) else None
            for reply in replies:
                await self._answerer.answer(ask, reply, pressed)

    async def _close(self, query: str, toast: str | None) -> None:
        try:
            await self._bot.answer_callback_query(query, text=toast)
        except TelegramError as error:  # too old: nobody waits for it any more
            _log.info("a button was answered too late: %s", failure_of(error).said)

    async def _on_member(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        changed: ChatMemberUpdated | None = update.my_chat_member
        if changed is None:
            return
        chat, is_there = changed.chat.id, _is_there(changed.new_chat_member)
        ask = None if _is_there(changed.old_chat_member) else member_of(changed, self._talk.clock())
        async with self._order.turn_of(chat):
            await self._talk.run(self._talk.back if is_there else self._talk.gone, chat)
            if ask is None or not is_there:
                return
            for reply in await self._talk.run(self._talk.dispatcher.added, ask):
                await self._answerer.answer(ask, reply)

    async def _on_move(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is not None and message.migrate_to_chat_id is not None:
            old, new = message.chat.id, message.migrate_to_chat_id
            async with self._order.turn_of(old):
                await self._talk.run(self._talk.moved, old, new)

    async def _with_rights(self, ask: Ask) -> Ask:
        if ask.is_group_admin or ask.kind is not ChatKind.GROUP:
            return ask
        if not ask.text.lower().startswith(_GROUP_COMMANDS):
            return ask
        try:
            member = await self._bot.get_chat_member(ask.chat, ask.reader)
        except TelegramError as error:
            _log.warning("the rights in a group are not known: %s", failure_of(error).said)
            return ask
        return ask.with_rights(is_group_admin=member.status in _RUNS_A_GROUP)


def _is_there(member: ChatMember) -> bool:
    return member.status in _IS_THERE


async def _on_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    # without the update: no word of a reader gets into a log
    error = context.error
    if isinstance(error, TelegramError):
        _log.warning("an update was not worked: %s", failure_of(error).said)
    else:
        _log.error("an update was not worked", exc_info=error)
