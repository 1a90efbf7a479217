"""Reports of long runs: each run replaces its own section of a file in docs/proof/."""

import re

from tests.conftest import ROOT


def write_report(file: str, section: str, text: str) -> None:
    """Put a section into a report, in place of what an earlier run said there."""
    path = ROOT / "docs/proof" / file
    whole = path.read_text(encoding="utf-8") if path.exists() else f"# {file}\n"
    whole = re.sub(rf"\n## {re.escape(section)}\n.*?(?=\n## |\Z)", "", whole, flags=re.S)
    path.write_text(f"{whole.rstrip()}\n\n## {section}\n\n{text}\n", encoding="utf-8")
