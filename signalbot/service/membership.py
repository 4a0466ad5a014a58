"""Who can be reached: a reader or a group that blocked the bot, removed it, or came back."""

from dataclasses import replace

from signalbot.service.delivery_ports import Places
from signalbot.service.ports import People


def gone(people: People, places: Places, chat: int) -> None:
    """Note that a chat takes nothing any more; twice is the same as once."""
    _reach(people, places, chat, is_reachable=False)


def back(people: People, places: Places, chat: int) -> None:
    """Note that a chat can be reached again; what was chosen there stays."""
    _reach(people, places, chat, is_reachable=True)


def _reach(people: People, places: Places, chat: int, *, is_reachable: bool) -> None:
    if chat > 0:
        people.change(chat, lambda each: replace(each, reachable=is_reachable))
        return
    place = places.get(chat)
    if place is not None:
        places.put(replace(place, reachable=is_reachable))
