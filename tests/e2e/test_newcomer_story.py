"""A newcomer's first hours with the bot, from /start to being forgotten, all of it over HTTP."""

import re
from pathlib import Path

import pytest
from e2e.running_bot import ADMIN, YOU, RunningBot, running_bot


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory):
    with running_bot(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def seq_of(text: str) -> int:
    found = re.search(r"^#(\d+) [0-9a-f]{8} <- [0-9a-f]{8}$", text, re.MULTILINE)
    assert found, text
    return int(found[1])


def test_the_whole_story(bot: RunningBot) -> None:
    bot.say("/start")
    bot.press("Binance USD-M")
    bot.press("500 USDT")
    bot.press("0.5 %")
    bot.press("3x")
    bot.hears("a stop may cost you 2.50 USDT")

    alert = bot.hears("\nPAPER · ")
    assert alert["method"] == "sendPhoto"
    assert alert["file_id"]
    first_line = alert["text"].split("\n")[0]
    assert re.fullmatch(r"(🟢 LONG|🔴 SHORT) \w+ [\d.]+ · stop [\d.]+ · target [\d.]+", first_line)
    loss = re.search(r"If stopped: -([\d.]+) USDT \(0\.\d\d %\)", alert["text"])
    assert loss
    assert 0 < float(loss[1]) <= 2.5
    seq = seq_of(alert["text"])

    channel = bot.channel("Signals (simulated)")
    public = bot.hears(f"\n#{seq} ", channel)
    assert "For 1,000 USDT" in public["text"]
    assert bot.hears("Entry Targets:", bot.channel("For programs"))

    bot.post("callback", user_id=YOU, label="Took it", message_id=alert["message_id"])
    bot.hears(f"#{seq} ")
    outcome = next_reply(bot, alert["message_id"])
    assert " R after costs" in outcome["text"] or "Void" in outcome["text"]

    bot.say("/stats")
    assert "Needed to break even" in bot.hears("Since 20")["text"]
    bot.say("/size mock 10 9.9")
    bot.hears("LONG MOCK 10.00 · stop 9.90")
    bot.say("/liq mock long 1.042 295 3x")
    bot.hears("Estimated liquidation")
    bot.say("/export")
    bot.hears("The whole public record")
    bot.until(lambda: sorted(kinds(bot)) == ["csv", "jsonl", "jsonl"], "the files")

    bot.say("/unsubscribe")
    bot.hears("You get no more alerts.")
    bot.say("/forgetme")
    bot.press("Delete everything")
    bot.until(lambda: any("/start begins anew" in text for text in bot.texts()), "the deletion")
    bot.say("/journal")
    bot.hears("Your journal is empty")


def kinds(bot: RunningBot) -> list[str]:
    files = [each["document"]["file_name"] for each in bot.chat(YOU) if each.get("document")]
    return [name.rpartition(".")[2] for name in files]


def next_reply(bot: RunningBot, message: int) -> dict:
    found: list[dict] = []

    def look() -> bool:
        found[:] = [each for each in bot.arrived(YOU, "sendMessage") if each["reply_to"] == message]
        return bool(found)

    bot.until(look, "the outcome")
    return found[0]


def test_a_stranger_is_told_to_start_first(bot: RunningBot) -> None:
    bot.say("/settings", ADMIN)

    assert "/start begins" in bot.hears("does not know you", ADMIN)["text"]


def test_an_admin_takes_a_pair_off_and_puts_it_in_again(bot: RunningBot) -> None:
    bot.say("/pairs remove mock", ADMIN)
    bot.hears("pair MOCK/USDT:USDT: as configured -> out", ADMIN)
    bot.press("Undo", ADMIN)
    bot.hears("out -> as configured", ADMIN)
    bot.say("/pairs add mock", ADMIN)
    bot.hears("pair MOCK/USDT:USDT: as configured -> in", ADMIN)
    bot.say("/health", ADMIN)
    bot.hears("OK\nRunning", ADMIN)
    bot.say("/pairs remove mock")
    bot.hears("That is no command of this bot")


def test_the_token_stands_in_no_line_of_the_log(bot: RunningBot, tmp_path: Path) -> None:
    # the sandbox draws its token at random; its shape must not appear anywhere
    log = next(Path(f"/proc/{bot.process.pid}/cwd").resolve().glob("bot.log")).read_text()

    assert not re.search(r"\d{9}:[\w-]{35}", log)
