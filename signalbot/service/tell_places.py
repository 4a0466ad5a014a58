"""What the channel and the groups are told besides alerts: a day, a week, and BTC's HALT.

Each post has a subject of its own, so that telling it twice sends it once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.analysis.btc_context import BtcRules, BtcState
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, day, from_iso
from signalbot.record.fold import Ended
from signalbot.rendering.btc_posts import halt_post, resume_post
from signalbot.rendering.digest import Day, Week, daily_digest, weekly_report
from signalbot.service.ports import Refusals
from signalbot.service.recording import Recording
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample

WEEK_DAYS = 7
PICTURED = "picture:"
"""How the subject of a post begins that has a picture of the record."""
PICTURE_TEXT = "The whole record so far, after costs and before them."
DIGEST_LIVES_MS = 12 * HOUR_MS
HALT_LIVES_MS = HOUR_MS
"""How long it makes sense to send a digest, and that BTC is halted or calm again."""
THURSDAY_TO_MONDAY = 3  # the epoch began on a Thursday


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something to tell every place; `expires_at` is when it is too late to."""

    subject: str
    html: str
    expires_at: int


def posts_of_day(
    recording: Recording, refusals: Refusals, pairs: int, closed_day: str, now: int
) -> list[Post]:
    """Return the digest of a UTC day that is over, and on a Monday the report of the week too."""
    record = _performance(recording, list(recording.state.settled))
    since = recording.state.first_alert_at()
    first_day = None if since is None else day(since)
    counts = dict(refusals.counts(closed_day))
    digest = daily_digest(
        _day(recording, counts, pairs, closed_day), record, recording.head, first_day
    )
    posts = [Post(subject=f"digest:{closed_day}", html=digest, expires_at=now + DIGEST_LIVES_MS)]
    if _is_sunday(closed_day):
        days = _week_until(closed_day)
        week = Week(
            first_day=days[0],
            last_day=closed_day,
            shown=_performance(recording, _alerts_of(recording, days)),
            refused=_added([refusals.counts(each) for each in days]),
        )
        report = weekly_report(week, record, recording.head, first_day)
        expires_at = now + 2 * DIGEST_LIVES_MS
        posts.append(Post(subject=f"week:{closed_day}", html=report, expires_at=expires_at))
        subject = f"{PICTURED}{closed_day}"
        posts.append(Post(subject=subject, html=PICTURE_TEXT, expires_at=expires_at))
    return posts


def is_halted(was_halted: bool | None, btc: BtcState | None) -> bool | None:
    """Return whether alerts are halted now; None while BTC has not been known yet.

    BTC that was known and is not any more, because candles are missing, halts too.
    """
    if btc is not None:
        return btc.halted
    return None if was_halted is None else True


def halt_post_of(was_halted: bool | None, btc: BtcState | None, at: int) -> Post | None:
    """Return what to tell of the beginning or the end of a HALT at a close; None if it is neither.

    The first state after a start is told only if it is a HALT.
    """
    halted = is_halted(was_halted, btc)
    if halted is None or halted is bool(was_halted):
        return None
    rules = BtcRules()
    html = halt_post(btc, rules) if halted else resume_post(rules)
    name = "halt" if halted else "calm"
    return Post(subject=f"{name}:{at}", html=html, expires_at=at + HALT_LIVES_MS)


def _day(recording: Recording, counts: dict[str, int], pairs: int, closed_day: str) -> Day:
    ended = _ended_on(recording, closed_day)
    results = [result for each in ended if (result := _net_r(each)) is not None]
    return Day(
        day=closed_day,
        pairs=pairs,
        alerts=len(_alerts_of(recording, [closed_day])),
        refused=counts,
        decided=len(results),
        wins=sum(result > 0 for result in results),
        net_r=sum(results, Decimal(0)),
    )


def _ended_on(recording: Recording, closed_day: str) -> list[Ended]:
    return [each for each in recording.state.ended.values() if day(each.at) == closed_day]


def _net_r(ended: Ended) -> Decimal | None:
    text = ended.body["net_r"]
    return None if text is None else Decimal(text)


def _alerts_of(recording: Recording, days: list[str]) -> list[int]:
    settled = recording.state.settled
    return [seq for seq, each in settled.items() if day(each.published_at) in days]


def _performance(recording: Recording, seqs: list[int]) -> Performance:
    state = recording.state
    sample = Sample.of(state.settled[seq] for seq in seqs)
    return performance(sample, recording.seed, state.baselines, state.corrections)


def _is_sunday(closed_day: str) -> bool:
    days = from_iso(closed_day) // DAY_MS
    return (days + THURSDAY_TO_MONDAY) % WEEK_DAYS == WEEK_DAYS - 1


def _week_until(last_day: str) -> list[str]:
    last = from_iso(last_day)
    return [day(last - back * DAY_MS) for back in range(WEEK_DAYS - 1, -1, -1)]


def _added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for each in counts:
        total.update(each)
    return dict(total)
