import html
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.own_trades import STOP, followed, recorded, skipped

from signalbot.rendering.journal_texts import (
    forget_text,
    journal_text,
    mark_text,
    undo_text,
)

GOLDEN = Path(__file__).parents[2] / "golden"
JOURNAL = [
    followed(recorded(1184), "1.0005", "1.0200", quantity="400"),
    followed(recorded(1190, 90, ledger_r=STOP), "1.0000", quantity="438", on_paper=False),
    skipped(recorded(1199, 180)),
    followed(recorded(1201, 270, ledger_r=None)),
]
CLOSED, OPEN, SKIPPED, MARKED = JOURNAL


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("journal_empty", journal_text([])),
        ("journal_list", journal_text(JOURNAL)),
        ("journal_taken", mark_text(MARKED.entry, MARKED.recorded)),
        ("journal_skipped", mark_text(SKIPPED.entry, SKIPPED.recorded)),
        ("journal_fill", mark_text(OPEN.entry, OPEN.recorded)),
        ("journal_exit", mark_text(CLOSED.entry, CLOSED.recorded)),
        ("journal_undo", undo_text(CLOSED.recorded, was_marked=True)),
        ("journal_undo_nothing", undo_text(CLOSED.recorded, was_marked=False)),
        ("journal_forget", forget_text(34)),
    ],
)
def test_every_answer_reads_as_it_should(name: str, text: str) -> None:
    assert text == (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


def test_forgetting_counts_in_plain_words() -> None:
    assert forget_text(1).startswith("1 entry is deleted from your journal")
    assert forget_text(0).startswith("No entries were there, nothing is deleted")


def test_a_long_journal_shows_the_newest_and_counts_the_rest() -> None:
    name = "A" * 30 + "/USDT:USDT"
    trades = [
        followed(recorded(n, n * 90, symbol=name), "1.0000", "0.9900", quantity="123456.123456789")
        for n in range(1, 200)
    ]

    text = journal_text(trades)

    assert text.splitlines()[0] == "Your journal: 199 entries, newest first"
    assert text.splitlines()[1].startswith("#199 ")
    assert text.splitlines()[-1] == "... and 179 older"
    assert len(html.unescape(text).encode("utf-16-le")) // 2 <= 4096


def test_one_entry_is_one_entry() -> None:
    assert journal_text(JOURNAL[:1]).startswith("Your journal: 1 entry\n")


def test_a_hostile_symbol_is_escaped() -> None:
    evil = recorded(7, symbol="<b>&/USDT:USDT")
    entry = replace(MARKED.entry, alert_seq=7)

    assert "&lt;b&gt;&amp;" in mark_text(entry, evil)
    assert "<b>" not in journal_text([replace(MARKED, entry=entry, recorded=evil)])
    assert "<b>" not in undo_text(evil, was_marked=True)
