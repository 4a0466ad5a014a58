"""The page of the chats: what is served, and what a browser is told not to do with it."""

import asyncio
import re

import aiohttp
from fakes.sandbox_bot import Sandbox, png, sandbox

from signalbot.sandbox.bot_api.page import STATIC

ADDRESS = re.compile(r"(?:src|href)=\"([^\"]+)\"|from \"\./([^\"]+)\"")


def _run(act) -> None:
    async def run() -> None:
        async with sandbox() as box, aiohttp.ClientSession(box.server.url) as session:
            await act(box, session)

    asyncio.run(run())


def test_everything_the_page_refers_to_is_served_and_nothing_lies_elsewhere() -> None:
    async def act(box: Sandbox, session: aiohttp.ClientSession) -> None:
        todo, served = ["/"], set()
        while todo:
            path = todo.pop()
            async with session.get(path) as response:
                assert response.status == 200, path
                text = await response.text()
            served.add(path)
            found = {whole or f"/page/{module}" for whole, module in ADDRESS.findall(text)}
            todo += sorted(found - served - set(todo))
        assert {f"/page/{item.name}" for item in STATIC.iterdir()} - served == {"/page/index.html"}

    _run(act)


def test_a_browser_runs_nothing_but_the_pages_own_scripts() -> None:
    async def act(box: Sandbox, session: aiohttp.ClientSession) -> None:
        for path in ("/", "/page/main.js", "/page/layout.css"):
            async with session.get(path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
                assert "unsafe" not in policy
                assert "frame-ancestors 'none'" in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"

    _run(act)


def test_no_script_writes_text_as_html() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://\w"
    )
    for item in STATIC.iterdir():
        if item.name.endswith(".js"):
            text = item.read_text().replace("http://www.w3.org/2000/svg", "")
            assert not forbidden.search(text), item.name


def test_pictures_are_shown_and_documents_only_downloaded() -> None:
    async def act(box: Sandbox, session: aiohttp.ClientSession) -> None:
        ann = box.reader()
        photo = await box.bot.send_photo(ann.id, png())
        name = 'a";\r\n<b>é.html'
        page = await box.bot.send_document(ann.id, b"<script>alert(1)</script>", filename=name)
        async with session.get(f"/sim/file/{photo.photo[-1].file_id}") as response:
            assert (response.content_type, await response.read()) == ("image/png", png())
            assert "sandbox" in response.headers["Content-Security-Policy"]
        async with session.get(f"/sim/file/{page.document.file_id}") as response:
            assert response.content_type == "application/octet-stream"
            assert response.headers["Content-Disposition"].startswith(
                "attachment; filename*=UTF-8''a"
            )
            assert "sandbox" in response.headers["Content-Security-Policy"]

    _run(act)


def test_what_is_not_there_is_404_and_no_file_of_the_disk_is_reached() -> None:
    async def act(box: Sandbox, session: aiohttp.ClientSession) -> None:
        for path in (
            "/page/nothing.js",
            "/page/..%2fpage.py",
            "/page/__init__.py",
            "/sim/file/x",
            "/x",
        ):
            async with session.get(path) as response:
                assert response.status == 404, path

    _run(act)


def test_a_name_that_was_rebound_to_this_machine_gets_no_page() -> None:
    async def act(box: Sandbox, session: aiohttp.ClientSession) -> None:
        async with session.get("/", headers={"Host": "evil.example"}) as response:
            assert response.status == 403

    _run(act)
