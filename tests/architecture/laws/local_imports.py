"""Law of plain imports: none inside a function, but for marked adapters of optional packages.

The mark is a comment on the line, `# optional: PACKAGE`, and PACKAGE must be an extra of pyproject.toml.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source

MARK = re.compile(r"#\s*optional:\s*([A-Za-z0-9_.-]+)")


def inside_functions(sources: Iterable[Source], optional: set[str]) -> Iterator[Finding]:
    """Imports within a function whose line does not name an optional package."""
    for source in sources:
        for function in ast.walk(source.tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    mark = MARK.search(source.line(node.lineno))
                    if mark and mark[1].casefold() in optional:
                        continue
                    said = (
                        f"marked for {mark[1]!r}, which is no extra" if mark else "imports inside a function"
                    )
                    yield Finding(source.path, node.lineno, said)


def optional_packages(project: dict[str, dict[str, dict[str, list[str]]]]) -> set[str]:
    """Names of the packages in `[project.optional-dependencies]`, lower case."""
    groups = project.get("project", {}).get("optional-dependencies", {})
    wanted = [line for lines in groups.values() for line in lines]
    return {re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0].casefold() for line in wanted}
