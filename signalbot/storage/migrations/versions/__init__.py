"""Revisions of the schema, numbered in the order in which they are applied."""
