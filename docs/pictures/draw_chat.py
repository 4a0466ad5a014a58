"""Draw the sandbox as a phone shows it: a newcomer's first alert. Needs Chromium."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1] / "tests"))

from e2e.running_bot import running_bot  # noqa: E402 - the tests drive the bot the same way
from e2e.test_page_story import begin  # noqa: E402
from fakes.browser import browser  # noqa: E402

ALERT = (
    "[...document.querySelectorAll('[data-testid=message]')].findLast(each =>"
    " each.querySelector('[data-testid=photo]')).scrollIntoView({block: 'start'})"
)


async def main() -> None:
    """Run the bot on a market whose first alert comes soon, and save what is seen."""
    with TemporaryDirectory() as folder, running_bot(Path(folder)) as bot:
        async with browser(Path(folder) / "profile") as tab:
            await begin(tab, bot)
            await tab.run(ALERT)
            await tab.run("new Promise(done => setTimeout(done, 500))")
            (FOLDER / "chat.png").write_bytes(await tab.picture())


if __name__ == "__main__":
    asyncio.run(main())
