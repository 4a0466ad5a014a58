"""The record and its state, kept together: what is appended is folded in, in one step."""

from collections.abc import Sequence

from signalbot.outcomes.board import Board, OpenAlert
from signalbot.record.entries import Draft, Entry, EntryType, Head
from signalbot.record.fold import Fold, Standing
from signalbot.service.ports import Ledger


class Recording:
    """The ledger as the use cases hold it: append, and look at the state that follows.

    It begins with what the ledger holds already: a start and a recovery are the same.

    Parameters
    ----------
    symbols : sequence of str
        Columns of the panel that is watched, by which the board finds an alert's candles. An open
        alert of another symbol waits until it is watched.
    """

    def __init__(self, ledger: Ledger, symbols: Sequence[str]) -> None:
        self._ledger = ledger
        self._pair = {symbol: pair for pair, symbol in enumerate(symbols)}
        self.state = Fold()
        self.board = Board()
        self._alert_ids: set[str] = set()
        for entry in ledger.entries():
            self._take_in(entry)

    @property
    def seed(self) -> int:
        """Seed of the resampling in statistics, from the ledger's head."""
        return self._ledger.head.seed

    @property
    def head(self) -> Head:
        """Number and hash of the newest entry."""
        return self._ledger.head

    def pair_of(self, symbol: str) -> int | None:
        """Return the column of a symbol in the panel; None if it is not watched."""
        return self._pair.get(symbol)

    def watch(self, symbols: Sequence[str]) -> None:
        """Find candles by these columns from now on: those of before, and others behind them."""
        self._pair = {symbol: pair for pair, symbol in enumerate(symbols)}
        for standing in self.state.standing.values():
            if standing.published_at is not None and standing.seq not in self.board:
                self._put(standing)

    def has_alert(self, alert_id: str) -> bool:
        """Return whether an alert of this id is recorded, whatever became of it."""
        return alert_id in self._alert_ids

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Commit `drafts` in one transaction and fold them in.

        Raises
        ------
        RecordError
            If the ledger refuses them; the state is as before then.
        """
        if not drafts:
            return ()
        entries = self._ledger.append(drafts)
        for entry in entries:
            self._take_in(entry)
        return entries

    def _take_in(self, entry: Entry) -> None:
        self.state.apply(entry)
        self._place(entry)

    def _place(self, entry: Entry) -> None:
        if entry.type is EntryType.ALERT:
            self._alert_ids.add(entry.body["id"])
        elif entry.type is EntryType.PUBLISHED:
            self._put(self.state.standing[entry.body["alert_seq"]])
        elif entry.type is EntryType.OUTCOME and entry.body["alert_seq"] in self.board:
            self.board.take(entry.body["alert_seq"])

    def _put(self, standing: Standing) -> None:
        assert standing.published_at is not None  # noqa: S101 - it has just been folded in
        plan = standing.alert.plan
        pair = self.pair_of(plan.symbol)
        if pair is None:
            return
        self.board.put(
            OpenAlert(
                seq=standing.seq,
                plan=plan,
                published_at=standing.published_at,
                timeframe=standing.alert.timeframe,
                pair=pair,
            )
        )
