"""A disk that keeps only what was synced: made from what a process asked the system to write.

A line of `strace -y -xx` is one call. What was written and not synced is dropped, or a part of it
kept at random, as a power cut may do.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

CALL = re.compile(
    r'(pwrite64|write|fdatasync|fsync|ftruncate)\((\d+)<((?:\\x[0-9a-f]{2})*)>'
    r'(?:, "((?:\\x[0-9a-f]{2})*)")?(?:, (\d+))?(?:, (\d+))?\)\s+= (-?\d+)'
)  # fmt: skip


class Write(NamedTuple):
    """Bytes for a place in a file; none where the file is cut there."""

    at: int
    content: bytes | None


@dataclass
class Disk:
    """Files as they surely are, and what was written to them since their last sync."""

    files: dict[str, bytearray]
    waiting: dict[str, list[Write]] = field(default_factory=dict)
    syncs: int = 0

    def after_a_cut(self, luck: random.Random | None = None) -> dict[str, bytes]:
        """Return the files after a power cut; with `luck` some unsynced writes came through."""
        found = {name: bytearray(content) for name, content in self.files.items()}
        for name, writes in self.waiting.items():
            for one in writes:
                if luck is not None and luck.random() < 0.5:
                    put(found.setdefault(name, bytearray()), one)
        return {name: bytes(content) for name, content in found.items()}


def put(content: bytearray, one: Write) -> None:
    """Do one write."""
    if one.content is None:
        del content[one.at :]
        return
    content.extend(bytes(max(0, one.at - len(content))))
    content[one.at : one.at + len(one.content)] = one.content


def replay(trace: Path, disk: Disk) -> Iterator[str]:
    """Follow a trace; yield what the process said it had stored, at the moment it said so."""
    for line in trace.open(encoding="ascii"):
        found = CALL.match(line)
        if not found or int(found[7]) < 0:
            continue
        name = Path(plain(found[3]).decode()).name
        if found[1] == "write" and found[2] == "1":
            yield plain(found[4]).decode().removeprefix("ACK ").strip()
        elif name.endswith((".sqlite3", "-wal")):
            follow(found, name, disk)


def follow(call: re.Match[str], name: str, disk: Disk) -> None:
    """Do one call on the disk."""
    waiting = disk.waiting.setdefault(name, [])
    if call[1] == "pwrite64":
        waiting.append(Write(int(call[6]), plain(call[4])))
    elif call[1] == "ftruncate":
        waiting.append(Write(int(call[5]), None))
    elif call[1] in {"fdatasync", "fsync"}:
        disk.syncs += 1
        for one in disk.waiting.pop(name):
            put(disk.files.setdefault(name, bytearray()), one)
    else:
        raise AssertionError(f"a call that this disk does not know: {call[0][:200]}")


def plain(text: str) -> bytes:
    """Return the bytes of a text in which each is written as two hexadecimal digits."""
    return bytes.fromhex(text.replace("\\x", ""))
