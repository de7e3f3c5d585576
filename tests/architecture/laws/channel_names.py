"""Law 2: outside the connectors no text names a channel, and nothing imports a connector."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import ROOT, Source, dotted

ALLOWED = tuple(
    f"kitestring/{room}/" for room in ("connectors", "providers", "rulepacks", "sandbox", "locale")
)
TEXT_NODE = re.compile(r">([^<>{}]+)<")
QUOTED = re.compile(r"\"([^\"\n]{1,80})\"|'([^'\n]{1,80})'")


def names() -> set[str]:
    """Slugs and display names, in every language, of all connectors here."""
    found: set[str] = set()
    for path in sorted((ROOT / "kitestring" / "connectors").glob("*/manifest.toml")):
        manifest = tomllib.loads(path.read_text("utf-8"))
        shown = manifest.get("name", {})
        found |= {path.parent.name, str(manifest.get("slug", path.parent.name))}
        found |= set(shown.values()) if isinstance(shown, dict) else {str(shown)}
    return {name.casefold() for name in found}


def in_python(sources: Iterable[Source], known: set[str]) -> Iterator[Finding]:
    """String constants equal to a channel's slug or display name."""
    for source in sources:
        if source.path.startswith(ALLOWED):
            continue
        for node in ast.walk(source.tree):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and said.strip().casefold() in known:
                yield Finding(source.path, node.lineno, f"names the channel {said!r}")


def in_markup(files: Iterable[tuple[str, str]], known: set[str]) -> Iterator[Finding]:
    """Quoted strings and whole text nodes of templates and scripts equal to a channel's name."""
    for path, text in files:
        if path.startswith(ALLOWED):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            words = [a or b for a, b in QUOTED.findall(line)] + TEXT_NODE.findall(line)
            for word in words:
                if word.strip().casefold() in known:
                    yield Finding(path, number, f"names the channel {word.strip()!r}")


def imported(sources: Iterable[Source]) -> Iterator[Finding]:
    """Imports of a connector from outside; by string too (`import_module("kitestring.connectors.x")`)."""
    for source in sources:
        if source.path.startswith(("kitestring/connectors/", "kitestring/sandbox/")):
            continue
        for node in ast.walk(source.tree):
            for module in _modules(node):
                if module.startswith("kitestring.connectors."):
                    yield Finding(source.path, node.lineno, f"imports {module}")


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and dotted(node.func).endswith("import_module") and node.args:
        first = node.args[0]
        return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
    return []
