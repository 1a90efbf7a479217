"""What every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# The same examples in every run, and no clock: a slow machine is no finding.
hypothesis_settings.register_profile("same", deadline=None, derandomize=True)
hypothesis_settings.load_profile("same")

# The browser driver runs an event loop in the test's thread; Django would refuse to ask
# the database there. Nothing in the tests is concurrent.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"  # reference data that lies beside the checkout on some machines


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data; skips the test by name where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the reference data is not beside this checkout")
    return SHARED
