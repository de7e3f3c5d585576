"""Finds calls that a connector would cut: one that is cancelled goes on inside the library, and goes out unheard."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source

CUTS: Final = {"timeout", "timeout_at", "wait_for", "wait", "cancel"}
ROOMS: Final = ("kitestring/connectors/", "kitestring/connectorkit/")
SERVERS: Final = ("emula", "/tests/")  # these answer calls, they make none


def found(files: Iterable[Source]) -> Iterator[Finding]:
    """Each `asyncio.timeout(...)`, `wait_for`, `task.cancel()` and the like where channels are called."""
    for file in files:
        if not file.path.startswith(ROOMS) or any(word in file.path for word in SERVERS):
            continue
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CUTS:
                yield Finding(file.path, node.lineno, f"{ast.unparse(node.func)}()")
