"""What keeps a local server to this machine: the address, a possible port, and who may ask."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from signalbot.errors import InputError

HOST = "127.0.0.1"
SHUTDOWN_S = 1.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def possible_port(port: int) -> int:
    """Return a port; 0 means any that is free.

    Raises
    ------
    InputError
        If it is out of range.
    """
    if not 0 <= port < 2**16:
        raise InputError("port", port, "0 to 65535")
    return port


def only_by_its_name(port: Callable[[], int]) -> Any:
    """Return the middleware that refuses whoever calls the server by another name.

    A name of a stranger that resolves to 127.0.0.1 must not reach it from a browser.
    """

    @web.middleware
    async def require_host(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host.lower() not in (f"{HOST}:{port()}", f"localhost:{port()}"):
            return web.Response(status=403, text="this server answers to 127.0.0.1 only\n")
        return await handler(request)

    return require_host
