"""Lists what runs or follows people in a text. nh3 removes it; the report says what it was."""

import re

from stepwell.importers.wxr.links import host_of
from stepwell.importers.wxr.notes import Notes

_ACTIVE = re.compile(
    r"<(script|object|embed|form|style|noscript|applet|link|meta|base)\b[^<>]*>", re.I
)
_ADDRESS = re.compile(r"""\b(?:src|data|action|href)\s*=\s*["']?([^"'\s>]{1,500})""", re.I)
_HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]{3,20}\s*=", re.I)
_SCRIPT_ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']?\s*(?:javascript|vbscript|data):""", re.I)


def list_active(flat: str, notes: Notes) -> None:
    """Count scripts, forms, handlers and the like by their host."""
    if "<" not in flat:
        return
    for found in _ACTIVE.finditer(flat):
        address = _ADDRESS.search(found[0])
        host = host_of(address[1]) if address else ""
        notes.removed[f"{found[1].lower()}{f': {host}' if host else ''}"] += 1
    if handlers := len(_HANDLER.findall(flat)):
        notes.removed["handlers of events"] += handlers
    if scripts := len(_SCRIPT_ADDRESS.findall(flat)):
        notes.removed["addresses that run or hold something"] += scripts
