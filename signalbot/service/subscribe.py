"""Become a reader, in four taps that may each be skipped and corrected.

Every verb may run twice: a tap that comes a second time changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from signalbot.domain.onboarding import Step, after
from signalbot.domain.subscriber import Subscriber
from signalbot.errors import InputError
from signalbot.service.ports import People
from signalbot.service.reader_words import account_from, leverage_from, risk_from, venue_from


class UnknownReaderError(InputError):
    """Somebody asks for what needs settings, and has not sent /start yet, or was forgotten."""

    def __init__(self, reader: int) -> None:
        super().__init__("reader", reader, "somebody who has sent /start")


def start(people: People, reader: int, now: int) -> Subscriber:
    """Subscribe a reader, new or not, and open the first question; what was told stays.

    Raises
    ------
    InputError
        If `reader` cannot be a chat user.
    """
    known = people.change(
        reader,
        lambda each: replace(each, subscribed=True, reachable=True, question=Step.VENUE),
    )
    if known is not None:
        return known
    new = Subscriber(reader=reader, joined_at=now, question=Step.VENUE)
    people.put(new)
    return new


def answer(people: People, reader: int, step: Step, text: str, venues: Sequence[str]) -> Subscriber:
    """Store the answer to a question, tapped or typed, asked now or long ago.

    Raises
    ------
    InputError
        If the answer is none, with an example; or the reader is not known.
    """
    read = _READ[step]
    return changed(
        people,
        reader,
        lambda each: replace(read(each, text, venues), question=after(each.question, step)),
    )


def skip(people: People, reader: int, step: Step) -> Subscriber:
    """Leave a question unanswered; what was told before stays.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(people, reader, lambda each: replace(each, question=after(each.question, step)))


def subscribe(people: People, reader: int) -> Subscriber:
    """Send alerts to a reader again, without any question.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(people, reader, lambda each: replace(each, subscribed=True, reachable=True))


def unsubscribe(people: People, reader: int) -> Subscriber:
    """Send a reader no alerts any more; what was told stays, for /size and for coming back.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(people, reader, lambda each: replace(each, subscribed=False))


def changed(people: People, reader: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
    """Return a reader after a change that is stored.

    Raises
    ------
    UnknownReaderError
        If the reader is not known.
    """
    after_change = people.change(reader, change)
    if after_change is None:
        raise UnknownReaderError(reader)
    return after_change


def _venue(each: Subscriber, text: str, venues: Sequence[str]) -> Subscriber:
    return replace(each, venue=venue_from(text, venues))


def _equity(each: Subscriber, text: str, _: Sequence[str]) -> Subscriber:
    return replace(each, equity=account_from(text))


def _risk(each: Subscriber, text: str, _: Sequence[str]) -> Subscriber:
    return replace(each, risk_pct=risk_from(text))


def _leverage(each: Subscriber, text: str, _: Sequence[str]) -> Subscriber:
    return replace(each, leverage=leverage_from(text))


_READ: dict[Step, Callable[[Subscriber, str, Sequence[str]], Subscriber]] = {
    Step.VENUE: _venue,
    Step.EQUITY: _equity,
    Step.RISK: _risk,
    Step.LEVERAGE: _leverage,
}
