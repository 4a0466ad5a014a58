"""The page in a real browser, as wide as a phone, with a real bot behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fakes.browser import CHROMIUM, Browser, browser
from fakes.sandbox_bot import Sandbox, png, sandbox, until
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Update

from signalbot.sandbox.bot_api.chats import Kind

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

YOU, ADMIN = 1, 2
HOSTILE = '<img src=x onerror="document.title=1"> </script> javascript:alert(1)'


@asynccontextmanager
async def _at_the_page(profile: Path) -> AsyncIterator[tuple[Sandbox, Browser]]:
    async with sandbox() as box, browser(profile) as tab:
        directory = box.telegram.directory
        directory.add_person("You", YOU)
        directory.add_person("Admin", ADMIN)
        directory.add_chat(Kind.CHANNEL, "Record", username="the_record", members=(ADMIN, YOU))
        await tab.open(box.server.url)
        yield box, tab
        assert tab.complaints == []


def _run(profile: Path, act) -> None:
    async def run() -> None:
        async with _at_the_page(profile) as (box, tab):
            await act(box, tab)

    asyncio.run(run())


async def _next_update(box: Sandbox) -> Update:
    """The oldest update that was not seen yet."""
    await until(lambda: len(box.telegram.updates))
    (update,) = await box.bot.get_updates(limit=1)
    box.telegram.updates.confirm(update.update_id + 1)
    return update


def test_a_beginner_starts_writes_and_picks_a_command(tmp_path: Path) -> None:
    async def act(box: Sandbox, tab: Browser) -> None:
        await box.bot.set_my_description("It tells the truth.")
        await box.bot.set_my_commands([("size", "How much"), ("stats", "The record")])
        await tab.until(
            "document.querySelector('[data-testid=description]')?.innerText.includes('truth')"
        )
        await tab.click("[data-testid=closed]")
        assert (await _next_update(box)).message.text == "/start"
        await tab.until("document.querySelector('[data-testid=closed]').hidden")
        await tab.run("document.querySelector('[data-testid=input]').focus()")
        await tab.write("hello & <b>")
        await tab.press_enter()
        assert (await _next_update(box)).message.text == "hello & <b>"
        await tab.write("/st")
        await tab.click("[data-testid=command][data-command=stats]")
        assert (await _next_update(box)).message.text == "/stats"
        await tab.until("document.querySelectorAll('[data-testid=message]').length === 3")

    _run(tmp_path, act)


def test_buttons_call_copy_and_follow_links_into_the_sandbox(tmp_path: Path) -> None:
    async def act(box: Sandbox, tab: Browser) -> None:
        box.control.say(YOU, "/start")
        await _next_update(box)
        deep = f"https://t.me/{box.bot.username}?start=size_7"
        rows = [
            [InlineKeyboardButton("Taken", callback_data="t:1")],
            [InlineKeyboardButton("Copy", copy_text=CopyTextButton("1.0420"))],
            [InlineKeyboardButton("Size", url=deep)],
        ]
        text = f"<code>0.01</code> {HOSTILE.replace('<', '&lt;')}"
        await box.bot.send_message(YOU, text, "HTML", reply_markup=InlineKeyboardMarkup(rows))
        await tab.click("[data-testid=button][data-label=Taken]")
        query = (await _next_update(box)).callback_query
        assert (query.data, query.from_user.id) == ("t:1", YOU)
        await query.answer("Noted", show_alert=True)
        await tab.until("document.querySelector('[data-testid=alert]').open")
        assert (
            await tab.run("document.querySelector('[data-testid=alert-text]').innerText") == "Noted"
        )
        await tab.click("[data-testid=alert-ok]")
        await tab.until("!document.querySelector('[data-testid=alert]').open")
        await query.edit_message_reply_markup(InlineKeyboardMarkup(rows[1:]))
        await tab.until("!document.querySelector('[data-label=Taken]')")
        await tab.click("[data-testid=button][data-label=Size]")
        assert (await _next_update(box)).message.text == "/start size_7"
        assert HOSTILE in await tab.run("document.querySelector('[data-from=bot]').innerText")
        assert await tab.run("document.querySelectorAll('[data-testid=text] img').length") == 0
        assert await tab.run("document.title") == f"{box.bot.first_name} - sandbox"

    _run(tmp_path, act)


def test_pictures_documents_and_replies_are_shown_and_nothing_is_too_wide(tmp_path: Path) -> None:
    async def act(box: Sandbox, tab: Browser) -> None:
        box.control.say(YOU, "/start")
        photo = await box.bot.send_photo(YOU, png(900, 300), caption="W" * 300)
        await box.bot.send_document(YOU, b"a,b", filename="record.csv")
        await box.bot.send_message(YOU, "stopped", reply_to_message_id=photo.message_id)
        await tab.until("document.querySelector('[data-testid=photo]')?.naturalWidth === 900")
        await tab.until(
            "document.querySelector('[data-testid=document]')?.download === 'record.csv'"
        )
        await tab.until(
            "document.querySelector('[data-testid=quote]')?.innerText.includes('Photo')"
        )
        assert await tab.run("document.documentElement.scrollWidth") == 390
        assert await tab.run("document.querySelector('[data-testid=scroll]').scrollWidth") == 390

    _run(tmp_path, act)


def test_two_people_are_switched_and_each_has_own_chats(tmp_path: Path) -> None:
    async def act(box: Sandbox, tab: Browser) -> None:
        box.control.say(YOU, "/start")
        await tab.until("document.querySelector('[data-testid=message]')")
        await tab.click("[data-testid=back]")
        await box.bot.send_message("@the_record", "first post")
        await tab.until(
            "document.querySelector('[data-type=channel] [data-testid=unread]')?.innerText === '1'"
        )
        await tab.click("[data-testid=person][data-name=Admin]")
        await tab.until("document.querySelector('[data-testid=closed]')?.innerText === 'Start'")
        await tab.click("[data-testid=back]")
        await tab.click("[data-testid=chat][data-type=channel]")
        await tab.until(
            "document.querySelector('[data-testid=messages]').innerText.includes('first post')"
        )
        assert await tab.run("document.querySelector('[data-testid=composer]').hidden") is False
        await tab.click("[data-testid=back]")
        await tab.click("[data-testid=person][data-name=You]")
        await tab.click("[data-testid=block]")
        await tab.until("document.querySelector('[data-testid=closed]').innerText === 'Unblock'")
        await tab.click("[data-testid=closed]")
        await tab.until("document.querySelector('[data-testid=closed]').hidden")

    _run(tmp_path, act)
