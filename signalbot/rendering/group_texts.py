"""What is said in a group, in Telegram's HTML."""

GROUP_GREETING = (
    "Here everybody can ask for the public record: /help lists how. Alerts come once an admin of"
    " this group sends /subscribe. Nothing here is advice."
)
GROUP_NEEDS_ADMIN = "Only an admin of this group can ask for alerts here, or end them."
GROUP_SUBSCRIBED = (
    "This group gets every alert once, on paper, for a reference account. Each has a button that"
    " leads to your own size in private. /unsubscribe ends it."
)
GROUP_LEAVES = "This group gets no more alerts."
