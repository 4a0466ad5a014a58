from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.journal import FakeJournal
from fakes.people import FakePeople
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.journal import Decision, JournalEntry
from signalbot.domain.subscriber import MOST_MUTES, QuietHours, Subscriber
from signalbot.errors import InputError
from signalbot.service.change_settings import (
    ask_for_real_sizes,
    mute_coin,
    mute_setup,
    pause,
    resume,
    return_to_paper,
    set_quiet_hours,
    set_zone,
    unmute_coin,
    unmute_setup,
)
from signalbot.service.forget_reader import forget_reader

NOW = 1_700_000_000_000
READER = 7_000_000_001
KNOWN = Subscriber(reader=READER, joined_at=1, equity=Decimal(500))
WATCHED = ("LAYER/USDT:USDT", "1000PEPE/USDT:USDT", "币安人生/USDT:USDT")


@pytest.fixture
def people() -> FakePeople:
    return FakePeople(KNOWN)


def test_quiet_hours_are_set_and_taken_back(people: FakePeople) -> None:
    night = QuietHours(since=1320, until=420)

    assert set_quiet_hours(people, READER, "22:00-07:00") == replace(KNOWN, quiet=night)
    assert set_quiet_hours(people, READER, "off") == KNOWN


def test_a_zone_is_set(people: FakePeople) -> None:
    assert set_zone(people, READER, "berlin").zone == "Europe/Berlin"


def test_coins_are_muted_as_they_are_called_and_back(people: FakePeople) -> None:
    for text in ("$layer", "pepe", "币安人生", "LAYERUSDT"):
        mute_coin(people, READER, text, WATCHED)
    muted = people.stored[READER].muted_coins

    assert muted == {"LAYER", "1000PEPE", "币安人生"}
    assert unmute_coin(people, READER, "pepe").muted_coins == {"LAYER", "币安人生"}


def test_a_coin_that_is_not_muted_is_named(people: FakePeople) -> None:
    with pytest.raises(InputError, match="a coin that you muted; you muted none"):
        unmute_coin(people, READER, "layer")
    mute_coin(people, READER, "layer", WATCHED)
    with pytest.raises(InputError, match="nearest: LAYER/USDT:USDT"):
        unmute_coin(people, READER, "player")


def test_setups_are_muted_by_name_or_title_and_back(people: FakePeople) -> None:
    mute_setup(people, READER, "range_breakout")
    both = mute_setup(people, READER, "RSI-Stochastic")

    assert both.muted_setups == {"range_breakout", "rsi_stochastic_reversal"}
    assert unmute_setup(people, READER, "Range breakout").muted_setups == {
        "rsi_stochastic_reversal"
    }


def test_a_setup_of_the_past_can_still_be_unmuted(people: FakePeople) -> None:
    people.put(replace(KNOWN, muted_setups=frozenset({"moving_average"})))

    assert unmute_setup(people, READER, "moving average") == KNOWN


def test_unmuting_what_was_not_muted_changes_nothing(people: FakePeople) -> None:
    assert unmute_setup(people, READER, "range") == KNOWN


def test_two_hundred_mutes_are_enough(people: FakePeople) -> None:
    full = replace(KNOWN, muted_coins=frozenset(f"C{n}" for n in range(MOST_MUTES)))
    people.put(full)

    for one_more in (
        lambda: mute_coin(people, READER, "layer", WATCHED),
        lambda: mute_setup(people, READER, "range"),
    ):
        with pytest.raises(InputError, match="at most 200: take one back in /settings"):
            one_more()
    assert people.stored[READER] == full


def test_a_pause_begins_now_and_can_end_early(people: FakePeople) -> None:
    assert pause(people, READER, "8h", NOW).paused_until == NOW + 8 * 3_600_000
    assert resume(people, READER) == KNOWN


def test_real_sizes_are_asked_for_once(people: FakePeople) -> None:
    ask_for_real_sizes(people, READER, NOW)

    assert ask_for_real_sizes(people, READER, NOW + 1).real_since == NOW
    assert return_to_paper(people, READER) == KNOWN


VERBS: list[Callable[[FakePeople, str], object]] = [
    lambda people, text: set_quiet_hours(people, READER, text),
    lambda people, text: set_zone(people, READER, text),
    lambda people, text: mute_coin(people, READER, text, WATCHED),
    lambda people, text: unmute_coin(people, READER, text),
    lambda people, text: mute_setup(people, READER, text),
    lambda people, text: unmute_setup(people, READER, text),
    lambda people, text: pause(people, READER, text, NOW),
]


@given(text=st.text(max_size=70))
def test_hostile_text_changes_a_reader_within_bounds_or_not_at_all(text: str) -> None:
    for verb in VERBS:
        people = FakePeople(KNOWN)
        try:
            verb(people, text)
        except InputError:
            assert people.stored == {READER: KNOWN}


@pytest.mark.parametrize(
    ("verb", "text"),
    list(zip(VERBS, ["off", "utc", "layer", "x", "range", "range", "1h"], strict=True)),
)
def test_a_stranger_is_sent_to_the_start(
    verb: Callable[[FakePeople, str], object], text: str
) -> None:
    with pytest.raises(InputError, match="somebody who has sent /start"):
        verb(FakePeople(), text)


def test_a_reader_is_forgotten_everywhere_and_others_are_not(people: FakePeople) -> None:
    other = replace(KNOWN, reader=8)
    people.put(other)
    journal = FakeJournal()
    for who, seq in ((READER, 3), (READER, 4), (8, 3)):
        journal.put(JournalEntry(reader=who, alert_seq=seq, decision=Decision.TAKEN, marked_at=NOW))

    assert forget_reader(READER, journal, people) == (2, 1)

    assert people.stored == {8: other}
    assert [entry.reader for entry in journal.stored.values()] == [8]
    assert forget_reader(READER, journal, people) == (0, 0)


def test_who_is_no_reader_cannot_be_forgotten(people: FakePeople) -> None:
    with pytest.raises(InputError, match="the id of a chat user"):
        forget_reader(-5, people)
