"""The way to Telegram: an application of python-telegram-bot, by polling or by a webhook."""

import asyncio
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler
from telegram.request import BaseRequest, HTTPXRequest

from signalbot.domain.delivery import Meaning
from signalbot.errors import InputError, UnavailableError
from signalbot.telegram.aiohttp_request import AiohttpRequest
from signalbot.telegram.bot import ALLOWED_UPDATES, AT_ONCE
from signalbot.telegram.failures import failure_of
from signalbot.telegram.sender import FREE_IN_FLIGHT

READ_S, CONNECT_S, POOL_S = 10.0, 5.0, 30.0
UPLOAD_S = 30.0
ANOTHER_POLLER = (
    "another program takes the updates of this bot (409): stop it, or give one of the two another"
    " token; alerts are sent, but commands are not answered"
)
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_MOST_BYTES = 1 << 20
_log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where Telegram is, and who the bot is there; the token is never shown."""

    token: str
    api_url: str
    is_paid: bool = False

    def __repr__(self) -> str:
        return f"Address(api_url={self.api_url!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram delivers updates: its address there, the port here, and the shared secret."""

    url: str
    port: int
    secret: str
    host: str = "0.0.0.0"  # noqa: S104 - a reverse proxy or the platform stands before it

    def __repr__(self) -> str:
        return f"Webhook(url={self.url!r}, port={self.port})"


def application_of(address: Address) -> App:
    """Return an application that is not connected yet."""
    calls: BaseRequest
    if address.is_paid:
        calls = AiohttpRequest(read_timeout_s=READ_S)
    else:
        calls = HTTPXRequest(
            connection_pool_size=FREE_IN_FLIGHT + AT_ONCE,
            read_timeout=READ_S,
            connect_timeout=CONNECT_S,
            pool_timeout=POOL_S,
            media_write_timeout=UPLOAD_S,
        )
    polling = HTTPXRequest(connection_pool_size=2, connect_timeout=CONNECT_S, pool_timeout=POOL_S)
    builder = ApplicationBuilder().token(address.token)
    builder = builder.base_url(f"{address.api_url}/bot").base_file_url(
        f"{address.api_url}/file/bot"
    )
    builder = builder.request(calls).get_updates_request(polling)
    return builder.concurrent_updates(AT_ONCE).job_queue(None).build()


class Connection:
    """Takes updates until it is closed.

    Attributes
    ----------
    trouble : str or None
        Why no updates come; None while they do.
    """

    def __init__(self, application: App, webhook: Webhook | None = None) -> None:
        self._application = application
        self._webhook = webhook
        self._runner: web.AppRunner | None = None
        self.trouble: str | None = None

    async def open(self) -> None:
        """Ask Telegram who the bot is; a wrong token is refused, everything else is waited out.

        Raises
        ------
        InputError
            If the token is not valid.
        """
        pause = 1.0
        while True:
            try:
                await self._application.initialize()
            except TelegramError as error:
                failure = failure_of(error)
                if failure.meaning is Meaning.WRONG_TOKEN:
                    await self._application.bot.request.shutdown()
                    allowed = "the token that @BotFather gave"
                    raise InputError("TELEGRAM_BOT_TOKEN", "refused by Telegram", allowed) from None
                self.trouble = failure.said
                _log.warning("Telegram does not answer yet: %s", failure.said)
                await asyncio.sleep(pause)
                pause = min(2 * pause, 60.0)
            else:
                self.trouble = None
                return

    async def listen(self) -> None:
        """Begin to take updates.

        Raises
        ------
        UnavailableError
            If the port of the webhook is taken.
        """
        self._application.add_handler(TypeHandler(Update, self._heard), group=-1)
        await self._application.start()
        if self._webhook is not None:
            await self._receive(self._webhook)
            return
        updater = self._application.updater
        if updater is not None:
            await updater.start_polling(
                allowed_updates=ALLOWED_UPDATES, error_callback=self._polling_failed
            )

    async def close(self) -> None:
        """Take no more updates, and finish those that are being worked."""
        updater = self._application.updater
        if updater is not None and updater.running:
            await updater.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._application.running:
            await self._application.stop()

    async def shut(self) -> None:
        """Close the connections to Telegram."""
        await self._application.shutdown()

    def _polling_failed(self, error: TelegramError) -> None:
        failure = failure_of(error)
        is_other = failure.meaning is Meaning.ANOTHER_POLLER
        said = ANOTHER_POLLER if is_other else failure.said
        if said != self.trouble:  # once, not with every try
            _log.error("no updates: %s", said)
        self.trouble = said

    async def _heard(self, _: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
        self.trouble = None  # an update came: whatever was wrong is over

    async def _receive(self, webhook: Webhook) -> None:
        await self._application.bot.set_webhook(
            webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES
        )
        receiver = web.Application(client_max_size=_MOST_BYTES)
        path = urlsplit(webhook.url).path or "/"
        receiver.router.add_post(path, _taking(self._application, webhook.secret))
        self._runner = web.AppRunner(receiver, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, webhook.host, webhook.port).start()
        except OSError as error:
            raise UnavailableError(f"port {webhook.port} is not free") from error


def _taking(application: App, secret: str) -> Callable[[web.Request], Any]:
    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), application.bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            return web.Response(status=400)
        await application.update_queue.put(update)
        return web.Response()

    return take
