import pytest
from fakes.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
