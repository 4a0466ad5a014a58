"""Alembic's folder: `env.py` and one file a revision, applied by `storage.schema.migrate`."""
