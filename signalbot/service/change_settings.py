"""Change what a reader wants: hours, zone, mutes, pauses, and whether sizes are real.

Every verb may run twice, and stores nothing if it refuses.
"""

from collections.abc import Collection
from dataclasses import replace

from signalbot.domain.instrument import coin
from signalbot.domain.subscriber import Subscriber
from signalbot.domain.symbols import find_symbol
from signalbot.domain.time_zone import find_zone
from signalbot.errors import InputError
from signalbot.service.ports import People
from signalbot.service.reader_words import name_from, pause_from, quiet_hours_from
from signalbot.service.subscribe import changed
from signalbot.setups.catalogue import CATALOGUE

SETUP_TITLES = {listed.name: listed.title for listed in CATALOGUE}


def set_quiet_hours(people: People, reader: int, text: str) -> Subscriber:
    """Store when no alert is wanted, `22:00-07:00` by the reader's clock, or `off`.

    Raises
    ------
    InputError
        If `text` is no such time, or the reader is not known.
    """
    quiet = quiet_hours_from(text)
    return changed(people, reader, lambda each: replace(each, quiet=quiet))


def set_zone(people: People, reader: int, text: str) -> Subscriber:
    """Store the reader's time zone: `Europe/Berlin`, `berlin`.

    Raises
    ------
    InputError
        If there is no such zone, or the reader is not known.
    """
    zone = find_zone(text)
    return changed(people, reader, lambda each: replace(each, zone=zone))


def mute_coin(people: People, reader: int, text: str, symbols: Collection[str]) -> Subscriber:
    """Send no alerts of a coin, one of those of the watched `symbols`.

    Raises
    ------
    InputError
        If it is none of them, the reader has muted too many, or is not known.
    """
    muted = coin(find_symbol(text, symbols))
    return changed(
        people, reader, lambda each: replace(each, muted_coins=each.muted_coins | {muted})
    )


def unmute_coin(people: People, reader: int, text: str) -> Subscriber:
    """Send alerts of a muted coin again, whether or not it is watched any more.

    Raises
    ------
    InputError
        If the reader has not muted it, or is not known.
    """

    def unmuted(each: Subscriber) -> Subscriber:
        if not each.muted_coins:
            raise InputError("symbol", text, "a coin that you muted; you muted none")
        found = coin(find_symbol(text, [f"{muted}/USDT:USDT" for muted in each.muted_coins]))
        return replace(each, muted_coins=each.muted_coins - {found})

    return changed(people, reader, unmuted)


def mute_setup(people: People, reader: int, text: str) -> Subscriber:
    """Send no alerts of a setup, called by its name or title.

    Raises
    ------
    InputError
        If there is no such setup, the reader has muted too many, or is not known.
    """
    muted = name_from("setup", text, SETUP_TITLES)
    return changed(
        people, reader, lambda each: replace(each, muted_setups=each.muted_setups | {muted})
    )


def unmute_setup(people: People, reader: int, text: str) -> Subscriber:
    """Send alerts of a setup again; one that was not muted stays as it is.

    Raises
    ------
    InputError
        If there is no such setup, or the reader is not known.
    """

    def unmuted(each: Subscriber) -> Subscriber:
        titles = SETUP_TITLES | {name: name for name in each.muted_setups - SETUP_TITLES.keys()}
        return replace(each, muted_setups=each.muted_setups - {name_from("setup", text, titles)})

    return changed(people, reader, unmuted)


def pause(people: People, reader: int, text: str, now: int) -> Subscriber:
    """Send no alerts for so long: `8h`, `2d`.

    Raises
    ------
    InputError
        If `text` is no such time, or the reader is not known.
    """
    until = now + pause_from(text)
    return changed(people, reader, lambda each: replace(each, paused_until=until))


def resume(people: People, reader: int) -> Subscriber:
    """End a pause; where there is none, nothing changes.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(people, reader, lambda each: replace(each, paused_until=None))


def ask_for_real_sizes(people: People, reader: int, now: int) -> Subscriber:
    """Store that a reader wants real sizes; call it once the sentence about them was confirmed.

    Asking again keeps the first time. The first alerts stay on paper all the same.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(
        people,
        reader,
        lambda each: each if each.real_since is not None else replace(each, real_since=now),
    )


def return_to_paper(people: People, reader: int) -> Subscriber:
    """Store that a reader wants sizes on paper again.

    Raises
    ------
    InputError
        If the reader is not known.
    """
    return changed(people, reader, lambda each: replace(each, real_since=None))
