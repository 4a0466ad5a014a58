"""The values everything else speaks in; no package below but `errors`."""
