"""What a reader agrees to, what is kept, and how it is deleted, in Telegram's HTML."""

from signalbot.domain.subscriber import PAPER_ALERTS, Subscriber

REAL_SIZES_SENTENCE = (
    "Setups of this kind were tried on months of real market data, and they did not beat their"
    " costs. I want to see real sizes all the same."
)
"""What a reader confirms before sizes lose their PAPER mark."""
REAL_SIZES_LABEL = "I know, show real sizes"
FORGET_LABEL = "Delete everything"
KEEP_LABEL = "Keep it"
FORGET_AGAIN = (
    "Not everything is deleted yet: the record is being read just now. Tap once more in a minute."
)


def real_sizes_question() -> str:
    """Return what stands above the button that asks for real sizes."""
    return (
        f"Before sizes lose their PAPER mark, read this and confirm it:\n\n"
        f"<b>{REAL_SIZES_SENTENCE}</b>\n\n"
        f"Your first {PAPER_ALERTS} alerts stay on paper, and so does a setup whose own record"
        " shows that it loses. /settings brings the mark back. This bot places no orders."
    )


def real_sizes_text(subscriber: Subscriber) -> str:
    """Return the answer to asking for real sizes, and to going back to paper."""
    if subscriber.real_since is None:
        return "Sizes are marked PAPER. You can ask for real ones in /settings."
    left = PAPER_ALERTS - subscriber.alerts_received
    if left <= 0:
        return "Sizes are no longer marked PAPER. /settings brings the mark back."
    count = "alert stays" if left == 1 else "alerts stay"
    return f"Noted. Your next {left} {count} on paper; sizes after that are not marked."


def privacy_text() -> str:
    """Return what is kept of a reader, who can see it, and how it is deleted."""
    return (
        "What this bot keeps of you: the id of your Telegram account, when you came, what you"
        " answered (venue, account, risk, leverage), time zone, quiet hours, pauses, muted coins"
        " and setups, how many alerts you received, whether you asked for real sizes, whether"
        " this chat can be reached, whether you are an admin or blocked, which alerts were sent to"
        " you and with which size, and your journal. No name, no phone number, no key of an"
        " exchange.\n"
        "What for: to send you alerts, to size them, and to show you your journal.\n"
        "Who sees it: whoever runs this bot can read its database. Telegram carries the messages"
        " and knows what stands in them.\n"
        "The public record never holds you: no entry of it names a reader.\n"
        "/forgetme deletes all of it. What stays is the log of what admins did: with your id if you"
        " are one, or if one made you an admin or blocked you."
    )


def forget_question() -> str:
    """Return what stands above the button that deletes everything."""
    return (
        "Delete everything this bot keeps of you: your answers and settings, and your journal?"
        " You get no more alerts, and it cannot be taken back.\n"
        "Not reached are backups made before, until the operator deletes them, and the messages in"
        " this chat, which you can clear yourself. The public record stays: it never held you."
    )


def forgotten_text(journal_entries: int) -> str:
    """Return what was deleted and what stays; the last message to this reader."""
    entries = "1 journal entry" if journal_entries == 1 else f"{journal_entries} journal entries"
    return (
        f"Deleted: your answers, your settings, what was sent to you and {entries}. You get no more"
        " alerts.\n"
        "The public record stays as it is. It never held you: no entry of it names a reader.\n"
        "A backup that the operator made before today still has them until it is deleted. The"
        " messages in this chat are yours to clear.\n"
        "/start begins anew."
    )
