"""Telegram by python-telegram-bot: its transport, what failures mean, its token kept secret."""
