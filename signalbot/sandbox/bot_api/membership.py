"""Who is what in a chat: the ChatMember of a person or of the bot."""

from signalbot.sandbox.bot_api.chats import Chat, Kind, Standing
from signalbot.sandbox.bot_api.directory import Directory
from signalbot.sandbox.bot_api.envelope import Json

RIGHTS = (
    *("can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "is_anonymous"),
)


def member_wire(directory: Directory, chat: Chat, user_id: int) -> Json:
    """Return the ChatMember of somebody who exists; whoever is named first in a group owns it."""
    user = directory.person(user_id).wire()
    if user_id == directory.bot.id:
        return _bot_status(chat) | {"user": user}
    if user_id not in chat.members:
        return {"status": "left", "user": user}
    if not chat.is_private and user_id == chat.members[0]:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}


def _bot_status(chat: Chat) -> Json:
    if chat.standing in (Standing.BLOCKED, Standing.KICKED):
        return {"status": "kicked", "until_date": 0}
    if chat.standing in (Standing.NEVER_STARTED, Standing.DEACTIVATED, Standing.MIGRATED):
        return {"status": "left"}
    if chat.kind is Kind.CHANNEL:
        posting = {"can_post_messages": True, "can_edit_messages": True}
        return {"status": "administrator", **dict.fromkeys(RIGHTS, False), **posting}
    return {"status": "member"}
