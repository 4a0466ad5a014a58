"""What the entries say: values of the domain as JSON bodies, and back.

Integers are JSON numbers; every other number is a plain decimal string, R values and rates with
ten places; times are ISO 8601 UTC.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from signalbot.domain.alert import Alert, BtcNote, EntryKind, Plan, SetupState, Size
from signalbot.domain.profile import Profile
from signalbot.domain.rounding import plain, ten_places
from signalbot.domain.side import Side
from signalbot.domain.timeframe import from_iso, iso, timeframe
from signalbot.record.entries import Body

_PLAN_PRICES = ("entry", "stop", "target", "tick")
_PLAN_RATES = ("taker_rate", "maker_rate", "slippage_rate")
_SIZE_FIELDS = ("qty", "notional", "margin", "leverage", "loss_at_stop", "gain_at_target")
_PLAN_MINUTES = ("latency_s", "max_hold_min", "entry_ttl_min")


def plan_body(plan: Plan) -> dict[str, Any]:
    """Return the fields of the alert JSON of the `resolve` command, but for published_at."""
    return {
        "id": plan.id,
        "venue": plan.venue,
        "symbol": plan.symbol,
        "side": plan.side.value,
        "entry_kind": plan.entry_kind.value,
        **{name: plain(getattr(plan, name)) for name in _PLAN_PRICES},
        **{name: ten_places(getattr(plan, name)) for name in _PLAN_RATES},
        **{name: getattr(plan, name) for name in _PLAN_MINUTES},
    }


def plan_of(body: Body) -> Plan:
    """Return the plan that an alert body holds."""
    return Plan(
        id=body["id"],
        venue=body["venue"],
        symbol=body["symbol"],
        side=Side(body["side"]),
        entry_kind=EntryKind(body["entry_kind"]),
        entry=Decimal(body["entry"]),
        stop=Decimal(body["stop"]),
        target=Decimal(body["target"]),
        tick=Decimal(body["tick"]),
        taker_rate=Decimal(body["taker_rate"]),
        maker_rate=Decimal(body["maker_rate"]),
        slippage_rate=Decimal(body["slippage_rate"]),
        latency_s=body["latency_s"],
        max_hold_min=body["max_hold_min"],
        entry_ttl_min=body["entry_ttl_min"],
    )


def alert_body(alert: Alert) -> Body:
    """Return the body of an `alert` entry."""
    return plan_body(alert.plan) | {
        "setup": alert.setup,
        "version": alert.version,
        "state": alert.state.value,
        "timeframe": alert.timeframe.name,
        "candle_close": iso(alert.candle_close),
        "breakeven_win_rate": ten_places(alert.breakeven_win_rate),
        "cost_r": ten_places(alert.cost_r),
        "reward_risk_net": ten_places(alert.reward_risk_net),
        "reasons": _plain_values(alert.reasons),
        "description": _plain_values(alert.description),
        "account": _plain_fields(alert.account, ("equity", "risk_pct", "leverage")),
        "size": _plain_fields(alert.size, _SIZE_FIELDS),
        "btc": {
            "return_5m": ten_places(alert.btc.return_5m),
            "trend": alert.btc.trend,
            "volatility": alert.btc.volatility,
        },
    }


def alert_of(body: Body) -> Alert:
    """Return the alert that an alert body holds."""
    return Alert(
        plan=plan_of(body),
        setup=body["setup"],
        version=body["version"],
        state=SetupState(body["state"]),
        timeframe=timeframe(body["timeframe"]),
        candle_close=from_iso(body["candle_close"]),
        breakeven_win_rate=Decimal(body["breakeven_win_rate"]),
        cost_r=Decimal(body["cost_r"]),
        reward_risk_net=Decimal(body["reward_risk_net"]),
        reasons=_decimals(body["reasons"]),
        description=_decimals(body["description"]),
        account=Profile(**_decimals(body["account"])),
        size=Size(**_decimals(body["size"])),
        btc=BtcNote(
            return_5m=Decimal(body["btc"]["return_5m"]),
            trend=body["btc"]["trend"],
            volatility=body["btc"]["volatility"],
        ),
    )


def published_body(alert_seq: int, published_at: int, message_id: str, recipients: int) -> Body:
    """Return the body of the one `published` entry of an alert; it never names a chat."""
    return {
        "alert_seq": alert_seq,
        "published_at": iso(published_at),
        "message_id": message_id,
        "recipients": recipients,
    }


def checkpoint_body(day: str, size: int, head: str, merkle_root: str) -> Body:
    """Return the body of a `checkpoint` over the first `size` entries, which end with `head`."""
    return {"day": day, "size": size, "head": head, "merkle_root": merkle_root}


def key_body(public_key: str, retired: str) -> Body:
    """Return the body of a `key` entry: the entries after it are signed with `public_key`."""
    return {"public_key": public_key, "retired": retired}


def universe_body(day: str, venue: str, timeframe: str, symbols: Sequence[str]) -> Body:
    """Return the body of a `universe` entry: the pairs watched on that UTC day."""
    return {"day": day, "venue": venue, "timeframe": timeframe, "symbols": sorted(symbols)}


def refusals_body(day: str, counts: Mapping[str, int]) -> Body:
    """Return the body of a `refusals` entry: how many matches of a day were refused, by name."""
    return {"day": day, "counts": dict(sorted(counts.items()))}


def _plain_fields(value: Profile | Size, names: Sequence[str]) -> Body:
    return {name: plain(getattr(value, name)) for name in names}


def _plain_values(values: Mapping[str, Decimal]) -> Body:
    return {name: plain(value) for name, value in values.items()}


def _decimals(values: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}
