"""The record on disk: SQLite behind SQLModel, the ledger's key, and backups of both."""
