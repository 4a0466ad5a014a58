"""Tell every reader and place something after a second look at it; try whether alerts arrive.

Every verb may run twice: nobody is told the same twice.
"""

import hashlib
import unicodedata

from signalbot.domain.delivery import PostKind
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.timeframe import HOUR_MS
from signalbot.errors import InputError
from signalbot.rendering.announcement import announcement_text
from signalbot.rendering.trial_alert import trial_alert_text
from signalbot.service.admin_ports import ControlLog
from signalbot.service.administer import Actor, note_announcement
from signalbot.service.delivery_ports import Outbox

LONGEST = 900
"""Characters of an announcement; with its command it stays below what is looked at of a message."""
LIVES_MS = 12 * HOUR_MS
TRIAL_LIVES_MS = HOUR_MS


def draft(outbox: Outbox, actor: Actor, text: str) -> tuple[str, str]:
    """Keep an announcement that is not confirmed yet; return its name and its HTML.

    Raises
    ------
    InputError
        If there is nothing to say, or too much.
    """
    said = "".join(each for each in text if each == "\n" or not _is_control(each)).strip()
    if not 1 <= len(said) <= LONGEST:
        allowed = f"1 to {LONGEST} characters: /announce We move to a new channel."
        raise InputError("announcement", f"{len(said)} characters", allowed)
    name = hashlib.sha256(f"{actor.at}:{said}".encode()).hexdigest()[:12]
    html = announcement_text(said)
    subject = _draft_of(actor, name)
    outbox.put(subject, PostKind.ANNOUNCEMENT, html, (), actor.at, actor.at)  # to nobody
    return name, html


def announce(outbox: Outbox, log: ControlLog, actor: Actor, name: str) -> int:
    """Queue a draft of this admin for every place and subscriber; return for how many chats.

    Raises
    ------
    InputError
        If there is no such draft of this admin.
    """
    html = outbox.text_of(_draft_of(actor, name))
    if html is None:
        raise InputError("announcement", "gone", "a new one: /announce")
    subject = f"announcement:{actor.who}:{name}"
    until = actor.at + LIVES_MS
    chats = outbox.put(subject, PostKind.ANNOUNCEMENT, html, "everybody", actor.at, until)
    note_announcement(log, actor, name, chats)
    return chats


def send_trial_alert(outbox: Outbox, actor: Actor, alert: RecordedAlert) -> None:
    """Queue an alert of the record, marked as a test, for whoever asks: by the way of alerts."""
    html = trial_alert_text(alert)
    subject = f"test:{actor.who}:{actor.at}"
    until = actor.at + TRIAL_LIVES_MS
    outbox.put(subject, PostKind.NEWS, html, [actor.who], actor.at, until)


def _draft_of(actor: Actor, name: str) -> str:
    return f"draft:{actor.who}:{name}"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")
