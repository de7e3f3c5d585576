"""A pytest plugin that says what really ran: passed, skipped and failed tests by kind, in a small JSON file.

Switched on by `-p tests.ran` with KITESTRING_RAN_FILE; kinds of an earlier run that did not run now are kept.
`bin/test` turns the file into its last line.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

KINDS = {
    "browser": "browser",
    "specs": "specs",
    "real_bluesky": "bluesky",
    "real_wordpress": "wordpress",
    "real_nostr": "nostr",
}
_counted: dict[str, Counter[str]] = {}


def kind_of(markers: set[str]) -> str:
    """The kind a test counts for: its first marker that is one, else "unit"."""
    return next((kind for marker, kind in KINDS.items() if marker in markers), "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.append(("kind", kind_of({mark.name for mark in item.iter_markers()})))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    kind = dict(report.user_properties).get("kind", "unit")
    count = _counted.setdefault(str(kind), Counter())
    # A test passes once, by its call; it may be skipped or fail in any phase.
    if report.when == "call" or report.outcome != "passed":
        count[report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    target = os.environ.get("KITESTRING_RAN_FILE")
    if not target or hasattr(session.config, "workerinput"):
        return
    path = Path(target)
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(before | {kind: dict(c) for kind, c in _counted.items()}), "utf-8")
