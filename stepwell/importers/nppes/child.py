"""Reads the main file in a process of its own, beside the one that writes.

The child knows no database and no Django: it opens, cuts and folds, and hands
over whole blocks. When the parent is gone it notices at the next block and ends.
"""

import fcntl
import gc
import json
import marshal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any, NamedTuple

from stepwell.domain.errors import DomainError
from stepwell.importers.columns import Block, Broken, read_blocks, read_header
from stepwell.importers.mirror.archive import opened
from stepwell.importers.mirror.batches import Batch, Refused
from stepwell.importers.nppes.read import Told, batch_of, skimmed, told_of
from stepwell.importers.records import ImportRefused

SMALL = 64 * 2**20  # bytes; below this a second process costs more than it saves
AHEAD = 2**20  # bytes that may wait to be taken, so that neither process waits for the other
Found = Batch | list[Told | Broken]


class ReadingBrokeOff(DomainError):
    """The child ended before the file did. What is stored stays, to go on from."""


class Job(NamedTuple):
    """What to read, and from where on."""

    path: Path
    inner: str
    size: int
    width: int
    names: list[str]
    wanted: list[int]
    seldom: list[int]
    skip: int  # blocks of which only the numbers are wanted
    shaped: bool  # ready for the tables; or as told, where most of it may be held already
    next_id: int


class Read(NamedTuple):
    """One block, read."""

    number: int
    size: int
    other_encoding: int
    found: Found


def blocks_of(job: Job) -> Iterator[Read]:
    """Yield the blocks of a file, in this process or by a child; raise ImportRefused."""
    return by_child(job) if job.size > SMALL else here(job)


def here(job: Job) -> Iterator[Read]:
    """Read in this process."""
    next_id = job.next_id
    with opened(job.path, job.inner) as stream:
        _, rest = read_header(stream)
        for block in read_blocks(stream, rest, job.width, job.wanted, job.seldom):
            found = found_in(block, job, next_id)
            next_id += len(found.entries) if isinstance(found, Batch) else 0
            yield Read(block.number, block.size, block.other_encoding, found)


def found_in(block: Block, job: Job, next_id: int) -> Found:
    """Return what is asked for of a block."""
    if block.number < job.skip:
        return skimmed(block.parts, job.names)
    told = [told_of(part, job.names) for part in block.parts]
    return batch_of(told, next_id) if job.shaped else told


def by_child(job: Job) -> Iterator[Read]:
    """Let a child read, and take the blocks from it; raise ReadingBrokeOff when it is gone."""
    command = [sys.executable, "-m", "stepwell.importers.nppes.child"]
    with Popen(command, stdin=PIPE, stdout=PIPE) as child:  # noqa: S603  our own module
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(OSError, AttributeError):  # it may be forbidden, or not be Linux
            fcntl.fcntl(child.stdout, fcntl.F_SETPIPE_SZ, AHEAD)
        try:
            child.stdin.write(json.dumps({**job._asdict(), "path": str(job.path)}).encode())
            child.stdin.close()
            while message := received(child.stdout, job.path.name):
                yield unpacked(message)
        finally:
            child.kill()


def received(stream: IO[bytes], file: str) -> bytes:
    """Return the next message, empty at the end."""
    head = stream.read(8)
    size = int.from_bytes(head, "little")
    message = stream.read(size)
    if len(head) < 8 or len(message) < size:
        raise ReadingBrokeOff(
            f"{file}: reading it broke off. Run the same command again: it goes on there."
        )
    return message


def send(message: bytes) -> None:
    """Write one message to the parent."""
    sys.stdout.buffer.write(len(message).to_bytes(8, "little") + message)
    sys.stdout.buffer.flush()


def main() -> None:
    """Read what standard input asks for, and hand it over block by block."""
    told = json.load(sys.stdin)
    gc.disable()  # plain rows hold no circles, and there are millions of them
    with suppress(BrokenPipeError, KeyboardInterrupt):
        try:
            for read in here(Job(**{**told, "path": Path(told["path"])})):
                send(packed(read))
            send(b"")
        except ImportRefused as refused:
            send(marshal.dumps(str(refused)))


def packed(read: Read) -> bytes:
    """Return a block as bytes: marshal is twice as fast as pickle on plain rows."""
    found = read.found
    told = packed_batch(found) if isinstance(found, Batch) else [tuple(part) for part in found]
    return marshal.dumps((tuple(read[:3]), told))


def packed_batch(batch: Batch) -> tuple[Any, ...]:
    """Return a batch as plain rows."""
    rejects = [tuple(one) for one in batch.rejects]
    rows = (batch.read, batch.lines, batch.entries, batch.taxonomies, batch.names)
    return rows, rejects, dict(batch.notes)


def unpacked(message: bytes) -> Read:
    """Return what was packed; raise ImportRefused when the child refused the file."""
    told = marshal.loads(message)  # noqa: S302  from our own child, never from a file
    if isinstance(told, str):
        raise ImportRefused(told)
    (number, size, other), found = told
    return Read(
        number, size, other, parts_of(found) if isinstance(found, list) else rows_of(*found)
    )


def parts_of(found: list[tuple[Any, ...]]) -> list[Told | Broken]:
    """Return the parts of a block that were packed as told."""
    return [Told(*one) if len(one) == len(Told._fields) else Broken(*one) for one in found]


def rows_of(rows: tuple[Any, ...], rejects: list[tuple[Any, ...]], notes: dict[str, int]) -> Batch:
    """Return a batch that was packed as plain rows."""
    read, lines, entries, taxonomies, names = rows
    refused = [Refused(*one) for one in rejects]
    return Batch(read, lines, entries, taxonomies, names, [], refused, Counter(notes))


if __name__ == "__main__":
    main()
