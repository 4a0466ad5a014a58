"""The page that shows the chats, and the files in them; nothing in it comes from another host."""

from importlib.resources import files
from urllib.parse import quote

from aiohttp import web

from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.files import PHOTO
from signalbot.sandbox.bot_api.telegram import Telegram

STATIC = files("signalbot.sandbox.bot_api") / "static"
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SHUT = "default-src 'none'; sandbox"
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Page:
    """Serves the page at `/` and what people may see of the stored files."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._assets = {item.name: item.read_bytes() for item in STATIC.iterdir() if item.is_file()}

    def routes(self) -> list[web.RouteDef]:
        """Return every route of the page."""
        return [
            web.get("/", self._index),
            web.get("/page/{name}", self._asset),
            web.get("/sim/file/{file_id}", self._file),
        ]

    async def _index(self, request: web.Request) -> web.Response:
        return self._response("index.html")

    async def _asset(self, request: web.Request) -> web.Response:
        return self._response(request.match_info["name"])

    def _response(self, name: str) -> web.Response:
        kind = TYPES.get(name.rpartition(".")[2])
        if kind is None or name not in self._assets:
            return web.Response(status=404, text="there is no such page\n")
        headers = SAFE | {"Content-Security-Policy": POLICY}
        return web.Response(
            body=self._assets[name], content_type=kind, charset="utf-8", headers=headers
        )

    async def _file(self, request: web.Request) -> web.Response:
        try:
            file = self._telegram.files.find(request.match_info["file_id"])
        except Refused:
            return web.Response(status=404, text="this file is not stored any more\n")
        content = self._telegram.files.content(file)
        headers = SAFE | {"Content-Security-Policy": SHUT}
        if file.kind == PHOTO:
            return web.Response(body=content, content_type=file.mime_type, headers=headers)
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)
