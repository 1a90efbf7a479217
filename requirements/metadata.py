"""Gives the wheel the dependencies of run.in, so that they are written down once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Dependencies(MetadataHookInterface):
    """Reads run.in: one requirement a line, comments dropped."""

    def update(self, metadata: dict) -> None:
        """Set the project's dependencies."""
        lines = (Path(self.root) / "requirements" / "run.in").read_text().splitlines()
        wanted = (line.partition("#")[0].strip() for line in lines)
        metadata["dependencies"] = [line for line in wanted if line]
