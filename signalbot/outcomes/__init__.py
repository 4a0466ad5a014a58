"""What became of an alert: one function decides, everything else only finds out when to ask it."""
