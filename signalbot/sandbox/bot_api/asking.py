"""The methods that ask: who the bot is, what a chat is, who is in it, where a file lies."""

from collections.abc import Callable

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.chats import Chat, Standing
from signalbot.sandbox.bot_api.envelope import Json, bad_request, present
from signalbot.sandbox.bot_api.membership import member_wire
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.telegram import Telegram

MAX_DOWNLOAD = 20 * 2**20  # bytes
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
ABILITIES = ("can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business")


def get_me(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getMe."""
    cannot = dict.fromkeys((*ABILITIES, "has_main_web_app"), False)
    return telegram.bot.wire() | {"can_join_groups": True} | cannot


def get_chat(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getChat."""
    chat = _readable(telegram, parameters)
    pinned = telegram.transcript(chat.id)
    message = pinned.get(pinned.pinned)
    return chat.wire() | present(
        accent_color_id=0,
        max_reaction_count=11,
        accepted_gift_types=dict.fromkeys((*GIFTS, "gifts_from_channels"), False),
        pinned_message=telegram.wire(message) if message else None,
    )


def get_chat_member(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getChatMember."""
    chat = _readable(telegram, parameters)
    try:
        return member_wire(telegram.directory, chat, parameters.number("user_id") or 0)
    except InputError:
        raise bad_request("user not found") from None


def get_chat_member_count(telegram: Telegram, parameters: Parameters) -> int:
    """Answer getChatMemberCount: the people and the bot."""
    return len(_readable(telegram, parameters).members) + 1


def get_file(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getFile: the path that the file is fetched by."""
    file = telegram.files.find(parameters.text("file_id"))
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    shown = file.wire()
    names = ("file_id", "file_unique_id", "file_size")
    return {name: shown[name] for name in names} | {"file_path": file.path}


def _readable(telegram: Telegram, parameters: Parameters) -> Chat:
    # Who blocked the bot can still be looked up; a group that it was thrown out of cannot.
    chat = telegram.directory.find(parameters.text("chat_id"))
    if chat.standing is Standing.NEVER_STARTED:
        raise bad_request("chat not found")
    if chat.standing in (Standing.KICKED, Standing.MIGRATED):
        chat.require_writable()
    return chat


ASKING: dict[str, Callable[[Telegram, Parameters], object]] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getFile": get_file,
}
