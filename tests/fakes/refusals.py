from collections import Counter
from collections.abc import Mapping, Sequence

from signalbot.domain.timeframe import day as utc_day
from signalbot.service.ports import RefusedMatch


class FakeRefusals:
    """`service.ports.Refusals` in memory."""

    def __init__(self) -> None:
        self.stored: dict[str, RefusedMatch] = {}

    def add(self, refused: Sequence[RefusedMatch]) -> None:
        for match in refused:
            self.stored.setdefault(match.alert_id, match)

    def counts(self, day: str) -> Mapping[str, int]:
        return Counter(
            match.code.value for match in self.stored.values() if utc_day(match.refused_at) == day
        )
