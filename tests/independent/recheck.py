"""A second, independent reading of the record: the rules written down again from the method alone.

It shares no code with the package, so that agreement means something. It knows candles of the
alert's own timeframe only: no finer candles, no trades, no quotes.
"""

import csv
import gzip
import hashlib
import json
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal]

SETTLED = ("TARGET", "STOP", "EXPIRED", "DELISTED", "UNRESOLVED_GAP")
KINDS = (*SETTLED, "NOT_FILLED", "VOID_LATE", "NOT_PUBLISHED")
FIELDS = {"v", "seq", "type", "ts", "prev", "body", "hash", "sig"}
PRICES = {"fill_price", "exit_price"}
PLAIN = re.compile(r"\d+(\.\d+)?")
SIGNATURE = re.compile("[0-9a-f]{128}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000


def millis(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)


def iso(instant: int | None) -> str | None:
    if instant is None:
        return None
    moment = EPOCH + timedelta(milliseconds=instant)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def ten_places(number: Decimal) -> str:
    return format(round(number, 10) + 0, "f")  # + 0: a negative zero is a zero


def csv_line(row: Row) -> str:
    return ",".join([str(row[0]), *(plain(value) for value in row[1:])])


def sha256_of_lines(lines: Iterable[str]) -> str | None:
    text = "".join(line + "\n" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest() if text else None


class Candle(NamedTuple):
    """A row in signed space: prices times the side, so that every rule reads as for a long."""

    open_time: int
    close_time: int
    open: Decimal
    high: Decimal
    low: Decimal

    @classmethod
    def signed(cls, row: Row, side: int, step_ms: int) -> "Candle":
        low, high = sorted((side * row[2], side * row[3]))
        return cls(row[0], row[0] + step_ms, side * row[1], high, low)


class Trade:
    """One alert on its way to an outcome; rule numbers are those of the method."""

    def __init__(
        self, alert: dict[str, Any], step_ms: int, funding: Sequence[tuple[int, Decimal]]
    ) -> None:
        self.side = 1 if alert["side"] == "long" else -1
        self.entry = self.side * Decimal(alert["entry"])
        self.stop = self.side * Decimal(alert["stop"])
        self.target = self.side * Decimal(alert["target"])
        self.through = self.target + Decimal(alert["tick"])
        self.fills_at = self.entry - Decimal(alert["tick"])
        self.risk = self.entry - self.stop
        self.is_market = alert["entry_kind"] == "market"
        self.taker, self.maker, self.slippage = (
            Decimal(alert[name]) for name in ("taker_rate", "maker_rate", "slippage_rate")
        )
        published = millis(alert["published_at"])
        self.start = published + int(Decimal(alert["latency_s"]) * 1000)
        self.expiry = published + int(Decimal(alert["max_hold_min"]) * MINUTE)
        self.funding, self.step_ms = funding, step_ms
        self.first_open, self.wait_end = self.start // step_ms * step_ms, math.inf  # contains it
        if not self.is_market:
            self.first_open = -(-self.start // step_ms) * step_ms  # opens at or after it
            patience = int(Decimal(alert["entry_ttl_min"]) * MINUTE)
            self.wait_end = min(self.start + patience, self.expiry)
        self.fill: Decimal | None = None
        self.filled_at: int | None = None
        self.ambiguous = False
        self.evidence: list[Row] = []

    def see(self, row: Row) -> dict[str, Any] | None:
        self.evidence.append(row)
        candle = Candle.signed(row, self.side, self.step_ms)
        if self.fill is not None:
            return self.hold(candle)
        return self.enter_market(candle) if self.is_market else self.enter_limit(candle)

    def enter_market(self, candle: Candle) -> dict[str, Any] | None:
        self.fill, self.filled_at = candle.open, self.start
        worse_by = candle.open - self.entry
        if worse_by > self.risk / 4 or candle.open >= self.target:  # rule 2
            return self.report("VOID_LATE")
        if candle.open <= self.stop:
            self.fill = self.entry
            return self.settle("STOP", self.stop, candle.close_time)
        self.ambiguous = candle.low <= self.stop or candle.high >= self.target  # rule 3
        return self.stopped_at_the_level(candle)

    def enter_limit(self, candle: Candle) -> dict[str, Any] | None:
        if candle.low > self.fills_at:  # rule 4
            return None
        self.fill, self.filled_at = self.entry, candle.close_time
        self.evidence = self.evidence[-1:]
        self.ambiguous = candle.high >= self.target or self.touched_while_expiring(candle)
        return self.stopped_at_the_level(candle)

    def hold(self, candle: Candle) -> dict[str, Any] | None:
        if candle.open_time >= self.expiry:  # rule 8, before the levels of this candle
            return self.settle("EXPIRED", min(candle.open, self.target), candle.open_time)
        if candle.open <= self.stop:  # rules 5 and 7: met first, because it opened there
            return self.settle("STOP", candle.open, candle.close_time)
        if candle.open >= self.through:
            return self.settle("TARGET", self.target, candle.close_time)
        traded_through = candle.high >= self.through
        both = candle.low <= self.stop and traded_through
        self.ambiguous = self.ambiguous or both or self.touched_while_expiring(candle)
        if traded_through and not both and not self.is_expiring(candle):  # rule 6
            return self.settle("TARGET", self.target, candle.close_time)
        return self.stopped_at_the_level(candle)

    def stopped_at_the_level(self, candle: Candle) -> dict[str, Any] | None:
        if candle.low > self.stop:
            return None
        return self.settle("STOP", self.stop, candle.close_time)

    def is_expiring(self, candle: Candle) -> bool:
        return candle.open_time < self.expiry < candle.close_time

    def touched_while_expiring(self, candle: Candle) -> bool:
        touched = candle.low <= self.stop or candle.high >= self.target
        return touched and self.is_expiring(candle)

    def gap(self) -> dict[str, Any]:
        if self.fill is None:  # rules 1 and 4: settled as filled at E; a limit fill has no time
            self.fill = self.entry
            self.filled_at = self.start if self.is_market else None
        self.ambiguous = True
        return self.settle("UNRESOLVED_GAP", self.stop, None)

    def delisted(self) -> dict[str, Any] | None:
        if self.fill is None:
            return None
        last = self.evidence[-1]
        return self.settle("DELISTED", self.side * last[4], last[0] + self.step_ms)

    def settle(self, kind: str, exit_raw: Decimal, exit_at: int | None) -> dict[str, Any]:
        gross = (exit_raw - self.fill) / self.risk
        net = self.net_r(exit_raw, exit_at, resting=kind == "TARGET")
        worst = best = net
        if self.ambiguous:
            worst = min(net, self.net_r(self.stop, exit_at, resting=False))
            best = max(net, self.net_r(self.target, exit_at, resting=True))
        return self.report(kind) | {
            "exit_at": iso(exit_at),
            "exit_price": plain(self.side * exit_raw),
            "gross_r": ten_places(gross),
            "cost_r": ten_places(gross - net),
            "net_r": ten_places(net),
            "ambiguous": self.ambiguous,
            "worst_net_r": ten_places(worst),
            "best_net_r": ten_places(best),
        }

    def net_r(self, exit_raw: Decimal, exit_at: int | None, *, resting: bool) -> Decimal:
        fill, fee_in = self.side * self.fill, self.maker
        if self.is_market:
            fill, fee_in = fill * (1 + self.side * self.slippage), self.taker
        leave, fee_out = self.side * exit_raw, self.maker
        if not resting:
            leave, fee_out = leave * (1 - self.side * self.slippage), self.taker
        won = self.side * (leave - fill) - fee_in * fill - fee_out * leave
        return (won - self.funding_paid(exit_at)) / self.risk

    def funding_paid(self, exit_at: int | None) -> Decimal:
        if exit_at is None or self.filled_at is None:
            return Decimal(0)
        within = [item for item in self.funding if self.filled_at < item[0] <= exit_at]
        return sum((self.side * rate * self.price_at(time) for time, rate in within), Decimal(0))

    def price_at(self, time: int) -> Decimal:
        # the close of the candle that had closed last
        closed = [row for row in self.evidence if row[0] + self.step_ms <= time]
        return (closed or self.evidence)[-1][4]

    def report(self, kind: str) -> dict[str, Any]:
        lines = [csv_line(row) for row in self.evidence]
        return {
            "outcome": kind,
            "filled_at": iso(self.filled_at),
            "fill_price": None if self.fill is None else plain(self.side * self.fill),
            **dict.fromkeys(("exit_at", "exit_price", "gross_r", "cost_r", "net_r")),
            "ambiguous": False,
            **dict.fromkeys(("worst_net_r", "best_net_r")),
            "candles_hash": sha256_of_lines(lines),
            "evidence": {"rows": lines, "source": "candles"},
        }


def resolve(
    alert: dict[str, Any],
    rows: Sequence[Row],
    step_ms: int,
    funding: Sequence[tuple[int, Decimal]] = (),
    *,
    delisted: bool = False,
) -> dict[str, Any] | None:
    """What became of the alert (fields of an `outcome` body), or None while it is open.

    `rows` ascend by open time; `delisted` says that no row will ever follow the last one.
    """
    trade = Trade(alert, step_ms, funding)
    open_time, outcome = trade.first_open, None
    while outcome is None:
        if trade.fill is None and open_time >= trade.wait_end:
            return trade.report("NOT_FILLED")
        place = bisect_left(rows, (open_time,))
        if place == len(rows):
            return trade.delisted() if delisted else None
        if rows[place][0] != open_time:  # rule 9: missing, and a later row exists
            return trade.gap()
        outcome = trade.see(rows[place])
        open_time += step_ms
    return outcome


def entries(lines: Iterable[str]) -> list[dict[str, Any]]:
    def refuse(number: str) -> None:
        raise ValueError(f"{number} is a float")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key is given twice")
        return dict(pairs)

    read = []
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(
                line, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once
            )
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        if not isinstance(entry, dict) or set(entry) != FIELDS or type(entry["seq"]) is not int:
            raise ValueError(f"line {number}: it is no entry with {sorted(FIELDS)}")
        read.append(entry)
    return read


def hash_of(entry: dict[str, Any]) -> str:
    signed = {name: entry[name] for name in FIELDS - {"hash", "sig"}}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_signed(entry: dict[str, Any], key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(entry["sig"]), bytes.fromhex(entry["hash"]))
    except (InvalidSignature, TypeError, ValueError):
        return False
    return SIGNATURE.fullmatch(entry["sig"]) is not None


def chain_problems(record: list[dict[str, Any]]) -> Iterator[str]:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(record[0]["body"]["public_key"]))
    except (IndexError, KeyError, TypeError, ValueError):
        yield "#1: it is no genesis with a public key"
        return
    seq, prev = 1, "0" * 64
    for entry in record:
        name = f"#{entry['seq']}"
        if entry["seq"] != seq:
            yield f"{name}: #{seq} was expected here"
        if entry["prev"] != prev:
            yield f"{name}: prev is not the hash of the entry before it"
        if entry["hash"] != hash_of(entry):
            yield f"{name}: the hash does not fit the content"
        if not is_signed(entry, key):
            yield f"{name}: the signature does not fit the hash"
        seq, prev = entry["seq"] + 1, entry["hash"]


class Record:
    """Alert bodies by seq, with the entries of their `published` and their `outcome`."""

    def __init__(self, written: list[dict[str, Any]]) -> None:
        self.alerts: dict[int, dict[str, Any]] = {}
        self.published: dict[int, dict[str, Any]] = {}
        self.outcomes: dict[int, dict[str, Any]] = {}
        self.problems: list[str] = []
        for entry in written:
            if entry["type"] == "alert":
                self.alerts[entry["seq"]] = entry["body"]
            elif entry["type"] == "published":
                self.attach(entry, self.published)
            elif entry["type"] == "outcome":
                self.attach(entry, self.outcomes)
                self.check_kind(entry)
        for seq in self.alerts:
            if (seq in self.published) == (self.kind(seq) == "NOT_PUBLISHED"):
                both = "published and" if seq in self.published else "neither published nor"
                self.problems.append(f"#{seq}: {both} NOT_PUBLISHED")

    def attach(self, entry: dict[str, Any], table: dict[int, dict[str, Any]]) -> None:
        name, alert_seq = f"#{entry['seq']}", entry["body"]["alert_seq"]
        if alert_seq not in self.alerts:
            self.problems.append(f"{name}: no alert #{alert_seq} stands before it")
        if alert_seq in table:
            self.problems.append(f"{name}: a second {entry['type']} of alert #{alert_seq}")
        table.setdefault(alert_seq, entry)

    def check_kind(self, entry: dict[str, Any]) -> None:
        name, body = f"#{entry['seq']}", entry["body"]
        if body["outcome"] not in KINDS:
            self.problems.append(f"{name}: {body['outcome']} is no outcome")
        elif body["outcome"] == "NOT_PUBLISHED":
            if body["net_r"] is not None:
                self.problems.append(f"{name}: NOT_PUBLISHED with a net_r")
        elif body["alert_seq"] not in self.published:
            self.problems.append(f"{name}: alert #{body['alert_seq']} was not published before it")

    def kind(self, alert_seq: int) -> str:
        outcome = self.outcomes.get(alert_seq)
        return outcome["body"]["outcome"] if outcome else "OPEN"


@cache
def read_candles(folder: Path, timeframe: str, name: str) -> list[Row]:
    if timeframe == "5m" and not (folder / timeframe).is_dir():
        return five_minutes(read_candles(folder, "1m", name))
    path = folder / timeframe / f"{name}.csv"
    with path.open() if path.exists() else gzip.open(f"{path}.gz", "rt") as file:
        rows = (row for row in csv.reader(file) if row[0] != "open_time")
        return [(int(row[0]), *map(Decimal, row[1:])) for row in rows]


def five_minutes(rows: list[Row]) -> list[Row]:
    sets: dict[int, list[Row]] = {}
    for row in rows:
        sets.setdefault(row[0] // (5 * MINUTE) * 5 * MINUTE, []).append(row)
    merged = []
    for open_time, group in sets.items():
        if len(group) == 5:
            _, opens, highs, lows, closes, volumes = zip(*group, strict=True)
            prices = opens[0], max(highs), min(lows), closes[-1]
            merged.append((open_time, *prices, sum(volumes)))
    return merged


def differs(name: str, found: Any, expected: Any) -> bool:
    if name in PRICES and expected is not None and PLAIN.fullmatch(str(found)):
        return Decimal(found) != Decimal(expected)
    return found != expected


def read_funding(folder: Path | None, name: str) -> list[tuple[int, Decimal]]:
    if folder is None or not (folder / f"{name}.csv").exists():
        return []
    lines = (folder / f"{name}.csv").read_text().splitlines()[1:]
    return [(int(time), Decimal(rate)) for time, rate in csv.reader(lines)]


def outcome_problems(record: Record, folder: Path, paid: Path | None) -> Iterator[str]:
    for seq, alert in record.alerts.items():
        kind = record.kind(seq)
        if kind == "NOT_PUBLISHED":
            continue
        plan = alert | {"published_at": record.published[seq]["body"]["published_at"]}
        name = re.sub("[/:]", "_", alert["symbol"])
        rows = read_candles(folder / alert["venue"], alert["timeframe"], name)
        step_ms = int(alert["timeframe"].removesuffix("m")) * MINUTE
        funding = read_funding(paid, name)
        expected = resolve(plan, rows, step_ms, funding, delisted=kind == "DELISTED")
        expected = expected or {"outcome": "OPEN"}
        found = record.outcomes[seq]["body"] if seq in record.outcomes else {"outcome": "OPEN"}
        if found["outcome"] != expected["outcome"]:
            yield f"#{seq}: outcome was {found['outcome']}, candles give {expected['outcome']}"
            continue
        for field, value in expected.items():
            if differs(field, found.get(field, "missing"), value):
                yield f"#{seq}: {field} was {found.get(field, 'missing')}, candles give {value}"


def recheck(
    lines: Iterable[str], candles_dir: Path | None = None, funding_dir: Path | None = None
) -> list[str]:
    """Return what is wrong with an exported ledger; an empty list means nothing was found.

    `#seq` names the entry, for an outcome that of its alert. A broken chain is not read any
    further: its contents prove nothing.
    """
    try:
        written = entries(lines)
    except ValueError as error:
        return [str(error)]
    problems = list(chain_problems(written))
    if problems:
        return problems
    record = Record(written)
    if record.problems or candles_dir is None:
        return record.problems
    return list(outcome_problems(record, candles_dir, funding_dir))


def buckets(lines: Iterable[str]) -> dict[str, int]:
    """Count the alerts by what became of them; the counts add up to the number of alerts."""
    record = Record(entries(lines))
    kinds = Counter(record.kind(seq) for seq in record.alerts)
    return {kind: kinds[kind] for kind in (*KINDS, "OPEN")}
