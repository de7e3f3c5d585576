"""The checkout as the laws see it: which files are ours, and their Python as parsed trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "kitestring"
LEFT_OUT = {".git", ".venv", "node_modules", "__pycache__", "out", "dist", "site", "data", ".state"}


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root (POSIX) and its text."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def is_test(self) -> bool:
        """In a tests folder, or pytest's own file."""
        return "tests" in self.parts[:-1] or self.parts[-1] == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts[:-1]

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text, self.path)

    def line(self, number: int) -> str:
        return self.text.splitlines()[number - 1]


@cache
def _parse(text: str, path: str) -> ast.Module:
    return ast.parse(text, filename=path)


@cache
def files() -> tuple[str, ...]:
    """Every file of ours, POSIX paths from the root: tracked or new, never what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = sorted(name for name in listed.stdout.decode().split("\0") if name)
        return tuple(name for name in names if (ROOT / name).is_file())
    found = (p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file())
    return tuple(sorted(p.as_posix() for p in found if not LEFT_OUT & set(p.parts)))


def matching(*ends: str, under: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of our files whose names end so, below the folder `under`."""
    for name in files():
        if name.startswith(under) and name.endswith(ends):
            yield name, (ROOT / name).read_text("utf-8")


@cache
def sources(under: str = f"{PACKAGE}/") -> tuple[Source, ...]:
    """Our Python below `under`."""
    return tuple(Source(path, text) for path, text in matching(".py", under=under))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute chain; "" when it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of the constants that are docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, holders) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found
