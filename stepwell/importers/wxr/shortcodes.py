"""Finds WordPress shortcodes: [gallery ids="1,2"], [caption]...[/caption], [[escaped]].

WordPress knows which names are shortcodes; an export does not say. A word in
square brackets counts as one when it is known, has attributes, or is closed
again: "[sic]" and "[1]" stay text. One pass, linear; nothing raises.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

DEEPEST = 40
_MARK = re.compile(r"\[(\[?)(/?)([A-Za-z][\w-]{0,60})(\s[^\[\]]{0,4000})?\](\]?)")
_ATTRIBUTE = re.compile(
    r"""([\w-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|&#8221;(.*?)&#8221;|([^\s"']+))|"([^"]*)"|(\S+)"""
)
CORE = frozenset({"caption", "wp_caption", "gallery", "playlist", "audio", "video", "embed"})
BUILDERS = (
    "vc_", "et_pb_", "av_", "fusion_", "su_", "tatsu_", "cs_", "x_", "mk_", "ult_", "dfd_",
    "fl_builder", "nectar_", "tdc_", "thrive_", "wpb_", "kc_", "pb_",
)  # fmt: skip


@dataclass(slots=True)
class Shortcode:
    """One shortcode, with what stands between its two halves."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inner: "list[str | Shortcode]" = field(default_factory=list)


Node = str | Shortcode


def parse(text: str) -> list[Node]:
    """Return the text in pieces: strings and shortcodes, in order."""
    if "[" not in text:
        return [text]
    return _Parse(text).run()


def is_builder(name: str) -> bool:
    """Return whether the name belongs to a page builder: its wrappers go, its text stays."""
    return name.lower().startswith(BUILDERS)


class _Parse:
    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = list(_MARK.finditer(text))
        self.closers = Counter(mark[3] for mark in self.marks if mark[2])
        self.root = Shortcode("")
        self.open = [self.root]

    def run(self) -> list[Node]:
        at = 0
        for mark in self.marks:
            self._say(self.text[at : mark.start()])
            at = mark.end()
            self._take(mark)
        self._say(self.text[at:])
        while len(self.open) > 1:
            self._unclosed()
        return self.root.inner

    def _say(self, text: str) -> None:
        if text:
            self.open[-1].inner.append(text)

    def _take(self, mark: re.Match[str]) -> None:
        if mark[1] and mark[5]:
            self._say(mark[0][1:-1])  # [[escaped]]
            return
        self._say(mark[1])
        if mark[2]:
            self._close(mark)
        elif self._is_shortcode(mark):
            self._begin(mark)
        else:
            self._say(mark[0][len(mark[1]) : len(mark[0]) - len(mark[5])])
        self._say(mark[5])

    def _is_shortcode(self, mark: re.Match[str]) -> bool:
        name, told = mark[3], (mark[4] or "").strip()
        if name in CORE or is_builder(name) or self.closers[name] or told == "/":
            return True
        return "=" in told and not told.startswith("=")

    def _begin(self, mark: re.Match[str]) -> None:
        told = (mark[4] or "").strip()
        ends_itself = told.endswith("/")
        one = Shortcode(mark[3], attributes(told.removesuffix("/")))
        self.open[-1].inner.append(one)
        if not ends_itself and self.closers[mark[3]] and len(self.open) < DEEPEST:
            self.open.append(one)

    def _close(self, mark: re.Match[str]) -> None:
        self.closers[mark[3]] -= 1
        if all(one.name != mark[3] for one in self.open[1:]):
            return  # a closing half without an opening one is nothing
        while self.open[-1].name != mark[3]:
            self._unclosed()
        self.open.pop()

    def _unclosed(self) -> None:
        """End a shortcode that has no closing half: what came after it was not inside it."""
        one = self.open.pop()
        self.open[-1].inner.extend(one.inner)
        one.inner = []


def attributes(text: str) -> dict[str, str]:
    """Return the attributes; those without a name are numbered from 0."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        if match[1]:
            value = next((one for one in match.groups()[1:5] if one is not None), "")
            found[match[1].lower()] = value
        else:
            count = sum(key.isdigit() for key in found)
            found[str(count)] = match[6] if match[6] is not None else match[7]
    return found
