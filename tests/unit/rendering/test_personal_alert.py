"""Golden texts of one reader's messages; the numbers are those of `fakes.worked_alert`."""

import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT, PLAN, decimals, standing
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.subscriber import HIGHEST_EQUITY, Subscriber
from signalbot.record.fold import Tally
from signalbot.rendering.messages import alert_message
from signalbot.rendering.personal_alert import personal_alert, personal_outcome
from signalbot.risk.advice import Advice
from signalbot.risk.tiers import single_tier
from signalbot.service.personal import personal_advice

GOLDEN = Path(__file__).parents[2] / "golden"
LIMIT = 1024
"""What Telegram allows a caption, counted without markup."""
TALLY = Tally(wins=21, decided=48)
TIERS = single_tier(Decimal("0.015"))
PAPER = Subscriber(
    reader=7_000_000_001,
    joined_at=CLOSE,
    venue="binanceusdm",
    equity=Decimal(500),
    zone="Europe/Berlin",
)
REAL = replace(PAPER, real_since=CLOSE, alerts_received=10)
POOR = replace(REAL, equity=Decimal(20))
DEAR = replace(INSTRUMENT, min_notional=Decimal(20))


def advised(subscriber: Subscriber, alert: Alert = ALERT, known: bool = True) -> Advice | None:
    if subscriber.profile is None:
        return None
    tiers = TIERS if known else ()
    return personal_advice(alert, subscriber.profile, DEAR, Rules(), tiers)


def told(subscriber: Subscriber, alert: Alert = ALERT, known: bool = True) -> str:
    advice = advised(subscriber, alert, known)
    return personal_alert(standing(alert), TALLY, subscriber, advice)


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


def shown(text: str) -> str:
    """Return what a reader sees."""
    return html.unescape(re.sub("</?code>", "", text))


def length(text: str) -> int:
    """Return how long Telegram takes a text to be."""
    return len(shown(text).encode("utf-16-le")) // 2


TEXTS = {
    "personal_real": told(REAL),
    "personal_paper": told(PAPER),
    "personal_too_small": told(POOR),
    "personal_untold": told(replace(PAPER, equity=None)),
    "personal_unknown_tiers": told(REAL, known=False),
    "personal_elsewhere": told(replace(REAL, venue="bybit", zone="Asia/Kolkata")),
}


@pytest.mark.parametrize("name", TEXTS)
def test_an_alert_reads_as_the_golden_message(name: str) -> None:
    assert TEXTS[name] == golden(name)
    assert length(TEXTS[name]) <= LIMIT


def test_the_channel_and_the_reader_are_told_the_same_of_plan_and_record() -> None:
    here = replace(REAL, zone="UTC")
    channel = alert_message(standing(), TALLY).split("\n")

    personal = told(here).split("\n")

    assert personal[:4] == channel[:4]
    assert personal[-5:] == channel[-5:]


def test_a_size_is_marked_as_paper_until_ten_alerts_and_the_sentence() -> None:
    for early in (replace(REAL, alerts_received=9), replace(REAL, real_since=None)):
        assert "\nPAPER · <code>295</code> LAYER (307 USDT), 3x = 102 USDT margin\n" in told(early)
    assert "\nYour size: <code>295</code> LAYER (307 USDT)" in told(REAL)


def test_a_setup_that_loses_stays_on_paper() -> None:
    losing = told(REAL, replace(ALERT, state=SetupState.LOSING))

    assert "\nPAPER · " in losing
    assert losing.count("loses so far") == 1


def test_another_refusal_is_not_blamed_on_the_account() -> None:
    far = replace(PLAN, stop=Decimal("0.6"), target=Decimal(2))

    text = told(REAL, replace(ALERT, plan=far))

    assert (
        "\nSkip this one.\nNo leverage keeps liquidation 3 stops away: a nearer stop would" in text
    )
    assert "too small" not in text


SIZED = advised(REAL)
STOPPED = Outcome(
    kind=OutcomeKind.STOP,
    filled_at=CLOSE + 12_500,
    fill_price=PLAN.entry,
    exit_at=CLOSE + 420_000,
    exit_price=PLAN.stop,
    **decimals(net_r="-1.2077001", worst_net_r="-1.2077001", best_net_r="-1.2077001"),
)


def test_an_outcome_tells_the_money_of_the_own_size() -> None:
    assert SIZED
    after = Tally(wins=21, decided=49)
    texts = [
        personal_outcome(standing(), STOPPED, after, size, on_paper=on_paper)
        for size, on_paper in ((SIZED.size.qty, False), (SIZED.size.qty, True), (None, False))
    ]

    first = "LAYER stopped at 1.0350 after 7 min. -1.21 R after costs"
    last = ".\nThis setup: 21 of 49 won after costs."
    assert texts == [
        f"{first} (-2.49 USDT at your size){last}",
        f"{first} (-2.49 USDT at your size, on paper){last}",
        f"{first}{last}",
    ]


def test_the_loss_of_a_stop_is_the_one_that_the_alert_announced() -> None:
    assert SIZED
    announced = re.search(r"If stopped: (-\S+) USDT", told(REAL))

    text = personal_outcome(standing(), STOPPED, TALLY, SIZED.size.qty, on_paper=False)

    assert announced
    assert f"({announced[1]} USDT at your size)" in text


def test_an_alert_without_a_trade_moves_no_money() -> None:
    void = Outcome(kind=OutcomeKind.VOID_LATE)
    assert SIZED

    text = personal_outcome(standing(), void, TALLY, SIZED.size.qty, on_paper=False)

    assert text == "LAYER: Void: the price had left the entry before a reader could act."


LONGEST = replace(
    ALERT,
    plan=replace(
        PLAN,
        symbol="币安人生" * 7 + "/USDT:USDT",
        side=Side.SHORT,
        **decimals(entry="1.000000000000E-9", stop="1.1E-9", target="8E-10", tick="1E-21"),
    ),
    state=SetupState.PROVEN,
    account=Profile(equity=Decimal("1E+12"), risk_pct=Decimal("0.5")),
    size=replace(ALERT.size, **decimals(qty="1234567890123456789.123", margin="123456789012")),
)
RICH = replace(
    REAL,
    equity=HIGHEST_EQUITY,
    risk_pct=Decimal(1),
    venue="x" * 64,
    zone="America/Argentina/ComodRivadavia",
)


@pytest.mark.parametrize(
    ("subscriber", "instrument"),
    [
        (RICH, replace(INSTRUMENT, step=Decimal("0.001"), tick=Decimal("1E-21"))),
        (RICH, replace(INSTRUMENT, min_notional=Decimal("1E+20"), tick=Decimal("1E-21"))),
        (RICH, replace(INSTRUMENT, min_qty=Decimal("1E+30"), tick=Decimal("1E-21"))),
        (replace(RICH, equity=None), INSTRUMENT),
    ],
    ids=["sized", "too small", "too few", "untold"],
)
def test_the_longest_legal_values_fit_into_a_caption(subscriber, instrument) -> None:
    many = Tally(wins=600_000, decided=1_000_000)
    for tiers in (TIERS, ()):
        profile = subscriber.profile
        advice = profile and personal_advice(LONGEST, profile, instrument, Rules(), tiers)
        text = personal_alert(standing(LONGEST, 10**9), many, subscriber, advice)

        assert length(text) <= LIMIT
        assert not re.search(r"\dE[-+]", text)


def test_the_longest_message_reads_as_the_golden_one() -> None:
    instrument = replace(INSTRUMENT, step=Decimal("0.001"), tick=Decimal("1E-21"))
    advice = personal_advice(LONGEST, RICH.profile, instrument, Rules())  # type: ignore[arg-type]

    text = personal_alert(standing(LONGEST, 10**9), Tally(wins=6**7, decided=10**6), RICH, advice)

    assert text == golden("personal_longest")


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_fits_into_a_caption(code: RefusalCode) -> None:
    advice = advised(POOR)
    assert advice
    long = replace(advice.refusals[0], code=code, message="<&>" * 66)

    text = personal_alert(standing(LONGEST), TALLY, RICH, replace(advice, refusals=(long,) * 5))

    assert length(text) <= LIMIT
    assert text.count("&lt;&amp;&gt;" * 66) == 1


@given(coin=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_a_hostile_symbol_never_becomes_markup(coin: str) -> None:
    coin = coin.replace("/", "")
    hostile = replace(ALERT, plan=replace(PLAN, symbol=f"{coin}/USDT:USDT"))

    for text in (told(REAL, hostile), told(replace(POOR, venue=coin), hostile)):
        assert "<" not in re.sub("</?code>", "", text)
        assert not re.search("&(?!amp;|lt;|gt;|quot;|#x27;)", text)
        assert coin in html.unescape(text)
        assert length(text) <= LIMIT
