"""A market that exists nowhere else: what the demo trades, and what tests read."""
