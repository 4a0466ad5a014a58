import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

VERIFIER = Path(__file__).parents[2] / "verify.py"


@pytest.fixture(scope="session")
def verify() -> ModuleType:
    """The stranger's verifier, loaded as the single file it is."""
    spec = importlib.util.spec_from_file_location("strangers_verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
