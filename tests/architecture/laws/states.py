"""Law 6: a row that is work moves along declared arrows, and whoever moves it asks the graph."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from kitestring.kit.states import Graph
from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, docstrings

GAP = "\0"
STATEMENT = re.compile(
    r"\bUPDATE\s+(?P<table>\w+)(?:\s+(?:AS\s+)?(?!SET\b)(?P<alias>\w+))?\s+SET\b(?P<set>.*?)(?P<where>(?:\bWHERE\b|\bFROM\b|\0).*)?$",
    re.IGNORECASE | re.DOTALL,
)
ASSIGNED = re.compile(r"\bstate\s*=\s*(?:'(\w+)'|CASE\b(.*?)\bEND\b)", re.IGNORECASE | re.DOTALL)
BRANCH = re.compile(r"\b(?:THEN|ELSE)\s+'(\w+)'", re.IGNORECASE)
ORIGIN = r"(?<![\w.])(?:{alias}\.)?state\s*(?:=\s*'(\w+)'|IN\s*\(([^)]*)\)|=\s*ANY\s*\(\s*%\((\w+)\)s|=\s*(%\(\w+\)s))"
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
        parts = [part for t in targets for part in (t.elts if isinstance(t, ast.Tuple) else [t])]
        return any(isinstance(part, ast.Attribute) and part.attr == "state" for part in parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "state" for keyword in node.keywords)
    return False


def undeclared_in_sql(
    sources: Iterable[Source], graph: Graph, others: Collection[str] = ()
) -> Iterator[Finding]:
    """Statements in SQL that move a state along an arrow the graph does not have, or say not from where.

    `others`: tables of the same room that have a graph of their own, by which their statements are read.
    States given by a parameter are read from the module's own dictionaries where they stand written out.
    """
    for source in sources:
        if source.is_test or source.is_migration:
            continue
        given = _written_out(source.tree)
        for line, text in _texts(source.tree):
            for piece in re.split(r"(?=\bUPDATE\b)", text):
                statement = STATEMENT.search(piece)
                if statement and statement["table"] not in others:
                    yield from (
                        Finding(source.path, line, wrong) for wrong in _wrong(statement, graph, given)
                    )


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every string constant but docstrings; a formatted one as a whole, with gaps."""
    prose = docstrings(tree)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else GAP for p in node.values]
            yield node.lineno, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | inner:
            yield node.lineno, node.value


def _written_out(tree: ast.Module) -> dict[str, set[str]]:
    """Strings of lists and tuples that stand under a name in a dictionary: `{"states": ["held"]}`."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.List | ast.Tuple):
                    words = {str(e.value) for e in value.elts if isinstance(e, ast.Constant)}
                    found.setdefault(str(key.value), set()).update(words)
    return found


def _wrong(statement: re.Match[str], graph: Graph, given: dict[str, set[str]]) -> Iterator[str]:
    targets: set[str] = set()
    for assigned in ASSIGNED.finditer(statement["set"]):
        targets |= {assigned[1]} if assigned[1] else set(BRANCH.findall(assigned[2]))
    if not targets:
        return
    pattern = ORIGIN.format(alias=statement["alias"] or "")
    found = re.search(pattern, statement["where"] or "", re.IGNORECASE)
    if found is None:
        yield f"moves rows to {sorted(targets)} without `WHERE state = ...`"
        return
    origins = {found[1]} if found[1] else set(re.findall(r"'(\w+)'", found[2] or ""))
    origins |= given.get(found[3] or "", set())
    for origin in sorted(origins):
        for target in sorted(targets - {origin}):
            # A CASE on the state itself takes each origin its own way: one allowed target is enough there.
            if not graph.allows(origin, target) and not any(graph.allows(origin, t) for t in targets):
                yield f"moves {origin!r} to {target!r}, which is not declared"
