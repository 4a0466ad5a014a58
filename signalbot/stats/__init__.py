"""What the record shows, and how far it can be trusted."""
