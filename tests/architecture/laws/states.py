"""Law 6: a row that is work moves along declared arrows, and whoever moves it asks the graph."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from kitestring.kit.states import Graph
from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, docstrings

SET = re.compile(r"\bSET\b[^;]*?\bstate\s*=\s*'(\w+)'", re.IGNORECASE | re.DOTALL)
FROM = re.compile(r"\bWHERE\b(?:(?!\bSET\b)[^;])*?\bstate\s*(?:=\s*'(\w+)'|IN\s*\(([^)]*)\))", re.I | re.S)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def moves_unasked(sources: Iterable[Source], arbiters: tuple[str, ...]) -> Iterator[Finding]:
    """Functions that set `.state` or `.update(state=...)` and name none of the `arbiters` (the graph, its helpers)."""
    for source in sources:
        if source.is_test or source.is_migration:
            continue
        for function in ast.walk(source.tree):
            if not isinstance(function, Function) or _names(function) & set(arbiters):
                continue
            for node in ast.walk(function):
                if _moves(node):
                    yield Finding(source.path, node.lineno, f"{function.name} sets a state, asking no graph")


def _names(function: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}


def _moves(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "state" for keyword in node.keywords)
    return False


def undeclared_in_sql(sources: Iterable[Source], graph: Graph) -> Iterator[Finding]:
    """Statements in SQL that move a state along an arrow the graph does not have, or say not from where."""
    for source in sources:
        if source.is_test or source.is_migration:
            continue
        prose = docstrings(source.tree)
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
                continue
            for target in SET.findall(node.value):
                wrong = _arrow(target, node.value, graph)
                if wrong:
                    yield Finding(source.path, node.lineno, wrong)


def _arrow(target: str, statement: str, graph: Graph) -> str:
    origins = FROM.search(statement)
    if origins is None:
        return f"moves rows to {target!r} without `WHERE state = ...`"
    for origin in [origins[1]] if origins[1] else re.findall(r"'(\w+)'", origins[2]):
        if origin != target and not graph.allows(origin, target):
            return f"moves {origin!r} to {target!r}, which is not declared"
    return ""
