"""Law 11: files stay small, functions fit a screen."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source

FILE_LINES = 400
FUNCTION_LINES = 50


@dataclass(frozen=True)
class Summary:
    """How large the tree is: lines a file (tests and migrations aside)."""

    files: int
    median: float
    p90: int
    largest: int
    largest_path: str

    def __str__(self) -> str:
        return (
            f"{self.files} files, median {self.median:g} lines, p90 {self.p90}, "
            f"largest {self.largest} ({self.largest_path})"
        )


def large_files(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Files of more than 400 lines."""
    for path, text in files:
        lines = len(text.splitlines())
        if lines > FILE_LINES:
            yield Finding(path, 0, f"has {lines} lines, the limit is {FILE_LINES}")


def long_functions(sources: Iterable[Source]) -> dict[str, int]:
    """`path::name` of every function over 50 lines, with its length."""
    found: dict[str, int] = {}
    for source in sources:
        if source.is_migration:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found[f"{source.path}::{node.name}"] = length
    return found


def summary(sources: Iterable[Source]) -> Summary:
    """The figures of our own code: files with at least one line."""
    counted = [(len(s.text.splitlines()), s.path) for s in sources if not (s.is_test or s.is_migration)]
    counted = sorted(item for item in counted if item[0])
    lengths = [length for length, _ in counted]
    largest, path = counted[-1]
    p90 = lengths[min(len(lengths) - 1, round(0.9 * len(lengths)))]
    return Summary(len(lengths), statistics.median(lengths), p90, largest, path)
