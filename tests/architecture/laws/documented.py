"""Docs name every setting, every subcommand and every command of bin/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tests.architecture.laws.tree import Source

SETTING = re.compile(r"\bKITESTRING_[A-Z0-9]+(?:_[A-Z0-9]+)*\b")


def settings(texts: Iterable[str]) -> set[str]:
    """Every KITESTRING_* name that stands in the sources."""
    return {name for text in texts for name in SETTING.findall(text)}


def subcommands(sources: Iterable[Source]) -> set[str]:
    """Names given to `add_parser("...")` and keys of a module's `COMMANDS = {...}`, below kitestring/cli."""
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "add_parser" and node.args and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(t, ast.Name) and t.id == "COMMANDS" for t in targets):
                    found |= {str(k.value) for k in node.value.keys if isinstance(k, ast.Constant)}
    return found


def unnamed(names: Iterable[str], docs: str, *, before: str = "") -> list[str]:
    """The names that stand nowhere in the docs as a whole word, after `before`."""
    return sorted(
        name for name in names if not re.search(rf"(?<![\w-]){re.escape(before + name)}(?![\w-])", docs)
    )
