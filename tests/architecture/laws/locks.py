"""The locks hold what pyproject.toml declares: every package, in a version that fits, each file with its hash."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source


@dataclass(frozen=True)
class Pin:
    """One line of a lock: the package, its version, the hashes of its files."""

    name: str
    version: Version
    hashes: int


def pins(text: str) -> dict[str, Pin]:
    """The packages of a lock by canonical name."""
    found = {}
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text))
    for entry in entries:
        first = entry.strip().partition("\\")[0].strip()
        if not first:
            continue
        wanted = Requirement(first)
        exact = next((s.version for s in wanted.specifier if s.operator == "=="), None)
        if exact:
            name = canonicalize_name(wanted.name)
            found[name] = Pin(name, Version(exact), entry.count("--hash=sha256:"))
    return found


def faults(path: str, declared: Iterable[str], locked: dict[str, Pin]) -> Iterator[Finding]:
    """Declared packages the lock lacks or holds in a version that does not fit; pins without a hash."""
    for line in declared:
        wanted = Requirement(line)
        pin = locked.get(canonicalize_name(wanted.name))
        if pin is None:
            yield Finding(path, 0, f"lacks {wanted.name}, which pyproject.toml declares")
        elif not wanted.specifier.contains(pin.version, prereleases=True):
            yield Finding(
                path, 0, f"has {pin.name} {pin.version}, pyproject.toml asks for {wanted.specifier}"
            )
    for pin in locked.values():
        if not pin.hashes:
            yield Finding(path, 0, f"{pin.name} {pin.version} has no hash")


def apart(path: str, runtime: dict[str, Pin], development: dict[str, Pin]) -> Iterator[Finding]:
    """Runtime packages that the development lock lacks or holds in another version."""
    for name, pin in runtime.items():
        other = development.get(name)
        if other is None or other.version != pin.version:
            yield Finding(
                path, 0, f"{name}: {pin.version} at run time, {other and other.version} in development"
            )


def undeclared(
    sources: Iterable[Source], declared: set[str], brought_by: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Imports of packages that are not declared; `brought_by` maps a module to its distributions."""
    for source in sources:
        for node in ast.walk(source.tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for top in {module.partition(".")[0] for module in modules}:
                if top in sys.stdlib_module_names or top == "kitestring":
                    continue
                bringers = {canonicalize_name(name) for name in brought_by.get(top, (top,))}
                if not bringers & declared:
                    yield Finding(source.path, node.lineno, f"imports {top}, which is not declared")
