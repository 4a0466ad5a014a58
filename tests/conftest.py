"""Settings of all tests."""

import os

from hypothesis import settings

# Machines are shared and noisy: an example may take long for no fault of ours. CI draws the same
# examples every time, so that a red run can be repeated; everywhere else they are drawn afresh.
settings.register_profile("signalbot", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("signalbot")
