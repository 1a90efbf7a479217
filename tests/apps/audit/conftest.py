"""What the tests of the log share."""

import pytest


@pytest.fixture(autouse=True)
def checkpoints(settings, tmp_path):
    """A file of checkpoints of each test's own."""
    settings.AUDIT_CHECKPOINTS_FILE = str(tmp_path / "audit" / "checkpoints")
    return tmp_path / "audit" / "checkpoints"
