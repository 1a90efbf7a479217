"""A FHIR file as nodes that know their place, so that every complaint can name it."""

import json
from pathlib import Path
from typing import Any

from stepwell.importers.records import ImportRefused
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

LARGEST = 5_000_000  # bytes; the longest form here is a twentieth of it
SHOWN = 20  # complaints


class Problems:
    """What is wrong with a file: place, what, and the repair, one line each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, path: str, what: str, repair: str) -> None:
        """Note one more; what was noted already is not said twice."""
        line = f"{self.file}: {path}: {what}. {repair}"
        if line not in self.found:
            self.found.append(line)

    def refuse(self) -> None:
        """Raise ImportRefused with everything that was noted, if anything was."""
        if self.found:
            more = len(self.found) - SHOWN
            rest = [f"... and {more} more."] if more > 0 else []
            raise ImportRefused("\n".join([*self.found[:SHOWN], *rest]))


class Node:
    """One JSON object of the file."""

    def __init__(self, value: Json, path: str, problems: Problems) -> None:
        self.value = value
        self.path = path
        self.problems = problems

    def problem(self, key: str, what: str, repair: str) -> None:
        """Note what is wrong with this object, or with one of its keys."""
        self.problems.add(f"{self.path}.{key}" if key else self.path, what, repair)

    def text(self, key: str) -> str:
        """Return a text, "" where there is none."""
        value = self.value.get(key, "")
        if not isinstance(value, str):
            self.problem(key, "is not a text", "Write it in quotes.")
            return ""
        return value.strip()

    def node(self, key: str) -> "Node | None":
        """Return the object under a key, if there is one."""
        value = self.value.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(key, "is not an object", "Write {...}, as FHIR has it.")
            return None
        return Node(value, f"{self.path}.{key}", self.problems)

    def nodes(self, key: str) -> list["Node"]:
        """Return the objects of the list under a key."""
        values = self.value.get(key, [])
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            self.problem(key, "is not a list of objects", "Write [{...}, ...], as FHIR has it.")
            return []
        return [
            Node(one, f"{self.path}.{key}[{number}]", self.problems)
            for number, one in enumerate(values)
        ]

    def extension(self, *urls: str) -> "Node | None":
        """Return the first extension with one of these addresses."""
        return next((one for one in self.nodes("extension") if one.text("url") in urls), None)

    def own(self, name: str) -> "Node | None":
        """Return the extension of ours with this name, from whichever site it comes."""
        end = f"/fhir/StructureDefinition/{name}"
        found = (one for one in self.nodes("extension") if one.text("url").endswith(end))
        return next(found, None)

    def number(self, key: str) -> int | None:
        """Return a whole number, None where there is none."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
            self.problem(key, f"is {value!r}, which is no whole number", "Write digits only.")
            return None
        return int(value)

    def loinc(self) -> str:
        """Return the LOINC code of a form, a question or a score, "" where there is none."""
        codes = (one for one in self.nodes("code") if one.text("system") == fhir.LOINC)
        return next((one.text("code") for one in codes), "")

    def english(self, key: str) -> str:
        """Return a text in English: its English translation, if it has one, or the text."""
        beside = self.node(f"_{key}")
        for translation in beside.nodes("extension") if beside else []:
            if translation.text("url") == fhir.TRANSLATION:
                parts = {part.text("url"): part for part in translation.nodes("extension")}
                lang, content = parts.get("lang"), parts.get("content")
                if lang and content and lang.text("valueCode").startswith("en"):
                    return content.text("valueString") or content.text("valueMarkdown")
        return self.text(key)


def load(path: Path) -> Node:
    """Return a file's Questionnaire; raise ImportRefused where it holds none."""
    problems = Problems(path.name)
    raw = _parsed(path, problems)
    problems.refuse()
    if not isinstance(raw, dict) or raw.get("resourceType") != "Questionnaire":
        kind = raw.get("resourceType") if isinstance(raw, dict) else type(raw).__name__
        problems.add(
            "resourceType",
            f"is {kind!r}, not 'Questionnaire'",
            "Give a file that holds one FHIR R4 Questionnaire and nothing around it.",
        )
    problems.refuse()
    return Node(raw, "Questionnaire", problems)


def _parsed(path: Path, problems: Problems) -> Any:
    size = path.stat().st_size
    if size > LARGEST:
        problems.add("the file", f"has {size} bytes", f"Give one of at most {LARGEST}.")
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
        json.dumps(raw, ensure_ascii=False).encode()  # half a character has no UTF-8
        return raw
    except UnicodeError as error:
        problems.add("the file", f"is not UTF-8 ({error})", "Save it as UTF-8.")
    except RecursionError:
        problems.add("the file", "is nested too deeply", "Give a Questionnaire as FHIR has it.")
    except ValueError as error:
        problems.add("the file", f"is not JSON ({error})", "Correct that place.")
    return None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
