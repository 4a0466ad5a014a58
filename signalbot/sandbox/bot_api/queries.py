"""Presses of inline buttons, which the bot must answer once and soon."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from signalbot.sandbox.bot_api.envelope import Refused, bad_request

ANSWER_WITHIN_S = 60.0  # Telegram does not say; reports run from 15 seconds to some minutes
MAX_ANSWER = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One press, and the bot's answer as soon as there is one."""

    id: str
    chat_id: int
    pressed_at: float
    is_answered: bool = False
    text: str = ""
    show_alert: bool = False


class Queries:
    """The newest `limit` presses by id."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._queries: OrderedDict[str, Query] = OrderedDict()
        self._newest = 0
        self._changed = asyncio.Event()

    def add(self, chat_id: int) -> Query:
        """Note a press that happens now."""
        self._newest += 1
        number = str(4_000_000_000 + self._newest)
        query = Query(id=number, chat_id=chat_id, pressed_at=self._clock())
        self._queries[number] = query
        if len(self._queries) > self._limit:
            self._queries.popitem(last=False)
        return query

    async def answered(self, query_id: str, timeout_s: float) -> Query | None:
        """Return a press, waiting for its answer; None if it was forgotten or never there."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while query := self._queries.get(query_id):
            left = deadline - asyncio.get_running_loop().time()
            if query.is_answered or left <= 0:
                return query
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                continue
        return None

    def answer(self, query_id: str, text: str, show_alert: bool) -> Query:
        """Note the bot's answer to a press.

        Raises
        ------
        Refused
            400 if there is no such press, it was answered already, or too long ago.
        """
        query = self._queries.get(query_id)
        if len(text) > MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        if query is None or query.is_answered:
            raise _too_old()
        if self._clock() - query.pressed_at > ANSWER_WITHIN_S:
            raise _too_old()
        answered = replace(query, is_answered=True, text=text, show_alert=show_alert)
        self._queries[query_id] = answered
        self._changed.set()
        self._changed = asyncio.Event()
        return answered


def _too_old() -> Refused:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
