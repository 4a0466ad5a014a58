"""The methods by which a bot receives: long polling, the webhook, and the answer to a press."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from signalbot.sandbox.bot_api.envelope import Json, bad_request, present
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.telegram import Telegram
from signalbot.sandbox.bot_api.updates import Webhook

MAX_LIMIT = 100
LONGEST_POLL_S = 50
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def get_updates(telegram: Telegram, parameters: Parameters) -> list[Json]:
    """Answer getUpdates, which may wait for the first update."""
    _remember_allowed(telegram, parameters)
    limit = parameters.number("limit") or MAX_LIMIT
    timeout = parameters.number("timeout") or 0
    return await telegram.updates.poll(
        parameters.number("offset") or 0,
        min(max(limit, 1), MAX_LIMIT),
        min(max(timeout, 0), LONGEST_POLL_S),
    )


def set_webhook(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer setWebhook; an empty address deletes it."""
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if url and not _is_loopback(url):
        raise bad_request("bad webhook: this server pushes to 127.0.0.1 only")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = parameters.number("max_connections") or 40
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    _remember_allowed(telegram, parameters)
    _drop(telegram, parameters)
    webhook = Webhook(url=url, secret=secret, max_connections=connections)
    telegram.updates.set_webhook(webhook if url else None)
    return True


def delete_webhook(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer deleteWebhook."""
    _drop(telegram, parameters)
    telegram.updates.set_webhook(None)
    return True


def get_webhook_info(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getWebhookInfo."""
    updates = telegram.updates
    failure = updates.failure
    return present(
        url=updates.webhook.url if updates.webhook else "",
        has_custom_certificate=False,
        pending_update_count=len(updates),
        max_connections=updates.webhook.max_connections if updates.webhook else None,
        allowed_updates=list(updates.allowed) or None,
        last_error_date=int(failure.at) if failure else None,
        last_error_message=failure.reason if failure else None,
    )


def answer_callback_query(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer answerCallbackQuery."""
    query = telegram.queries.answer(
        parameters.text("callback_query_id"), parameters.text("text"), parameters.flag("show_alert")
    )
    telegram.changes.mark(query.chat_id)
    return True


def be_quiet(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer logOut and close, which mean something to another server only."""
    return True


def _remember_allowed(telegram: Telegram, parameters: Parameters) -> None:
    if parameters.has("allowed_updates"):
        telegram.updates.allow([str(kind) for kind in parameters.items("allowed_updates")])


def _drop(telegram: Telegram, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        telegram.updates.drop()


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK


RECEIVING: dict[str, Callable[[Telegram, Parameters], object]] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "answerCallbackQuery": answer_callback_query,
    "logOut": be_quiet,
    "close": be_quiet,
}
