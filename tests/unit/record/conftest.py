from collections.abc import Callable

import pytest
from fakes.made_alert import changed_alert

from signalbot.domain.alert import Alert

AlertMaker = Callable[..., Alert]


@pytest.fixture(scope="session")
def make_alert() -> AlertMaker:
    """Return what makes an alert; changes go to the alert, or to its plan if it has that field."""
    return changed_alert
