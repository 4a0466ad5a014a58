"""The one place that builds objects, and the only one that reads the clock."""
