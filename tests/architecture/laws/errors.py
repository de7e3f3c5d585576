"""Law 7: four outcomes, each with a sentence for the person; vendor exceptions never leave `client.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, dotted

OUTCOMES = {"RetryLater": 0, "GrantExpired": 0, "Rejected": 1, "Ambiguous": 0}
OURS = set(OUTCOMES) | {"ConnectorError"}
# What a function raises at its caller's own mistake; a person never meets it.
MISTAKES = {"ValueError", "KeyError", "TypeError", "LookupError", "AssertionError", "StopAsyncIteration"}
NETWORK = ("aiohttp", "asyncio.TimeoutError", "ssl", "socket", "httpx", "requests")


def reasons(source: Source) -> Iterator[tuple[int, str]]:
    """(line, reason) of each outcome raised with its reason written out."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func).rpartition(".")[2]
        if name not in OUTCOMES:
            continue
        given = node.args[OUTCOMES[name]] if len(node.args) > OUTCOMES[name] else None
        given = next((k.value for k in node.keywords if k.arg == "reason"), given)
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield node.lineno, given.value


def without_sentence(
    sources: Iterable[Source], known: dict[str, set[str]], common: set[str]
) -> Iterator[Finding]:
    """Reasons that are neither common sentences nor in the manifest of the connector (`known`, by slug)."""
    for source in sources:
        if source.is_test:
            continue
        own = known.get(source.parts[2], set()) if source.path.startswith("kitestring/connectors/") else set()
        for line, reason in reasons(source):
            if reason not in own | common:
                yield Finding(source.path, line, f"the reason {reason!r} has no sentence")


def other_exceptions(sources: Iterable[Source]) -> Iterator[Finding]:
    """Connector modules that raise what is no outcome, or (client.py aside) handle the network's exceptions.

    The emulator and its folder `emulated/` play the vendor, and speak as it does.
    """
    for source in sources:
        if source.is_test or source.parts[-1] == "emulator.py" or "emulated" in source.parts:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Raise) and node.exc is not None and source.parts[-1] != "client.py":
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = dotted(raised).rpartition(".")[2]
                if name[:1].isupper() and name not in OURS | MISTAKES:
                    yield Finding(source.path, node.lineno, f"raises {name}")
            if (
                isinstance(node, ast.ExceptHandler)
                and node.type is not None
                and source.parts[-1] != "client.py"
            ):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                for kind in kinds:
                    if dotted(kind).startswith(NETWORK):
                        yield Finding(source.path, node.lineno, f"handles {dotted(kind)}")
