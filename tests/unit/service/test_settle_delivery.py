from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.delivery import Delivery, DeliveryState, Failure, Meaning, PostKind, Sent
from signalbot.service.settle_delivery import (
    LONGEST_PAUSE_MS,
    MOST_REPAIRS,
    late,
    lost,
    postponed,
    settle,
    unwanted,
)

NOW = 1_000_000
ROW = Delivery(
    id=7,
    subject="alert:12",
    kind=PostKind.ALERT,
    seq=12,
    html=None,
    chat=1001,
    thread=None,
    attempt=1,
    expires_at=NOW + 300_000,
)


def failed(meaning: Meaning, **details: float | int) -> Failure:
    return Failure(meaning=meaning, said="no", **details)  # type: ignore[arg-type]


def test_what_was_accepted_is_sent() -> None:
    sent = Sent(message_id=5, at=NOW, file_id="f")

    settled = settle(ROW, sent, NOW)

    assert (settled.state, settled.sent) == (DeliveryState.SENT, sent)


@pytest.mark.parametrize("kind", list(PostKind))
def test_only_an_alert_and_its_outcome_are_resent_when_they_may_have_arrived(
    kind: PostKind,
) -> None:
    settled = settle(replace(ROW, kind=kind), failed(Meaning.UNKNOWN), NOW)

    assert settled.was_unknown
    if kind in (PostKind.ALERT, PostKind.OUTCOME):
        assert (settled.state, settled.is_resent) == (DeliveryState.QUEUED, True)
        assert settled.not_before > NOW
    else:
        assert (settled.state, settled.is_resent) == (DeliveryState.UNKNOWN, False)


def test_nothing_is_resent_a_second_time() -> None:
    settled = lost(replace(ROW, is_resent=True), NOW)

    assert (settled.state, settled.is_resent) == (DeliveryState.UNKNOWN, True)


def test_nothing_is_resent_that_would_come_too_late() -> None:
    assert lost(replace(ROW, expires_at=NOW + 2_000), NOW).state is DeliveryState.UNKNOWN
    assert lost(replace(ROW, expires_at=NOW + 2_001), NOW).state is DeliveryState.QUEUED


def test_too_many_waits_as_long_as_it_was_told() -> None:
    settled = settle(replace(ROW, attempt=99), failed(Meaning.TOO_MANY, retry_after_s=7.5), NOW)

    assert (settled.state, settled.not_before) == (DeliveryState.QUEUED, NOW + 7_500)


def test_a_chat_that_is_gone_is_given_up() -> None:
    settled = settle(ROW, failed(Meaning.CHAT_GONE), NOW)

    assert (settled.state, settled.chat_gone) == (DeliveryState.CANCELLED, True)


def test_a_group_that_moved_is_tried_under_its_new_number_at_once() -> None:
    settled = settle(ROW, failed(Meaning.MIGRATED, new_chat_id=-100), NOW)

    assert (settled.state, settled.new_chat, settled.not_before) == (
        DeliveryState.QUEUED,
        -100,
        NOW,
    )


def test_markup_that_is_refused_goes_once_more_as_plain_text() -> None:
    first = settle(ROW, failed(Meaning.BAD_MARKUP), NOW)
    again = settle(replace(ROW, is_plain=True, attempt=2), failed(Meaning.BAD_MARKUP), NOW)

    assert (first.state, first.is_plain) == (DeliveryState.QUEUED, True)
    assert again.state is DeliveryState.FAILED


def test_a_picture_that_is_not_known_any_more_is_uploaded_again() -> None:
    first = settle(ROW, failed(Meaning.FILE_GONE), NOW)
    hopeless = settle(replace(ROW, attempt=MOST_REPAIRS), failed(Meaning.FILE_GONE), NOW)

    assert (first.state, first.file_gone) == (DeliveryState.QUEUED, True)
    assert hopeless.state is DeliveryState.FAILED


def test_what_is_refused_is_refused_for_good() -> None:
    assert settle(ROW, failed(Meaning.REFUSED), NOW).state is DeliveryState.FAILED


def test_an_edit_that_changes_nothing_is_done() -> None:
    assert settle(ROW, failed(Meaning.UNCHANGED), NOW).state is DeliveryState.SENT


@given(st.integers(1, 10**9), st.integers(1, 200))
def test_what_never_left_is_tried_for_as_long_as_it_is_of_use(id_: int, attempt: int) -> None:
    row = replace(ROW, id=id_, attempt=attempt)
    for meaning in (Meaning.NOT_SENT, Meaning.WRONG_TOKEN, Meaning.ANOTHER_POLLER):
        settled = settle(row, failed(meaning), NOW)

        assert settled.state is DeliveryState.QUEUED
        assert not settled.is_resent
        assert 500 <= settled.not_before - NOW <= LONGEST_PAUSE_MS


def test_what_was_not_attempted_keeps_what_is_known_of_it() -> None:
    row = replace(ROW, is_resent=True, is_plain=True)

    assert postponed(row, NOW + 5).not_before == NOW + 5
    for settled in (postponed(row, NOW), unwanted(row), late(row)):
        assert (settled.is_resent, settled.is_plain, settled.was_unknown) == (True, True, False)
    assert unwanted(row).state is DeliveryState.CANCELLED
    assert late(row).state is DeliveryState.EXPIRED
