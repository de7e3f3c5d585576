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


# A name of one letter, or one that is a word of ours, stands for a thousand other things too (an icon, a coordinate, a line
# of a table): it is one only beside these words.
ORDINARY = {"line"}
BESIDE = re.compile(r"(?:channel|slug|provider)\w*$", re.IGNORECASE)
BESIDE_IT = re.compile(
    r"(?:channel|slug|provider)[\w\-]*[\"']?\s*(?:==|!=|=|:|\bin\b)\s*[\[(]?\s*(?:[\"'][^\"']*[\"']\s*,\s*)*$",
    re.IGNORECASE,
)


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
        as_channels = set(_as_channels(source.tree))
        for node in ast.walk(source.tree):
            said = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(said, str) or said.strip().casefold() not in known:
                continue
            if _unmistakable(said) or node in as_channels:
                yield Finding(source.path, node.lineno, f"names the channel {said!r}")


def _unmistakable(word: str) -> bool:
    return len(word.strip()) > 1 and word.strip().casefold() not in ORDINARY


def _as_channels(tree: ast.AST) -> Iterator[ast.AST]:
    """Constants that are compared with, matched against, passed or kept as a channel."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(_is_channel(one) for one in (node.left, *node.comparators)):
            yield from ast.walk(node)
        elif isinstance(node, ast.Match) and _is_channel(node.subject):
            yield from (inner for case in node.cases for inner in ast.walk(case.pattern))
        elif isinstance(node, ast.keyword) and BESIDE.search(node.arg or ""):
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Assign) and any(_is_channel(target) for target in node.targets):
            yield node.value
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (value for key, value in pairs if isinstance(key, ast.Constant) and _says(key.value))


def _is_channel(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and _says(node.slice.value)
    return bool(BESIDE.search(dotted(node)))


def _says(value: object) -> bool:
    return isinstance(value, str) and bool(BESIDE.search(value))


def in_markup(files: Iterable[tuple[str, str]], known: set[str]) -> Iterator[Finding]:
    """Quoted strings and whole text nodes of templates and scripts equal to a channel's name."""
    for path, text in files:
        if path.startswith(ALLOWED):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            quoted = [(found[1] or found[2], line[: found.start()]) for found in QUOTED.finditer(line)]
            for word, before in [*quoted, *((text, "") for text in TEXT_NODE.findall(line))]:
                if word.strip().casefold() not in known:
                    continue
                if _unmistakable(word) or BESIDE_IT.search(before):
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
