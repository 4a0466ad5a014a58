"""Refusals: a trade that is not taken has a name, and is counted like an alert."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """Every reason for which a match becomes no alert."""

    # the plan itself
    INVALID_STOP_SIDE = "INVALID_STOP_SIDE"
    INVALID_TARGET_SIDE = "INVALID_TARGET_SIDE"
    COST_TOO_HIGH = "COST_TOO_HIGH"
    STOP_INSIDE_SPREAD = "STOP_INSIDE_SPREAD"
    TICK_TOO_COARSE = "TICK_TOO_COARSE"
    # its size for an account
    BELOW_MIN_QTY = "BELOW_MIN_QTY"
    BELOW_MIN_NOTIONAL = "BELOW_MIN_NOTIONAL"
    ABOVE_MAX_QTY = "ABOVE_MAX_QTY"
    INSUFFICIENT_MARGIN = "INSUFFICIENT_MARGIN"
    ABOVE_TIER_NOTIONAL = "ABOVE_TIER_NOTIONAL"
    LEVERAGE_ABOVE_TIER = "LEVERAGE_ABOVE_TIER"
    LIQUIDATED_AT_ENTRY = "LIQUIDATED_AT_ENTRY"
    LIQ_INSIDE_STOP = "LIQ_INSIDE_STOP"
    # the setup's own record
    SETUP_SUSPENDED = "SETUP_SUSPENDED"
    # what an admin has switched off
    ON_HOLD = "ON_HOLD"
    SETUP_OFF = "SETUP_OFF"
    PAIR_OFF = "PAIR_OFF"
    # the market around it
    BTC_HALT = "BTC_HALT"
    BTC_UNKNOWN = "BTC_UNKNOWN"
    # what is published
    ALREADY_OPEN = "ALREADY_OPEN"
    DUPLICATE_VENUE = "DUPLICATE_VENUE"
    BUDGET = "BUDGET"
    # the account's own guards
    RISK_ABOVE_LIMIT = "RISK_ABOVE_LIMIT"
    PORTFOLIO_HEAT = "PORTFOLIO_HEAT"
    SAME_SIDE_LIMIT = "SAME_SIDE_LIMIT"
    DAILY_LOSS_LIMIT = "DAILY_LOSS_LIMIT"
    COOL_OFF = "COOL_OFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One named reason, with a sentence that says what would make it fit."""

    code: RefusalCode
    message: str
