"""The ledger as facts: entries, their canonical form, the chain, signatures, and the fold."""
