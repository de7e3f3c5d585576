"""Tells the size of the tree under the tests' own summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.architecture.laws import sizes, tree

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"The tree: {sizes.summary(tree.sources())}")
