"""Golden texts of what a reader is asked, has set, and agrees to."""

import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.worked_alert import CLOSE
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.onboarding import Step, offered
from signalbot.domain.subscriber import PAPER_ALERTS, QuietHours, Subscriber
from signalbot.domain.timeframe import DAY_MS, HOUR_MS
from signalbot.errors import InputError
from signalbot.rendering.consent_texts import (
    FORGET_LABEL,
    KEEP_LABEL,
    REAL_SIZES_LABEL,
    REAL_SIZES_SENTENCE,
    forget_question,
    forgotten_text,
    privacy_text,
    real_sizes_question,
    real_sizes_text,
)
from signalbot.rendering.onboarding_texts import (
    SKIP_LABEL,
    choice_label,
    finished_text,
    question_text,
    welcome_text,
)
from signalbot.rendering.settings_texts import (
    mutes_text,
    pause_text,
    quiet_text,
    refused_text,
    settings_text,
    subscription_text,
    zone_text,
)
from signalbot.service.reader_words import account_from

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 4096
NEW = Subscriber(reader=7_000_000_001, joined_at=CLOSE)
TOLD = replace(
    NEW,
    venue="binanceusdm",
    equity=Decimal(500),
    leverage=Decimal(10),
    zone="Europe/Berlin",
    quiet=QuietHours(since=1320, until=425),
    muted_coins=frozenset({"TOY", "LAYER", "<b>"}),
    muted_setups=frozenset({"range_breakout"}),
    alerts_received=9,
    real_since=CLOSE,
)
FULL = replace(
    TOLD,
    equity=Decimal(1_000_000),
    zone="America/Argentina/ComodRivadavia",
    muted_coins=frozenset(f"币安人生币安人生币安人生币安{n}" for n in range(100, 299)),
)
TEXTS = {
    "start_welcome": welcome_text(),
    "start_venue": question_text(Step.VENUE, NEW),
    "start_equity": question_text(Step.EQUITY, NEW),
    "start_risk": question_text(Step.RISK, NEW),
    "start_leverage": question_text(Step.LEVERAGE, NEW),
    "start_again": "\n".join(question_text(step, TOLD) for step in Step),
    "start_finished": finished_text(replace(NEW, equity=Decimal(500))),
    "start_finished_untold": finished_text(NEW),
    "start_finished_high_leverage": finished_text(TOLD),
    "settings_new": settings_text(NEW, CLOSE),
    "settings_told": settings_text(TOLD, CLOSE),
    "settings_full": settings_text(FULL, CLOSE),
    "real_sizes_question": real_sizes_question(),
    "privacy": privacy_text(),
    "forget_question": forget_question(),
    "forgotten": forgotten_text(34),
}
OTHERS = [
    subscription_text(TOLD),
    subscription_text(replace(TOLD, subscribed=False)),
    pause_text(TOLD),
    pause_text(replace(TOLD, paused_until=CLOSE + DAY_MS)),
    quiet_text(TOLD),
    quiet_text(NEW),
    zone_text(TOLD, CLOSE),
    mutes_text(FULL),
    real_sizes_text(TOLD),
]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_as_the_golden_one(name: str) -> None:
    assert TEXTS[name] == (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


@pytest.mark.parametrize("text", [*TEXTS.values(), *OTHERS])
def test_a_text_is_calm_plain_and_fits(text: str) -> None:
    shown = html.unescape(re.sub("</?(b|code)>", "", text))

    assert len(shown.encode("utf-16-le")) // 2 <= LIMIT
    assert "!" not in shown
    assert "<" not in re.sub("</?(b|code)>", "", text)


def test_the_sentence_says_what_is_known() -> None:
    assert "tried on months of real market data" in REAL_SIZES_SENTENCE
    assert "did not beat their costs" in REAL_SIZES_SENTENCE
    assert REAL_SIZES_SENTENCE in real_sizes_question()


def test_every_offered_answer_has_a_short_label() -> None:
    venues = ("binanceusdm", "simulated", "newvenue")
    labels = {step: [choice_label(step, each) for each in offered(step, venues)] for step in Step}

    assert labels[Step.VENUE] == ["Binance USD-M", "simulated market", "newvenue"]
    assert labels[Step.EQUITY][3] == "500 USDT"
    assert labels[Step.RISK] == ["0.25 %", "0.5 %", "1 %"]
    assert labels[Step.LEVERAGE] == ["1x", "2x", "3x", "5x"]
    every = [label for each in labels.values() for label in each]
    every += [SKIP_LABEL, FORGET_LABEL, KEEP_LABEL, REAL_SIZES_LABEL]
    assert max(map(len, every)) <= 30


def test_the_state_of_alerts_is_told() -> None:
    def first(subscriber: Subscriber) -> str:
        return settings_text(subscriber, CLOSE).split("\n")[0]

    assert first(NEW) == "Alerts: subscribed, 0 received"
    assert first(replace(NEW, subscribed=False)) == "Alerts: not subscribed"
    assert first(replace(NEW, paused_until=CLOSE)) == "Alerts: subscribed, 0 received"
    paused = replace(TOLD, paused_until=CLOSE + 8 * HOUR_MS)
    assert first(paused) == "Alerts: paused until 5 May 00:32 CEST"


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (0, "real after 10 more alerts, PAPER until then"),
        (9, "real after 1 more alert, PAPER until then"),
        (PAPER_ALERTS, "real\n"),
    ],
)
def test_when_sizes_are_real_is_told(received: int, said: str) -> None:
    assert f"\nSizes: {said}" in settings_text(replace(TOLD, alerts_received=received), CLOSE)


def test_the_answer_to_real_sizes_counts_what_is_left() -> None:
    left = [real_sizes_text(replace(TOLD, alerts_received=n)) for n in (0, 9, 10)]

    assert left[0].startswith("Noted. Your next 10 alerts stay on paper;")
    assert left[1].startswith("Noted. Your next 1 alert stays on paper;")
    assert left[2].startswith("Sizes are no longer marked PAPER.")
    assert real_sizes_text(NEW).startswith("Sizes are marked PAPER.")


def test_a_pause_says_until_when_by_the_readers_clock() -> None:
    paused = replace(TOLD, paused_until=CLOSE + DAY_MS)

    assert pause_text(paused).startswith("No alerts until 5 May 16:32 CEST. What is published")
    assert pause_text(TOLD) == "No pause. Alerts come as they are published."


def test_quiet_hours_say_whose_clock_they_follow() -> None:
    assert quiet_text(TOLD).startswith("Quiet from 22:00 to 07:05 (Europe/Berlin).")
    assert quiet_text(TOLD).endswith("it is in the record.")
    assert quiet_text(replace(TOLD, zone="UTC")).endswith(
        "If that is not your clock, set it in /settings."
    )
    assert quiet_text(NEW).startswith("No quiet hours.")


def test_a_zone_is_answered_with_its_time() -> None:
    assert zone_text(TOLD, CLOSE).startswith("Your clock: Europe/Berlin, it is 16:32 CEST.")


def test_mutes_are_listed_and_a_long_list_is_cut() -> None:
    assert mutes_text(TOLD).startswith(
        "Muted coins: &lt;b&gt;, LAYER, TOY\nMuted setups: Range breakout\n"
    )
    assert " and 169 more\n" in mutes_text(FULL)
    assert mutes_text(NEW).startswith("Muted coins: none\nMuted setups: none\n")


def test_going_says_what_stays() -> None:
    assert "/subscribe brings alerts back" in subscription_text(replace(NEW, subscribed=False))
    assert subscription_text(NEW).startswith("You get alerts.")


def test_forgetting_counts_in_plain_words() -> None:
    assert "what was sent to you and 1 journal entry." in forgotten_text(1)
    assert "what was sent to you and 0 journal entries." in forgotten_text(0)


def test_a_wrong_input_is_answered_with_an_example() -> None:
    with pytest.raises(InputError) as caught:
        account_from("<b>lots</b>")

    assert refused_text(caught.value) == (
        "Account was &#x27;&lt;b&gt;lots&lt;/b&gt;&#x27;; allowed: an amount in USDT, for"
        " example 500."
    )


@given(text=st.text(max_size=200))
def test_hostile_input_is_never_answered_with_markup_or_a_second_line(text: str) -> None:
    said = refused_text(InputError("account", text, "an amount"))

    assert "<" not in said
    assert html.unescape(said).isprintable()
    assert len(html.unescape(said)) < 300
