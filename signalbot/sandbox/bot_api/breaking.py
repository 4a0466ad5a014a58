"""How an answer fails on the wire: another one comes, none, the half of it, or a reset."""

import json
import socket
import struct

from aiohttp import web

from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.faults import Fault, FaultKind

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Return what comes in place of an answer; where nothing comes, the connection is closed."""
    if fault.kind is FaultKind.REPLY:
        body = fault.body.encode(errors="replace")
        return web.Response(status=fault.status, body=body, content_type=fault.content_type)
    if request.transport is not None:
        if fault.kind is FaultKind.RESET:
            wire = request.transport.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        request.transport.abort()
    return web.Response()


async def half(request: web.Request, status: int, envelope: Json) -> web.StreamResponse:
    """Write one half of an answer that promises its whole length, then close the connection."""
    body = json.dumps(envelope).encode()
    headers = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
