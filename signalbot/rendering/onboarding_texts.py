"""The four questions of a newcomer, in Telegram's HTML (at most 4096 characters)."""

from signalbot.domain.onboarding import Step
from signalbot.domain.profile import ADVISED_LEVERAGE
from signalbot.domain.rounding import plain
from signalbot.domain.subscriber import PAPER_ALERTS, Subscriber
from signalbot.rendering.figures import VENUE_TITLES, money, venue_title
from signalbot.rendering.size_lines import LEVERAGE_HINT

WELCOME = (
    "This bot sends alerts for small coins: entry, stop, target, and the size for your account.\n"
    "Before the first alert such setups were tried on months of real market data, and they did"
    " not beat their costs. Each alert is tracked to its end, and the record of all of them is"
    " public: /stats.\n"
    "You get alerts from here on, on paper at first; /unsubscribe ends them, /pause interrupts"
    " them. Nothing here is advice.\n"
    "Four questions make the size yours. Each can be skipped, and changed later with /settings."
)
DESCRIPTION = (
    "Alerts for small coins with entry, stop, target, and the size for your account. Every one is"
    " tracked to its end, and the whole record is public, losers and costs included. Such setups"
    " have not beaten their costs so far, so alerts are on paper. No orders, no keys, no advice."
)
"""What somebody reads before pressing Start; 512 characters at most."""
SHORT_DESCRIPTION = "Scalp alerts on paper, sized for you, with an honest public record."
"""What stands on the bot's profile; 120 characters at most."""
QUESTIONS = {
    Step.VENUE: "Where do you trade?",
    Step.EQUITY: "How much is in your account there, in USDT? Tap an amount or type one, such as"
    " 750. Only this bot uses it, for your sizes.",
    Step.RISK: "What may one stop cost you, in % of the account? 0.5 is the default: most losses"
    " come in runs. Tap or type, 1 is the most.",
    Step.LEVERAGE: "Which leverage do you set at the exchange? 3x is the default. "
    f"{LEVERAGE_HINT} It brings liquidation nearer. Tap or type, 20 is the most.",
}
SKIP_LABEL = "Skip"
STRANGER = "That needs your settings, and the bot does not know you yet: /start begins."


def welcome_text() -> str:
    """Return what a newcomer is told first."""
    return WELCOME


def came_from_text(seq: int) -> str:
    """Return what a newcomer is told who came by the link under an alert."""
    return f"You came for alert #{seq}. When your account is told, tap for your size."


def question_text(step: Step, subscriber: Subscriber) -> str:
    """Return a question, with what was answered before."""
    number = list(Step).index(step) + 1
    told = answer_text(step, subscriber)
    before = "" if told is None else f"\nSo far: {told}."
    return f"{number}/{len(Step)} {QUESTIONS[step]}{before}"


def answer_text(step: Step, subscriber: Subscriber) -> str | None:
    """Return how a question is answered so far, or by its default; None where it has none."""
    if step is Step.VENUE:
        return None if subscriber.venue is None else venue_title(subscriber.venue)
    if step is Step.EQUITY:
        return None if subscriber.equity is None else f"{money(subscriber.equity)} USDT"
    if step is Step.RISK:
        return choice_label(step, plain(subscriber.risk_pct))
    return choice_label(step, plain(subscriber.leverage))


def choice_label(step: Step, value: str) -> str:
    """Return what stands on the button that answers `value`; a button is plain text."""
    units = {Step.EQUITY: " USDT", Step.RISK: " %", Step.LEVERAGE: "x"}
    return VENUE_TITLES.get(value, value) if step is Step.VENUE else f"{value}{units[step]}"


def finished_text(subscriber: Subscriber) -> str:
    """Return what the four answers come to, and what happens next."""
    profile = subscriber.profile
    if profile is None:
        account = (
            "Your account is not told, so alerts show the size for a reference account. Tell it"
            " with /settings."
        )
    else:
        account = (
            f"{money(profile.equity)} USDT at {plain(profile.risk_pct)} % risk: a stop may cost you"
            f" {money(profile.risk_money)} USDT, all costs included."
            f" At most {plain(profile.leverage)}x."
        )
    lines = [account, *leverage_warning(subscriber)]
    if subscriber.real_since is None:
        lines.append(
            f"Sizes are marked PAPER for the first {PAPER_ALERTS} alerts, and until you ask for"
            " real ones in /settings."
        )
    lines.append("While you wait: /learn has six short lessons.")
    return "\n".join(lines)


def leverage_warning(subscriber: Subscriber) -> list[str]:
    """Return the line that a leverage above the advice gets; nothing at or below it."""
    if subscriber.leverage <= ADVISED_LEVERAGE:
        return []
    return [
        f"⚠ {plain(subscriber.leverage)}x is above the advised 3 to {ADVISED_LEVERAGE}x."
        f" {LEVERAGE_HINT}"
    ]
