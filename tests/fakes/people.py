from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from signalbot.domain.alert import Alert
from signalbot.domain.subscriber import Subscriber, wants


class FakePeople:
    """`service.ports.People` in memory."""

    def __init__(self, *subscribers: Subscriber) -> None:
        self.stored = {each.reader: each for each in subscribers}

    def get(self, reader: int) -> Subscriber | None:
        return self.stored.get(reader)

    def find(self, readers: Collection[int]) -> Mapping[int, Subscriber]:
        return {reader: self.stored[reader] for reader in readers if reader in self.stored}

    def put(self, subscriber: Subscriber) -> None:
        self.stored[subscriber.reader] = subscriber

    def change(self, reader: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber | None:
        if reader not in self.stored:
            return None
        self.stored[reader] = change(self.stored[reader])
        return self.stored[reader]

    def wanting(self, alert: Alert, now: int) -> Iterator[Subscriber]:
        for reader in sorted(self.stored):
            subscriber = self.stored.get(reader)
            if subscriber is not None and wants(subscriber, alert, now) is None:
                yield subscriber

    def count_alert(self, readers: Collection[int]) -> None:
        for reader in self.stored.keys() & set(readers):
            before = self.stored[reader]
            self.stored[reader] = replace(before, alerts_received=before.alerts_received + 1)

    def forget(self, reader: int) -> int:
        return 0 if self.stored.pop(reader, None) is None else 1
