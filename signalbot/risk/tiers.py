"""Maintenance tiers of a contract: the larger the position, the more margin it must keep.

::

    maintenance = notional * m_n - cum_n
    cum_1 = 0        cum_n = cum_(n-1) + floor_n * (m_n - m_(n-1))

The maintenance amount `cum` makes the maintenance continuous where one tier passes into the next.
Notionals and amounts are in quote units. Tiers that were not made by `tiers_of` are not checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.rounding import plain
from signalbot.errors import InputError

ZERO = Decimal(0)
ONE = Decimal(1)
UNBOUNDED = Decimal("Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A tier as a venue or a file states it.

    Attributes
    ----------
    floor, cap : Decimal
        Its range of notional. The last tier may have no cap.
    mmr : Decimal
        Maintenance margin per notional: 0.015 is 1.5 %.
    cum, max_leverage : Decimal or None
        Maintenance amount and highest leverage; None where they are not stated.
    """

    floor: Decimal
    cap: Decimal | None
    mmr: Decimal
    cum: Decimal | None = None
    max_leverage: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A checked tier: `cum` is known, and `cap` is infinite where there is none."""

    floor: Decimal
    cap: Decimal
    mmr: Decimal
    cum: Decimal
    max_leverage: Decimal | None

    def holds(self, notional: Decimal) -> bool:
        """Return whether a position of this notional belongs here: above floor, up to cap."""
        return self.floor < notional <= self.cap

    def maintenance(self, notional: Decimal, fee_rate: Decimal) -> Decimal:
        """Return what a position of this notional must keep, with the fee of closing it."""
        return notional * (self.mmr + fee_rate) - self.cum


def tiers_of(
    bands: Sequence[Band], *, recompute: bool = True, where: str | None = None
) -> tuple[Tier, ...]:
    """Return the tiers that `bands` describe, lowest first.

    A `cum` that is not stated is recomputed from the tier before, or 0 without `recompute`: a
    venue that charges the maintenance on the entry knows none.

    Raises
    ------
    InputError
        Naming the field of the first band that is wrong: none at all, not from 0, out of order,
        overlapping, with a hole, with a rate that falls or is no rate, with a negative amount or
        a leverage below 1. `where` is put in front of the number of the tier.
    """
    if not bands:
        raise InputError("tiers", "empty", "at least one tier", where)
    tiers: list[Tier] = []
    for number, band in enumerate(bands, start=1):
        place = f"{where} tier {number}" if where else f"tier {number}"
        before = tiers[-1] if tiers else None
        _check_range(band, before, place, is_last=number == len(bands))
        _check_terms(band, before, place)
        tiers.append(
            Tier(
                floor=band.floor,
                cap=UNBOUNDED if band.cap is None else band.cap,
                mmr=band.mmr,
                cum=_amount(band, before if recompute else None),
                max_leverage=band.max_leverage,
            )
        )
    return tuple(tiers)


def single_tier(mmr: Decimal, cum: Decimal = ZERO) -> tuple[Tier, ...]:
    """Return the one tier of a contract of which only a rate is known.

    Raises
    ------
    InputError
        If it is no rate, or the amount is negative.
    """
    return tiers_of([Band(floor=ZERO, cap=None, mmr=mmr, cum=cum)])


def tier_at(tiers: Sequence[Tier], notional: Decimal) -> int | None:
    """Return the index of the tier that holds a notional; None beyond the last one."""
    return next((index for index, tier in enumerate(tiers) if notional <= tier.cap), None)


def _amount(band: Band, before: Tier | None) -> Decimal:
    if band.cum is not None:
        return band.cum
    return ZERO if before is None else before.cum + band.floor * (band.mmr - before.mmr)


def _check_range(band: Band, before: Tier | None, where: str, *, is_last: bool) -> None:
    expected = ZERO if before is None else before.cap
    if band.floor != expected:
        begins = "where the first tier begins" if before is None else "where the tier before ends"
        raise InputError("floor", band.floor, f"{plain(expected)}, {begins}", where)
    if band.cap is None:
        if not is_last:
            raise InputError("cap", None, "a number: only the last tier may have none", where)
    elif not (band.cap.is_finite() and band.cap > band.floor):
        raise InputError("cap", band.cap, f"above the floor {plain(band.floor)}", where)


def _check_terms(band: Band, before: Tier | None, where: str) -> None:
    if not (band.mmr.is_finite() and ZERO < band.mmr < ONE):
        raise InputError("mmr", band.mmr, "a rate above 0 and below 1", where)
    if before is not None and band.mmr < before.mmr:
        raise InputError(
            "mmr", band.mmr, f"not below {plain(before.mmr)} of the tier before", where
        )
    if band.cum is not None and not (band.cum.is_finite() and band.cum >= 0):
        raise InputError("cum", band.cum, "0 or more", where)
    if band.max_leverage is not None and not (
        band.max_leverage.is_finite() and band.max_leverage >= ONE
    ):
        raise InputError("max_leverage", band.max_leverage, "1 or more", where)
