"""Setups: hypotheses about when a pair is worth a scalp. Pure; one module each."""
