"""The webhook: updates pushed one by one, each until it is taken or was tried often enough."""

import asyncio
from collections.abc import Sequence

import aiohttp

from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.telegram import Telegram
from signalbot.sandbox.bot_api.updates import PushFailure, Updates, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
RETRY_AFTER_S = (0.5, 1.0, 2.0, 4.0, 8.0)
TIMEOUT_S = 10.0


class Pushing:
    """Feeds the webhook of a bot, as long as one is set.

    Parameters
    ----------
    retry_after_s : sequence of float
        Pauses between the attempts; after the last one the update is given up.
    """

    def __init__(self, telegram: Telegram, retry_after_s: Sequence[float] = RETRY_AFTER_S) -> None:
        self._telegram = telegram
        self._retry_after_s = retry_after_s

    async def run(self) -> None:
        """Push until cancelled."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                updates = self._telegram.updates
                webhook, update = updates.webhook, updates.first()
                if webhook is None or update is None:
                    await updates.wait()
                else:
                    await self._push(session, updates, update)

    async def _push(self, session: aiohttp.ClientSession, updates: Updates, update: Json) -> None:
        webhook = updates.webhook
        for pause in (*self._retry_after_s, 0.0):
            if webhook is None or updates.webhook is not webhook:
                return
            reason = await _refusal(session, webhook, update)
            if reason is None:
                break
            updates.failure = PushFailure(at=self._telegram.now(), reason=reason)
            await asyncio.sleep(pause)
        if updates.webhook is webhook:
            updates.confirm(update["update_id"] + 1)


async def _refusal(session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> str | None:
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    try:
        async with session.post(
            webhook.url, json=update, headers=headers, allow_redirects=False
        ) as response:
            taken = 200 <= response.status < 300
            return None if taken else f"Wrong response from the webhook: {response.status}"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return "Connection failed"
