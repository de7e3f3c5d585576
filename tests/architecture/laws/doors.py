"""Laws 4 and 5: rows are read through `queries`, written by actions; no signals; jobs go by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, dotted

MANAGERS = {"objects", "managers", "managers_map"}
MANAGERS |= {"_default_manager", "_base_manager", "default_manager", "base_manager"}
# What a related manager does to rows. A set or a dict has the same verbs: it is told by the name it hangs on.
RELATED_WRITES = {"add", "set", "remove", "clear"}
MADE_BY_HAND = {"QuerySet", "RawQuerySet", "Manager"}
CONNECTIONS = {"connection", "connections"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}
WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create"}
WRITES |= {f"a{verb}" for verb in WRITES}
RELATED_WRITES |= {f"a{verb}" for verb in RELATED_WRITES}
# A module of queries that reaches for no row keeps files or words; nothing of it needs a member.
ROWS = re.compile(r"\.objects\b|\.cursor\(|_default_manager|\bobjects\(|\brows\(")
BY_HAND = "kitestring.kit.rows"
SIGNALS = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "post_migrate", "pre_migrate"}


def _is(source: Source, *rooms: str) -> bool:
    """Whether the file is `<room>.py` or lies in a folder `<room>/`."""
    stem = source.parts[-1].removesuffix(".py")
    return stem in rooms or bool(set(rooms) & set(source.parts[:-1]))


def _is_door(source: Source) -> bool:
    """Whether somebody comes in here: a page, a form, an address, a template's tag, the API, the worker."""
    if source.is_test or source.is_migration or _is(source, "models", "queries"):
        return False
    rooms = _is(source, "views", "forms", "tasks", "urls", "templatetags")
    return rooms or source.path.startswith(("kitestring/web/", "kitestring/api/"))


def managers(sources: Iterable[Source]) -> Iterator[Finding]:
    """`Model.objects`, under any name, outside queries and models; statements by hand there and in doors."""
    for source in sources:
        if source.is_test or source.is_migration or _is(source, "queries", "models"):
            continue
        door = _is_door(source)
        for node in ast.walk(source.tree):
            by = _reaches_by(node) or (_speaks_by(node) if door else "")
            if by:
                yield Finding(source.path, getattr(node, "lineno", 0), f"reaches for {by}")


def _reaches_by(node: ast.AST) -> str:
    """By which manager, query set or shortcut this reaches for rows; "" when it does not."""
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        return f"rows by {dotted(node) or node.attr}"
    if isinstance(node, ast.ImportFrom) and node.module == BY_HAND:
        return "rows by a statement of its own"
    if not isinstance(node, ast.Call):
        return ""
    # QuerySet(Post) and QuerySet[Post](Post) alike.
    called = _last(node.func.value if isinstance(node.func, ast.Subscript) else node.func)
    if called in MADE_BY_HAND:
        return f"rows by a {called} of its own"
    if called in {"getattr", "attrgetter"} and (names := _words(node.args) & MANAGERS):
        return f"rows by {called} of {', '.join(sorted(names))}"
    first = dotted(node.args[0]) if node.args else ""
    if called in SHORTCUTS and first.rpartition(".")[2][:1].isupper():
        return f"any {first}, whoever asks"
    return ""


def _speaks_by(node: ast.AST) -> str:
    """By which connection this speaks SQL itself; "" when it does not."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cursor":
        return "the database by a cursor"
    names = {a.name for a in node.names} if isinstance(node, ast.Import | ast.ImportFrom) else set()
    module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    if module in {"django.db", "django.db.utils"} and names & CONNECTIONS:
        return "the database by a connection"
    if "django.db" in names or (module == "django" and "db" in names):
        return "the database by the whole of django.db"
    return ""


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else dotted(node)


def _words(nodes: Iterable[ast.AST]) -> set[str]:
    """The words of constants: "a.objects" is two."""
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return {word for text in texts for word in text.split(".")}


def writes_in_views(sources: Iterable[Source], related: set[str]) -> Iterator[Finding]:
    """Calls that write rows, in doors. `related`: the names on which the models' related managers hang."""
    for source in sources:
        if not _is_door(source):
            continue
        given = _names_for(source.tree, related)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                verb, on = node.func.attr, node.func.value
                hangs = isinstance(on, ast.Attribute) and on.attr in related
                hangs |= isinstance(on, ast.Name) and on.id in given
                if verb in WRITES or verb.removeprefix("a").startswith("bulk_"):
                    yield Finding(source.path, node.lineno, f"calls .{verb}( in a view")
                elif verb in RELATED_WRITES and hangs:
                    yield Finding(source.path, node.lineno, f"calls .{_last(on)}.{verb}( in a view")


def _names_for(tree: ast.AST, related: set[str]) -> set[str]:
    """The plain names that were given a related manager: `tags = post.tags`."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in related
        for target in node.targets
        if isinstance(target, ast.Name)
    }


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
