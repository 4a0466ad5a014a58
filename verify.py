"""Check a record of signalbot without trusting signalbot: this file shares no code with it.

    python verify.py ledger.jsonl [--candles DIR] [--key HEX] [--head SEQ:HASH ...]
It needs Python 3.11 and `cryptography`. Read it from top to bottom: the chain (nothing was changed,
left out or put in), what became of each alert (derived again from its evidence), the venue's own
candles, the figures, what is not proven. Exit 0: it holds, 1: an entry differs, 2: wrong usage.
"""

import argparse
import gzip
import hashlib
import json
import math
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNED = ("v", "seq", "type", "ts", "prev", "body")
TYPES = "genesis rules universe alert published outcome correction refusals baseline key checkpoint"
DECIDED = ("TARGET", "STOP", "EXPIRED", "DELISTED", "UNRESOLVED_GAP")
KINDS = (*DECIDED, "NOT_FILLED", "VOID_LATE", "NOT_PUBLISHED", "OPEN")
R_VALUES = ("gross_r", "cost_r", "net_r", "worst_net_r", "best_net_r")
NOTHING = dict.fromkeys(("filled_at", "fill_price", "exit_at", "exit_price", *R_VALUES))
MINUTE, EPOCH = 60_000, datetime(1970, 1, 1, tzinfo=UTC)

class DiffersError(Exception):
    """The first entry that differs, and why."""
def need(holds, why):
    if not holds:
        raise DiffersError(why)

# ---- 1. The chain: every line carries the hash of the one before it and a signature over its own.
def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def sha256(*parts):
    return hashlib.sha256(b"".join(parts))

class Record:
    """What the lines fed so far say. `feed` takes the next one, or changes nothing and raises."""
    def __init__(self):
        self.seq, self.prev, self.ts, self.rules_hash, self.alerts = 0, "0" * 64, "", None, {}
        self.keys, self.signers, self.hashes, self.ids, self.subtrees = [], set(), [], set(), []

    def feed(self, line):
        try:
            entry = json.loads(line.decode(), parse_float=str, parse_constant=str)
            self.check_link(line, entry, entry["body"])
            self.check_content(entry["type"], entry["body"])
        except Exception as error:  # noqa: BLE001 - whatever a forger writes
            why = str(error) if isinstance(error, DiffersError) else f"not readable: {error!r:.200}"
            raise DiffersError(f"entry #{self.seq + 1} differs: {why!a}") from None
        self.seq, self.prev, self.ts = self.seq + 1, entry["hash"], entry["ts"]
        self.hashes.append(self.prev)
        leaves, root = 1, sha256(b"\0", bytes.fromhex(self.prev)).digest()
        while self.subtrees and self.subtrees[-1][0] == leaves:  # the Merkle tree of RFC 6962
            leaves, root = 2 * leaves, sha256(b"\1", self.subtrees.pop()[1], root).digest()
        self.subtrees.append((leaves, root))

    def check_link(self, line, entry, body):
        seq, kind, sig = entry["seq"], entry["type"], entry["sig"]
        need(set(entry) == {*SIGNED, "hash", "sig"}, "it has not the fields of an entry")
        need(canonical(entry) + b"\n" == line, "it is not written in the one canonical form")
        need((type(seq), seq) == (int, self.seq + 1), f"it is missing, #{seq!s:.20} is here")
        is_in_place = kind in TYPES.split() and (kind == "genesis") == (self.seq == 0)
        is_ours = entry["v"] == 1 and iso(millis(entry["ts"])) == entry["ts"]
        need(is_ours and is_in_place, "its version, time or type does not belong here")
        need(entry["prev"] == self.prev, "it does not carry the hash of the entry before it")
        digest = sha256(canonical({name: entry[name] for name in SIGNED}))
        need(entry["hash"] == digest.hexdigest(), "its content does not give its hash")
        key, is_signed = self.keys[-1] if self.keys else body["public_key"], True
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            public.verify(bytes.fromhex(sig), digest.digest())
        except InvalidSignature:
            is_signed = False
        is_signed &= bytes.fromhex(sig).hex() == sig  # nor is a blank in it
        need(is_signed, "its signature is not by the key in force")
        self.signers.add(key)

    def check_content(self, kind, body):
        alert = self.alerts.get(body.get("alert_seq"), {})
        if kind == "genesis":
            self.keys, self.rules_hash = [body["public_key"]], body["rules_hash"]
        elif kind == "rules" and self.rules_hash:
            need(sha256(canonical(body)).hexdigest() == self.rules_hash, "its rules are others")
            self.rules_hash = None
        elif kind == "checkpoint":
            root = self.subtrees[-1][1]
            for _, left in reversed(self.subtrees[:-1]):
                root = sha256(b"\1", left, root).digest()
            told = (body["size"], body["head"], body["merkle_root"])
            need(told == (self.seq, self.prev, root.hex()), "it is no checkpoint of what is before")
        elif kind == "key":
            need(body["retired"] == self.keys[-1], "the key that it retires is not in force")
            self.keys.append(body["public_key"])
        elif kind == "alert":
            names = ("setup", "version", "venue", "symbol", "timeframe", "candle_close", "side")
            parts = [str(millis(body[n])) if n == "candle_close" else body[n] for n in names]
            its_id = sha256("\x1f".join(parts).encode()).hexdigest()[:16]
            is_ok = Trade(body, 0, {"rows": []}).risk > 0 <= float(body["breakeven_win_rate"]) <= 1
            is_new = body["id"] == its_id and its_id not in self.ids
            need(is_new and is_ok, "it is no new alert of its id")
            self.ids.add(its_id)
            self.alerts[self.seq + 1] = {"body": body, "at": None, "end": None, "newest": None}
        elif kind == "published":
            need(alert and not alert["at"] and not alert["end"], "no alert waits for it")
            alert["at"] = millis(body["published_at"])
        elif kind in ("outcome", "correction"):
            corrects = body["corrects"] if kind == "correction" else 0
            need(alert and (alert["newest"] or 0) == corrects, "no alert waits for it")
            found = NOTHING | {"outcome": "NOT_PUBLISHED", "ambiguous": False, "candles_hash": None}
            if alert["at"]:
                found = Trade(alert["body"], alert["at"], body["evidence"]).derived(body["outcome"])
            for name, value in found.items():
                is_same = (type(body[name]), body[name]) == (type(value), value)
                need(is_same, f"its {name} is {body[name]!s:.30}, derived again it is {value}")
            alert.update(end=body, newest=self.seq + 1)

# ---- 2. What became of an alert. Prices times the side (+1, -1), so that a short reads as a long.
def millis(text):
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)
def iso(at):
    return at and (EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")[:23] + "Z"
def plain(number):
    return format(number.normalize() + 0, "f")
def numbers(line):
    at, *values = line.split(",")
    return int(at), *map(Decimal, values)

class Trade:
    """One alert, when it was published, and the evidence of its end."""
    def __init__(self, alert, published_at, evidence):
        self.side = {"long": 1, "short": -1}[alert["side"]]
        self.is_limit = alert["entry_kind"] == "limit"
        plan = {name: self.side * Decimal(alert[name]) for name in ("entry", "stop", "target")}
        self.entry, self.stop, self.target = plan.values()
        self.risk, tick = self.entry - self.stop, Decimal(alert["tick"])
        self.reached, self.fills = self.target + tick, self.entry - tick
        rates = (alert[name] for name in ("taker_rate", "maker_rate", "slippage_rate"))
        self.taker, self.maker, self.slip = map(Decimal, rates)
        self.step = {"1m": MINUTE, "5m": 5 * MINUTE}[alert["timeframe"]]
        self.start = published_at + 1000 * alert["latency_s"]
        self.expiry = published_at + MINUTE * alert["max_hold_min"]
        patience = min(self.start + MINUTE * alert["entry_ttl_min"], self.expiry)
        self.waits = range(-(-self.start // self.step) * self.step, patience, self.step)
        self.lines, self.evidence = evidence["rows"], evidence
        self.rows = [self.candle(*numbers(line)) for line in self.lines]
        self.finer = [self.candle(*numbers(line)) for line in evidence.get("finer_rows", [])]
        step = math.gcd(self.step, *(row[0] % self.step for row in self.finer))
        self.finer_step = step if step < self.step else step // 2  # shorter than the candle
        trades = map(numbers, evidence.get("trades", []))  # as candles of one price
        self.tape = [(at, *[self.side * price] * 4) for at, price, _ in trades]
        self.funding = [numbers(line) for line in evidence.get("funding", [])]
        self.fill, self.filled_at, self.since, self.doubt = self.entry, None, self.start, False

    def candle(self, at, *prices):
        first, high, low, last, _ = (self.side * price for price in prices)
        return at, first, max(high, low), min(high, low), last

    def inside(self, parts, row, since=0):
        return [part for part in parts if max(row[0], since) <= part[0] < row[0] + self.step]

    def derived(self, kind):
        """The fields of the outcome that plan, publication and evidence give."""
        for number, row in enumerate(self.rows):
            need(row[0] == self.rows[0][0] + number * self.step, "a row of its evidence is missing")
        ended = self.wait(kind) if self.is_limit else self.enter(kind)
        for row in [] if ended else self.rows:
            end, doubt = self.look(row)
            self.doubt = self.doubt or doubt
            need(not end or row is self.rows[-1], "its evidence goes on after the decision")
            ended = self.report(*end) if end else None
        if ended or kind == "UNRESOLVED_GAP":  # only the venue's candles can show one missing
            self.doubt = True
            return ended or self.report(kind, None, self.stop)
        need("delisted_at" in self.evidence, "its evidence decides nothing")
        last = self.tape[-1:] or [(self.rows[-1][0] + self.step, self.rows[-1][4])]
        return self.report("DELISTED", *last[0][:2])

    def enter(self, kind):
        """A market entry: filled by the first trade, quote or price from the start on."""
        seen_at, price, self.filled_at = None, None, self.start
        finer = [row for row in self.finer if 0 <= row[0] - self.start < self.finer_step]
        if self.tape and (not self.rows or self.inside(self.tape[:1], self.rows[0])):
            self.since, price = seen_at, _ = self.tape[0][:2]
        elif "quote" in self.evidence:
            at, bid, ask = numbers(self.evidence["quote"])
            self.since, price = max(at, self.start), ask if self.side > 0 else -bid
        elif finer:
            self.since, price = finer[0][:2]
        if self.since >= self.expiry:
            return self.report("VOID_LATE", None, price)
        if not self.rows:  # missing, or delisted before a reader could trade
            self.filled_at = self.start if kind == "UNRESOLVED_GAP" else None
            return self.report("VOID_LATE") if "delisted_at" in self.evidence else None
        is_there = self.since >= self.start and self.inside([(self.since,)], self.rows[0])
        need(is_there, "its first row does not contain the fill")
        self.fill = self.rows[0][1] if price is None else price
        if self.fill <= self.stop:
            self.fill = self.entry
            return self.report("STOP", seen_at or self.rows[0][0] + self.step, self.stop)
        is_late = self.fill - self.entry > self.risk / 4 or self.fill >= self.target
        return self.report("VOID_LATE", None, self.fill) if is_late else None

    def wait(self, kind):
        """A limit entry: filled in the first candle in time that trades through it by a tick."""
        opens = [row[0] for row in self.rows]
        if all(row[3] > self.fills for row in self.rows):
            is_cut = kind == "UNRESOLVED_GAP" or "delisted_at" in self.evidence
            need(opens == list(self.waits)[: len(opens) if is_cut else None], "a row is missing")
            self.doubt = kind == "UNRESOLVED_GAP"
            return self.report(*(kind, None, self.stop) if self.doubt else ("NOT_FILLED",))
        need(opens[0] in self.waits and self.rows[0][3] <= self.fills, "its first row is no fill")
        trade = self.inside(self.tape, self.rows[0])[:1]
        self.since, self.filled_at = opens[0], trade[0][0] if trade else opens[0] + self.step
        return None

    def look(self, row):
        """What a candle does: an end (kind, time, price) or None; is the order in doubt?"""
        if row[0] >= self.expiry:
            return ("EXPIRED", row[0], min(row[1], self.target)), False
        trades = self.inside(self.tape, row)  # all of them, if the last one is the close
        first = max(row[0], self.since) // self.finer_step * self.finer_step
        finer = self.inside(self.finer, row, first)
        is_whole = len(finer) * self.finer_step == row[0] + self.step - first
        while self.is_limit and row is self.rows[0] and finer and finer[0][3] > self.fills:
            finer = finer[1:]
        end, doubt = self.ordered(trades, 1, row)
        if end or (trades and (trades[-1][4] == row[4] or trades[-1][0] >= self.expiry)):
            return end, doubt
        return self.ordered(*(finer, self.finer_step) if finer and is_whole else ([row], 0), row)

    def ordered(self, parts, length, row):
        """Trades (length 1), shorter candles or the candle itself (0), one after the other."""
        doubt = False
        for part in parts:
            is_entry = not length or part[0] < self.since or (self.is_limit and part is parts[0])
            is_entry = is_entry and row is self.rows[0] and length != 1
            if part[0] >= self.expiry:
                break
            end, unclear = self.judge(part, is_entry, self.expiry < part[0] + (length or self.step))
            doubt = doubt or unclear
            if end:  # shorter candles tell the order, they do not move the price of a stop
                price = self.stop if length > 1 and end[0] == "STOP" else end[1]
                return (end[0], part[0] if length == 1 else row[0] + self.step, price), doubt
        return None, doubt

    def judge(self, part, is_entry, is_expiring):
        """(kind, price) or None. A touch before the fill or after the expiry leaves a doubt."""
        _, first, high, low, _ = part
        stopped, touched, reached = low <= self.stop, high >= self.target, high >= self.reached
        if not is_entry and (first <= self.stop or first >= self.reached):
            return (("STOP", first) if first <= self.stop else ("TARGET", self.target)), False
        if is_entry or is_expiring:
            is_sure = self.is_limit and is_entry and not is_expiring and not touched
            return (("STOP", self.stop), not is_sure) if stopped else (None, touched)
        end = ("STOP", self.stop) if stopped else ("TARGET", self.target) if reached else None
        return end, stopped and reached

    def report(self, kind, at=None, price=None):
        text = "".join(f"{line}\n" for line in self.lines).encode()
        told = NOTHING | {"outcome": kind, "filled_at": iso(self.filled_at), "ambiguous": False}
        told["candles_hash"] = sha256(text).hexdigest() if text else None
        if kind in ("NOT_FILLED", "VOID_LATE"):
            return told | {"fill_price": None if price is None else plain(self.side * price)}
        net = worst = best = self.net_r(price, at, at_target=kind == "TARGET")
        if self.doubt:
            worst = min(net, self.net_r(self.stop, at, at_target=False))
            best = max(net, self.net_r(self.target, at, at_target=True))
        gross = (price - self.fill) / self.risk
        values = zip(R_VALUES, (gross, gross - net, net, worst, best), strict=True)
        told |= {name: f"{round(value, 10) + 0:f}" for name, value in values}
        told |= {"fill_price": plain(self.side * self.fill), "exit_price": plain(self.side * price)}
        return told | {"exit_at": iso(at), "ambiguous": self.doubt}

    def net_r(self, price, at, at_target):
        """R after fees, slippage and funding; the target is a resting limit without slippage."""
        slip_in, fee_in = (0, self.maker) if self.is_limit else (self.slip, self.taker)
        slip_out, fee_out = (0, self.maker) if at_target else (self.slip, self.taker)
        fill = self.side * self.fill * (1 + self.side * slip_in)
        leave = self.side * price * (1 - self.side * slip_out)
        due = [rate * then for t, rate, then in self.funding if at and self.filled_at < t <= at]
        paid = fee_in * fill + fee_out * leave + self.side * sum(due)
        return (self.side * (leave - fill) - paid) / self.risk

# ---- 3. The venue's own candles: are the rows in the record the venue's, and is none left out?
@cache
def venue_rows(path):
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        rows = (line.strip().split(",")[:5] for line in file if line[:1].isdigit())
        return {int(at): [Decimal(price) for price in prices] for at, *prices in rows}

def is_covered(alert, folder):
    body, trade = alert["body"], Trade(alert["body"], alert["at"], alert["end"]["evidence"])
    says = f"entry #{alert['newest']} differs: the venue's candle of"
    name = body["symbol"].replace("/", "_").replace(":", "_")
    files = sorted(Path(folder, body["venue"], body["timeframe"]).glob(f"{name}.csv*"))
    rows = venue_rows(files[0]) if files else {}
    known = [numbers(line) for line in trade.lines]
    first = trade.waits.start if trade.is_limit else trade.start // trade.step * trade.step
    after = (known[-1][0] if known else first - trade.step) + trade.step
    is_gap = alert["end"]["outcome"] == "UNRESOLVED_GAP" or "delisted_at" in trade.evidence
    if not rows or min(rows) > first or max(rows) < after - (0 if is_gap else trade.step):
        return False
    for at, *prices, _ in known:
        need(rows.get(at) == prices, f"{says} {iso(at)} is another one")
    for at in range(first, known[0][0] if known and trade.is_limit else first, trade.step):
        low = min(trade.side * price for price in rows.get(at, [trade.side * trade.fills]))
        need(low > trade.fills, f"{says} {iso(at)} fills the limit")
    need(not is_gap or after not in rows, f"{says} {iso(after)} is not missing")
    return not {"trades", "quote", "finer_rows"} & set(trade.evidence)  # candles do not prove them

# ---- 4. The figures of (published at, id, setup, kind, net R, break-even rate) of every alert.
def settled(record):
    for alert in record.alerts.values():
        body, end = alert["body"], alert["end"] or {"outcome": "OPEN", "net_r": None}
        at, kind, net = alert["at"] or millis(body["candle_close"]), end["outcome"], end["net_r"]
        trade = Trade(body, at, {"rows": []})
        if kind == "OPEN" and trade.expiry + 60 * MINUTE < millis(record.ts):  # hidden: a loss
            kind, net = "UNRESOLVED_GAP", trade.net_r(trade.stop, None, at_target=False)
        setup, needed = f"{body['setup']} {body['version']}", float(body["breakeven_win_rate"])
        yield at, body["id"], setup, kind, None if net is None else float(net), needed

def log_evidence(k, n, rate):
    """ln of the e-value of k wins in n against a win rate, valid however often one looks."""
    beta = math.lgamma(k + 0.5) + math.lgamma(n - k + 0.5) - math.lgamma(n + 1) - math.log(math.pi)
    parts = ((k, rate), (n - k, 1 - rate))
    return beta + sum(-c * math.log(part) if part > 0 else math.inf for c, part in parts if c)

def lowest(k, n):
    """The lowest win rate that k wins of n still allow at 95 %, by bisection."""
    low, high = 0.0, k / max(n, 1)
    for _ in range(200 if k else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if log_evidence(k, n, middle) < math.log(20) else (middle, high)
    return low

def figures(alerts):
    decided = [each for each in sorted(alerts) if each[3] in DECIDED]
    results, n, z = [each[4] for each in decided], len(decided), 1.959963984540054
    k, needed = sum(net > 0 for net in results), math.fsum(each[5] for each in decided) / max(n, 1)
    centre, spread = (k + z * z / 2) / (n + z * z), math.sqrt(k * (n - k) / max(n, 1) + z * z / 4)
    spread *= z / (n + z * z)
    won, running, peak, deepest, losses, longest = 0.0, 0.0, 0.0, 0.0, 0, 0
    for net in results:
        won, running, losses = won + max(net, 0.0), running + net, 0 if net > 0 else losses + 1
        peak = max(peak, running)
        deepest, longest = max(deepest, peak - running), max(longest, losses)
    return {
        "alerts": len(alerts), "decided": n, "wins": k,
        "buckets": {kind: sum(each[3] == kind for each in alerts) for kind in KINDS},
        "wilson_95": [max(centre - spread, 0.0), min(centre + spread, 1.0)],
        "always_valid_95": [lowest(k, n), 1 - lowest(n - k, n)],
        "breakeven_win_rate": needed if n else None,
        "e_value": math.exp(min(log_evidence(k, n, needed), 709.782712893384)) if n else None,
        "expectancy_r": math.fsum(results) / n if n else None,
        "profit_factor": won / (won - running) if won > running else None,
        "max_drawdown_r": deepest, "longest_losing_run": longest,
    }

# ---- 5. What holds, what it shows, and what was not proven.
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--candles", type=Path, help="DIR/<venue>/<timeframe>/<COIN>_USDT_USDT.csv")
    parser.add_argument("--key", type=str.lower, help="the public key that you know, in hex")
    parser.add_argument("--head", action="append", default=[], help="SEQ:HASH that you hold")
    options, record = parser.parse_args(), Record()
    try:
        heads = [(int(seq), digest) for seq, digest in (h.lower().split(":") for h in options.head)]
        for line in options.ledger.read_bytes().splitlines(keepends=True):
            record.feed(line)
        known = {options.key or key for key in record.signers} & record.signers
        need(known, "entry #1 differs: there is none, or none that this key has signed")
        for seq, digest in heads:
            is_held = 0 < seq <= record.seq and record.hashes[seq - 1].startswith(digest or "-")
            need(is_held, f"entry #{min(seq, record.seq + 1)} differs: you hold #{seq} {digest}")
        ended = [alert for alert in record.alerts.values() if alert["end"] and alert["at"]]
        proven = sum(is_covered(alert, options.candles) for alert in ended if options.candles)
    except DiffersError as error:
        sys.exit(str(error))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"{record.seq} entries hold, head #{record.seq} {record.prev}, keys {record.keys}")
    alerts = list(settled(record))
    for setup in ("all", *sorted({each[2] for each in alerts})):
        print(setup, json.dumps(figures([a for a in alerts if setup in ("all", a[2])]), indent=1))
    print("Not proven:\n  - that no other channel or record of the same bot exists")
    print("  - what rules, universe, refusals, baselines, funding and quotes say of the world")
    print(f"  - {len(ended) - proven} of {len(ended)} outcomes by the venue's candles (--candles)")
    sys.stdout.write("" if options.key else "  - who signed it: any key would do (--key)\n")
    sys.stdout.write("" if heads else "  - that no tail is missing (--head of your message)\n")

if __name__ == "__main__":
    main()
