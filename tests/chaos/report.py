"""A pytest plugin: how many cases the simulator played, of which kinds, and how many days went by in how many minutes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

NAME: Final = "chaos"
_played: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        for figures in (value for name, value in report.user_properties if name == NAME):
            _played.update(figures)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _played["cases"]:
        terminalreporter.write_line(line(_played))


def line(figures: Counter[str]) -> str:
    """One line: the cases by what happened in them, and the simulated time beside the real one."""
    events = ", ".join(
        f"{name.removeprefix('event ')} {n}"
        for name, n in sorted(figures.items())
        if name.startswith("event ")
    )
    days = figures["seconds"] / 86400
    minutes = max(figures["took"], 1e-9) / 60
    return (
        f"CHAOS {figures['cases']} cases ({events}), {figures['deliveries']} deliveries: {days:.1f} simulated days in"
        f" {minutes:.1f} min, {days / minutes:.2f} a minute"
    )
