"""A local server that speaks Telegram's Bot API: chats, floods and faults without Telegram."""
