"""Laws 4 and 5: rows are read through `queries`, written by actions; no signals; jobs go by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, dotted

MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}
WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create"}
WRITES |= {f"a{verb}" for verb in WRITES}
# A module of queries that reaches for no row keeps files or words; nothing of it needs a member.
ROWS = re.compile(r"\.objects\b|\.cursor\(|_default_manager|\bobjects\(|\brows\(")
BY_HAND = "kitestring.kit.rows"
SIGNALS = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "post_migrate", "pre_migrate"}


def _is(source: Source, *rooms: str) -> bool:
    """Whether the file is `<room>.py` or lies in a folder `<room>/`."""
    stem = source.parts[-1].removesuffix(".py")
    return stem in rooms or bool(set(rooms) & set(source.parts[:-1]))


def managers(sources: Iterable[Source]) -> Iterator[Finding]:
    """`Model.objects` and statements by hand outside queries and models (tests and migrations aside)."""
    for source in sources:
        if source.is_test or source.is_migration or _is(source, "queries", "models"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
                yield Finding(source.path, node.lineno, f"reaches for rows by {dotted(node) or node.attr}")
            if isinstance(node, ast.ImportFrom) and node.module == BY_HAND:
                yield Finding(source.path, node.lineno, "reaches for rows by a statement of its own")
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in SHORTCUTS:
                first = dotted(node.args[0]) if node.args else ""
                if first.rpartition(".")[2][:1].isupper():
                    yield Finding(source.path, node.lineno, f"reaches for any {first}, whoever asks")


def writes_in_views(sources: Iterable[Source]) -> Iterator[Finding]:
    """Calls that write rows, in views, forms, pages and the API."""
    for source in sources:
        door = _is(source, "views", "forms") or source.path.startswith(("kitestring/web/", "kitestring/api/"))
        if not door or source.is_test or source.is_migration or _is(source, "models", "queries"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                verb = node.func.attr
                if verb in WRITES or verb.removeprefix("a").startswith("bulk_"):
                    yield Finding(source.path, node.lineno, f"calls .{verb}( in a view")


def signals(sources: Iterable[Source]) -> Iterator[Finding]:
    """Django signals, in any dress."""
    for source in sources:
        for node in ast.walk(source.tree):
            heard = ""
            if isinstance(node, ast.Import):
                heard = next((a.name for a in node.names if _signalling(a.name)), "")
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = {alias.name for alias in node.names}
                if _signalling(node.module) or names & (SIGNALS | {"signals", "dispatch"}):
                    heard = f"{node.module} ({', '.join(sorted(names))})"
            elif isinstance(node, ast.Name) and node.id in SIGNALS:
                heard = node.id
            if heard:
                yield Finding(source.path, node.lineno, f"uses a signal: {heard}")


def _signalling(module: str) -> bool:
    return module.startswith(("django.dispatch", "blinker")) or module.rpartition(".")[2] == "signals"


def tasks_by_import(sources: Iterable[Source]) -> Iterator[Finding]:
    """Actions (and what is below them) that import a tasks module."""
    for source in sources:
        low = _is(source, "actions", "queries", "models", "events", "rules")
        if not low or source.is_test or not source.path.startswith("kitestring/domains/"):
            continue
        for node in ast.walk(source.tree):
            module = ""
            if isinstance(node, ast.ImportFrom):
                module = ".".join([node.module or "", *(alias.name for alias in node.names)])
            elif isinstance(node, ast.Import):
                module = ".".join(alias.name for alias in node.names)
            if "tasks" in module.split("."):
                yield Finding(source.path, node.lineno, "imports a task")


def house_queries(sources: Iterable[Source], guarded: set[str]) -> dict[str, set[str]]:
    """Module -> names of its public reads that start neither from a guarded row (a class named in `guarded`, one or
    many) nor from a secret only its owner has: reads for the house's own work, whoever asks."""
    found: dict[str, set[str]] = {}
    for source in sources:
        if source.is_test or not _is(source, "queries") or not ROWS.search(source.text):
            continue
        module = source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                first = ast.unparse(given[0].annotation) if given and given[0].annotation else ""
                if not set(re.findall(r"\w+", first)) & guarded and not (given and given[0].arg == "secret"):
                    found.setdefault(module, set()).add(node.name)
    return found


def side_entrances(sources: Iterable[Source], house: dict[str, set[str]]) -> Iterator[Finding]:
    """Views, forms, pages and API that use a read made for the house, where nobody asks who is reading."""
    for source in sources:
        door = _is(source, "views", "forms") or source.path.startswith(("kitestring/web/", "kitestring/api/"))
        if source.is_test or not door:
            continue
        known: dict[str, str] = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                known |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        for node in ast.walk(source.tree):
            full = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
            first, _, rest = full.partition(".")
            module, _, name = (known.get(first, first) + (f".{rest}" if rest else "")).rpartition(".")
            packages = [m for m in house if m == module or m.startswith(f"{module}.")]
            if any(name in house[m] for m in packages) and ".queries" in f"{module}.":
                yield Finding(
                    source.path, getattr(node, "lineno", 0), f"reads by {name}, which asks for no member"
                )
