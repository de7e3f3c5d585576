"""A list that people see has one order: its last key parts every two rows."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source

# A row's key; what is unique among the rows that one parent has; the columns of a table's own key.
TELL_APART = {"id", "pk", "number", "place"}
TOGETHER = ({"delivery_id", "metric", "at"},)


def _names(call: ast.Call) -> list[str]:
    """The fields an `order_by` names; one that is computed counts as none."""
    return [
        one.value.lstrip("-")
        for one in call.args
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def unsettled(source: Source) -> Iterator[Finding]:
    """Every `order_by` in it that leaves two rows with the same values in any order."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "order_by" or not node.args:
            continue
        names = set(_names(node))
        if not (names & TELL_APART or any(together <= names for together in TOGETHER)):
            yield Finding(source.path, node.lineno, f"order_by({', '.join(_names(node))}) may tie")


def lists(sources: Iterable[Source]) -> Iterator[Finding]:
    """The same over the product; tests and the demo world order what only they read."""
    for source in sources:
        if not source.is_test and not source.path.startswith("kitestring/sandbox/"):
            yield from unsettled(source)
