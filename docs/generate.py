"""Writes the generated pages of docs/: settings, routes, facts.

`python docs/generate.py` writes them; `--check` only says which are out of date.
"""

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
READERS = {"env", "env_int", "env_flag", "env_list", "env_paths"}
SHOWN = {  # defaults that are worked out, in words
    "ALLOWED_HOSTS": "the host of SITE_URL",
    "SEALING_KEYS_FILE": "keys/sealing in the folder of STEPWELL_VAR",
    "DATABASE_URL": "stepwell.sqlite3 in the folder of STEPWELL_VAR",
    "SITE_STRAPLINE": "Improve mental quality and promote mental health",
}


def settings_page() -> str:
    """Return the table of every setting that is read from the environment."""
    source = (ROOT / "stepwell" / "config" / "settings.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    rows = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in READERS):
            continue
        name = ast.literal_eval(node.args[0])
        values = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
        empty = "none: must be set" if node.func.id == "env" else "empty"
        default = SHOWN.get(name) or (ast.unparse(values[0]) if values else empty)
        comment = lines[node.lineno - 1].partition("  # ")[2]
        rows.append((node.lineno, f"| `{name}` | `{default}` | {comment} |"))
    table = "\n".join(row for _, row in sorted(rows))
    return (
        "# Settings\n\nGenerated from `stepwell/config/settings.py`. Set them in the environment "
        "or in `var/.env` (NAME=value, one a line).\n\n"
        "| setting | default | what for |\n|---|---|---|\n"
        f"{table}\n"
    )


def routes_page() -> str:
    """Return the table of every route with its class."""
    register = tomllib.loads((ROOT / "stepwell/config/routes.toml").read_text(encoding="utf-8"))
    rows = [
        f"| `{r['name']}` | {r['page_class']} | {', '.join(r.get('methods', ['GET']))} "
        f"| {', '.join(r.get('roles', ['visitor']))} |"
        for r in register["routes"]
    ]
    groups = [
        f"| everything under `/{g['prefix']}` | {g['page_class']} | | {', '.join(g['roles'])} |"
        for g in register["groups"]
    ]
    head = "| route | class | methods | who |\n|---|---|---|---|\n"
    return (
        "# Routes\n\nGenerated from `stepwell/config/routes.toml`.\n\n"
        + head
        + "\n".join([*rows, *groups])
        + "\n"
    )


PAGES = {
    "docs/hosting/settings.md": settings_page,
    "docs/reference/routes.md": routes_page,
}


def main() -> int:
    """Write or check the pages; return the exit status."""
    check = "--check" in sys.argv
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: out of date. Run python docs/generate.py." if check else f"wrote {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
