"""Open a record: its genesis and the rules it is kept by."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from signalbot.analysis.btc_context import BtcRules
from signalbot.domain.alert import CHASE_SHARE
from signalbot.domain.fingerprint import described
from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import exact, plain
from signalbot.domain.timeframe import MINUTE_MS, Timeframe
from signalbot.record.entries import Draft, EntryType, canonical
from signalbot.service.decide import Desk
from signalbot.service.recording import Recording
from signalbot.setups.catalogue import published_parameters
from signalbot.setups.setup import Setup
from signalbot.stats.clusters import CHAIN_MS, CORRELATION, REPLICATES
from signalbot.stats.state import MIN_PROVEN
from signalbot.stats.uncertainty import ALPHA
from signalbot.stats.verdict import MIN_BETS, MIN_DECIDED


def open_record(
    recording: Recording, desk: Desk, setups: Sequence[Setup], genesis: Mapping[str, Any], now: int
) -> None:
    """Append genesis and rules.

    `genesis` states what kind of record it is, its public key and the channels it discloses.
    """
    rules = rules_body(desk, setups[0].timeframe)
    disclosed = {
        "product": "signalbot",
        "rules_hash": hashlib.sha256(canonical(rules)).hexdigest(),
        "setups": {setup.name: setup.version for setup in setups},
    }
    recording.append(
        [
            Draft(type=EntryType.GENESIS, ts=now, body=disclosed | dict(genesis)),
            Draft(type=EntryType.RULES, ts=now, body=rules),
        ]
    )


def state_rules(recording: Recording, desk: Desk, setups: Sequence[Setup], now: int) -> None:
    """Append the rules that are in force, if the record does not say so already."""
    body = rules_body(desk, setups[0].timeframe)
    if recording.state.rules != body:
        recording.append([Draft(type=EntryType.RULES, ts=now, body=body)])


def rules_body(desk: Desk, timeframe: Timeframe) -> dict[str, Any]:
    """Return everything that decides about alerts, as text."""
    return {
        "venue": desk.venue,
        "timeframe": timeframe.name,
        "gates": described(desk.rules),
        "btc": described(BtcRules()),
        "setups": published_parameters(timeframe),
        "account": described(desk.profile),
        "chase_share": plain(CHASE_SHARE),
        "judgement": _judgement(),
        "instruments": {
            symbol: _terms(instrument) for symbol, instrument in sorted(desk.instruments.items())
        },
    }


def _judgement() -> dict[str, Any]:
    # what a setup is called follows from these and from the record alone (docs/setups.md)
    return {
        "verdict_from_decided": MIN_DECIDED,
        "beats_costs_from_effective_bets": MIN_BETS,
        "proven_from_decided": MIN_PROVEN,
        "losing_is_final": True,
        "interval_alpha": plain(exact(ALPHA)),
        "one_bet_within_min": CHAIN_MS // MINUTE_MS,
        "correlation_in_a_bet": plain(exact(CORRELATION)),
        "bootstrap_replicates": REPLICATES,
    }


def _terms(instrument: Instrument) -> dict[str, Any]:
    names = ("tick", "step", "min_qty", "min_notional", "taker_rate", "maker_rate")
    terms = {name: plain(getattr(instrument, name)) for name in names}
    return terms | {"assumed": sorted(instrument.assumed)}
