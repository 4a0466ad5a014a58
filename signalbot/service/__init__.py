"""Use cases, one verb a module; what they need of the outside world stands in `ports`."""
