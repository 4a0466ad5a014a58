"""The sandbox in a real browser, as wide as a phone, with the whole bot behind it."""

import asyncio
from pathlib import Path

import pytest
from e2e.running_bot import RunningBot, running_bot
from fakes.browser import CHROMIUM, Browser, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

BUTTON = "[data-testid=button][data-label={}]"
SAYS = "document.body?.innerText.includes({!r})"


async def tap(tab: Browser, label: str) -> None:
    await tab.click(f"[data-testid=button][data-label='{label}']")


async def write(tab: Browser, text: str) -> None:
    await tab.run("document.querySelector('[data-testid=input]').focus()")
    await tab.write(text)
    await tab.press_enter()


async def begin(tab: Browser, bot: RunningBot) -> None:
    """What a newcomer taps, until an alert with a picture is there."""
    await tab.open(bot.url)
    await tab.until(SAYS.format("the whole record is public"))
    await tab.click("[data-testid=closed]")
    for label in ("Binance USD-M", "500 USDT", "0.5 %", "3x"):
        await tab.until(f'document.querySelector("{BUTTON.format(repr(label))}")')
        await tab.run("new Promise(done => setTimeout(done, 300))")
        await tap(tab, label)
    await tab.until(SAYS.format("a stop may cost you 2.50 USDT"))
    await tab.until(
        "[...document.querySelectorAll('[data-testid=photo]')].some(i => i.naturalWidth)"
    )
    await tab.until(f'document.querySelector("{BUTTON.format(repr("Took it"))}")')


def test_a_newcomer_answers_by_taps_and_gets_an_alert_with_a_picture(tmp_path: Path) -> None:
    async def run() -> None:
        with running_bot(tmp_path) as bot:
            async with browser(tmp_path / "profile") as tab:
                await begin(tab, bot)
                await tap(tab, "Took it")
                await tab.until(SAYS.format("taken on paper"))
                await write(tab, "/proof")
                await tab.until(SAYS.format("each chained to the one before and signed"))
                assert tab.complaints == []
                width = await tab.run("document.documentElement.scrollWidth")
                assert width <= 390

    asyncio.run(run())
