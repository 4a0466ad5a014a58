"""A headless Chromium, driven over its debugging protocol."""

import asyncio
import base64
import itertools
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0")
PATIENCE_S = 90.0


class Browser:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.complaints: list[str] = []
        """What the page logged as an error, or a script failed with."""

    async def listen(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif message["method"] in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.complaints.append(json.dumps(message["params"]))

    async def tell(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        answer = self._answers[number]
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        message = await asyncio.wait_for(answer, PATIENCE_S)
        assert "error" not in message, message
        return message["result"]

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        told = await self.tell(
            "Runtime.evaluate", expression=script, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until an expression is true."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.run(f"Boolean({script})"):
                await asyncio.sleep(0.02)

    async def open(self, url: str, width: int = 390, height: int = 844) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        await self.tell("Emulation.setDeviceMetricsOverride", **metrics)
        await self.tell("Page.navigate", url=url)

    async def click(self, selector: str) -> None:
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.run(f"document.querySelector({json.dumps(selector)}).click()")

    async def picture(self) -> bytes:
        """What is seen, as PNG."""
        taken = await self.tell("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def write(self, text: str) -> None:
        """Type into whatever has the focus."""
        await self.tell("Input.insertText", text=text)

    async def press_enter(self) -> None:
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        await self.tell("Input.dispatchKeyEvent", type="keyDown", **key)


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Browser]:
    """Start a browser with an empty profile, and end it."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        *(CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        host = await _debugging_host(process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{host}/json") as response:
                tabs = await response.json()
            address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(address, max_msg_size=0) as socket:
                tab = Browser(socket)
                listening = asyncio.create_task(tab.listen())
                for domain in ("Page", "Runtime", "Log"):
                    await tab.tell(f"{domain}.enable")
                yield tab
                listening.cancel()
    finally:
        process.terminate()
        await process.communicate()


async def _debugging_host(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stderr:
            if found := re.search(rb"ws://([^/]+)/", line):
                return found[1].decode()
    raise AssertionError("the browser did not start")
