"""The law of one clock: Python asks `kitestring.kit.clock.now()`, SQL asks `ks_now()`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, docstrings, dotted

CALLS = re.compile(
    r"^(datetime\.)?(datetime\.(now|utcnow|today)|date\.today)$"
    r"|^(django\.utils\.)?timezone\.(now|localdate|localtime)$|^time\.(time|time_ns)$"
)
BARE = {
    "django.utils.timezone": {"now", "localdate", "localtime"},
    "django.db.models.functions": {"Now"},
    "time": {"time", "time_ns"},
}
IN_SQL = re.compile(
    r"(?<![\w.])now\s*\(\s*\)|\b(?:clock|statement|transaction)_timestamp\s*\(\s*\)"
    r"|\b(?:CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP)\b",
    re.IGNORECASE,
)
HOME = ("kitestring/kit/clock.py", "kitestring/kit/clock/")


def in_python(sources: Iterable[Source]) -> Iterator[Finding]:
    """Asking the machine or the database for the time anywhere but in the clock itself."""
    for source in sources:
        if source.path.startswith(HOME) or _makes_ks_now(source):
            continue
        prose = docstrings(source.tree)
        for node in ast.walk(source.tree):
            said = _asks(node, prose)
            if said:
                yield Finding(source.path, getattr(node, "lineno", 0), f"asks another clock: {said}")


def _asks(node: ast.AST, prose: set[int]) -> str:
    if isinstance(node, ast.Attribute) and CALLS.match(dotted(node)):
        # `timezone.localtime(moment)` converts; only without a moment does it ask the clock.
        return dotted(node) if not dotted(node).endswith(("localtime", "localdate")) else ""
    if isinstance(node, ast.Call) and not node.args:
        called = dotted(node.func)
        return called if CALLS.match(called) or called in {"localdate", "localtime"} else ""
    if isinstance(node, ast.ImportFrom) and node.module in BARE:
        taken = BARE[node.module] & {alias.name for alias in node.names}
        return ", ".join(sorted(taken - {"localdate", "localtime"}))
    if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
        return node.arg
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
        found = IN_SQL.search(node.value)
        return found[0] if found else ""
    return ""


def _makes_ks_now(source: Source) -> bool:
    """The one migration that defines the function may ask the database's own clock."""
    return source.is_migration and "FUNCTION ks_now" in source.text


def in_sql(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """The same in .sql files, comments aside."""
    for path, text in files:
        if "FUNCTION ks_now" in text:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = IN_SQL.search(line.partition("--")[0])
            if found:
                yield Finding(path, number, f"asks another clock: {found[0]}")
