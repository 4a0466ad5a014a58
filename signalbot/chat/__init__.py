"""What the bot answers: commands and buttons as functions from a question to a reply."""
