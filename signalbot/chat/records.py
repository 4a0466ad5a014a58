"""The public record: its statistics, single alerts, why they were made, and how to check it all."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import EVERYWHERE, Answers, Command, Press
from signalbot.chat.desk import ChatDesk
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.time_zone import UTC_ZONE
from signalbot.errors import InputError
from signalbot.rendering.alert_keyboard import WHY
from signalbot.rendering.record_answers import (
    alert_text,
    export_text,
    open_text,
    proof_text,
    why_text,
)
from signalbot.rendering.reply import Attachment, Reply
from signalbot.rendering.risk_texts import claim_text
from signalbot.rendering.statistics_text import refusals_text, statistics_text
from signalbot.stats.claim import claim, smallest_samples

PICTURES = "pictures"
LEDGER = "ledger"
"""How the name of the ledger's file begins in an export."""
MOST_OPEN = 15


@dataclass(frozen=True, slots=True)
class Records:
    """Answers /stats, /open, /alert, /why, /proof, /export and /claim."""

    desk: ChatDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        return (
            Command(name="stats", summary="The record, honestly", run=self.stats, scope=EVERYWHERE),
            Command(name="open", summary="Alerts that run", run=self.open, scope=EVERYWHERE),
            Command(
                name="alert", summary="One alert: /alert 1184", run=self.alert, scope=EVERYWHERE
            ),
            Command(
                name="why", summary="Why it was made: /why 1184", run=self.why, scope=EVERYWHERE
            ),
            Command(
                name="claim",
                summary="What an advertised win rate means: /claim 70.59",
                run=self.claim,
                scope=EVERYWHERE,
            ),
            Command(
                name="proof", summary="Check the record yourself", run=self.proof, scope=EVERYWHERE
            ),
            Command(name="export", summary="The whole record as files", run=self.export),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (
            Press(verb=WHY, run=self.why, scope=EVERYWHERE),
            Press(verb=PICTURES, run=self.pictures, scope=EVERYWHERE),
        )

    def stats(self, ask: Ask) -> Answers:
        """Return the statistics; pictures by a button."""
        told = self.desk.record.statistics()
        lines = [statistics_text(told.performance, told.head, told.since)]
        if told.source:
            lines.insert(0, f"({told.source})")
        if told.refusals:
            lines.append(refusals_text(told.refusals))
        lines.append("Check it yourself: /proof")
        keyboard = ((button("Pictures", PICTURES),),)
        return (Reply(html="\n".join(lines), keyboard=keyboard),)

    def pictures(self, ask: Ask) -> Answers:
        """Return the statistics as pictures."""
        drawn = self.desk.record.pictures()
        pictures = tuple(Attachment(name=name, content=png) for name, png in drawn.items())
        return (Reply(html="The record in pictures.", pictures=pictures),)

    def open(self, ask: Ask) -> Answers:
        """Return the alerts that run."""
        return (Reply(html=open_text(self.desk.alerts.open(MOST_OPEN), self._zone(ask))),)

    def alert(self, ask: Ask) -> Answers:
        """Return one alert with its outcome and its chart."""
        alert = self._alert(ask, "/alert")
        entry = self.desk.record.entry(alert.seq)
        if entry is None:
            raise InputError("alert", alert.seq, "the number of an alert")
        png = self.desk.record.picture(alert.seq)
        pictures = () if png is None else (Attachment(name=f"{alert.seq}.png", content=png),)
        html = alert_text(alert, entry, self._zone(ask))
        return (Reply(html=html, pictures=pictures, keyboard=((button("Why", WHY, alert.seq),),)),)

    def why(self, ask: Ask) -> Answers:
        """Return why an alert was made."""
        return (Reply(html=why_text(self._alert(ask, "/why"))),)

    def proof(self, ask: Ask) -> Answers:
        """Return head and key of the record, and how it is checked."""
        record = self.desk.record
        return (Reply(html=proof_text(record.head(), record.public_key(), record.entry(1))),)

    def export(self, ask: Ask) -> Answers:
        """Return the whole public record as files."""
        files = self.desk.record.export()
        documents = tuple(Attachment(name=name, content=body) for name, body in files.items())
        count = self.desk.record.statistics().performance.alerts
        html = export_text(count, has_ledger=any(name.startswith(LEDGER) for name in files))
        return (Reply(html=html, documents=documents),)

    def claim(self, ask: Ask) -> Answers:
        """Return what an advertised win rate means."""
        text = ask.text.strip().removesuffix("%").strip().replace(",", ".")
        allowed = "per cent from 0 to 100, for example /claim 70.59"
        try:
            rate = Decimal(text) if len(text) <= 8 else Decimal("NaN")
        except InvalidOperation:
            raise InputError("win rate", ask.text[:20] or "nothing", allowed) from None
        if not rate.is_finite() or not 0 <= rate <= 100:
            raise InputError("win rate", ask.text[:20] or "nothing", allowed)
        samples = tuple(claim(each) for each in smallest_samples(rate))
        return (Reply(html=claim_text(f"{rate:f}", samples, "1", "0.5")),)

    def _alert(self, ask: Ask, command: str) -> RecordedAlert:
        words = ask.text.lstrip("#").split()
        number = words[0] if words else ""
        is_number = number.isascii() and number.isdigit() and len(number) <= 12
        found = self.desk.alerts.find(int(number)) if is_number else None
        if found is None or found.published_at is None:
            newest = self.desk.alerts.newest(1)
            example = newest[-1].seq if newest else 1184
            allowed = f"the number under an alert, for example {command} {example}"
            raise InputError("alert", ask.text[:20] or "nothing", allowed)
        return found

    def _zone(self, ask: Ask) -> str:
        known = self.desk.people.get(ask.reader) if ask.chat == ask.reader else None
        return UTC_ZONE if known is None else known.zone
