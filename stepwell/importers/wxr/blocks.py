"""Parses the block comments that WordPress wraps around content since version 5.

`<!-- wp:name {json} -->` opens, `<!-- /wp:name -->` closes, `/-->` does both.
What is never closed goes on to the end. One pass, linear; nothing raises.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 60
LONGEST_JSON = 1_000_000
_MARK = re.compile(r"\s*(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)(?:\s|$|/)")


@dataclass(slots=True)
class Block:
    """One block: its full name, what its comment says, and its HTML with blocks inside it."""

    name: str
    said: dict[str, Any] = field(default_factory=dict)
    inner: "list[str | Block]" = field(default_factory=list)


def has_blocks(content: str) -> bool:
    """Return whether the content was written in blocks."""
    return "<!-- wp:" in content


def parse(content: str) -> "list[str | Block]":
    """Return the content in pieces: classic HTML and blocks, in order."""
    root = Block("")
    open_ = [root]
    at = 0
    while True:
        start = content.find("<!--", at)
        end = content.find("-->", start + 4) if start >= 0 else -1
        if end < 0:
            break
        mark = _MARK.match(content, start + 4, end)
        if mark is None:
            _say(open_[-1], content[at : end + 3])
        else:
            _say(open_[-1], content[at:start])
            _take(open_, mark, content[mark.end(2) : end])
        at = end + 3
    _say(open_[-1], content[at:])
    return root.inner


def _say(block: Block, html: str) -> None:
    if html:
        block.inner.append(html)


def _take(open_: list[Block], mark: re.Match[str], rest: str) -> None:
    name = full_name(mark[2])
    if mark[1]:
        while any(one.name == name for one in open_[1:]):
            if open_.pop().name == name:
                return
        return
    rest = rest.strip()
    alone = rest.endswith("/")
    block = Block(name, _json(rest.removesuffix("/").strip()))
    open_[-1].inner.append(block)
    if not alone and len(open_) < DEEPEST:
        open_.append(block)


def full_name(name: str) -> str:
    """Return the name with its namespace; old embed blocks all become core/embed."""
    if name.startswith("core-embed/"):
        return "core/embed"
    return name if "/" in name else f"core/{name}"


def _json(text: str) -> dict[str, Any]:
    if not text or len(text) > LONGEST_JSON:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
