"""The real servers for tests, and the record of which of them ran.

Fixtures, for the whole session: `bluesky_network` (`BlueskyNetwork`), `wordpress_site` (`WordPressSite`) and `nostr_relay`
(`NostrRelay`). A test that asks for one gets its marker, `real_` and the server's name, by itself. Where the packages are
absent the tests are skipped with a reason that starts with ABSENT.

The record is `.state/ran.json` in the checkout, one key per server whose tests were asked for, for `bin/test`'s last line:

    {"bluesky": "ran", "wordpress": "absent: Not installed: mariadbd. Run bin/system-packages real."}

A value is `ran` (at least one test passed and none failed), `absent: REASON` or `failed: TEST`. Results of several
processes are merged, the worst one wins. A run first forgets what an earlier one said of the servers it asks for; to be
sure that a key is of your run, remove the file before it. No key: no test of that server was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from kitestring.sandbox.real.bluesky import BlueskyNetwork
from kitestring.sandbox.real.folders import alone
from kitestring.sandbox.real.nostr import NostrRelay
from kitestring.sandbox.real.thrown_away import ThrownAway
from kitestring.sandbox.real.trouble import Absent, ServerFailed
from kitestring.sandbox.real.wordpress import WordPressSite

RECORD = Path(__file__).parents[2] / ".state" / "ran.json"
FIXTURES = {"bluesky_network": "bluesky", "wordpress_site": "wordpress", "nostr_relay": "nostr"}
WORST_LAST = ("ran", "absent", "failed")
Real = TypeVar("Real", bound=ThrownAway)


def _running(server: Real) -> Iterator[Real]:
    try:
        server.start()
    except Absent as reason:
        pytest.skip(f"ABSENT: {server.name} could not be tested. {reason}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[BlueskyNetwork]:
    yield from _running(BlueskyNetwork())


@pytest.fixture(scope="session")
def wordpress_site() -> Iterator[WordPressSite]:
    yield from _running(WordPressSite())


@pytest.fixture(scope="session")
def nostr_relay() -> Iterator[NostrRelay]:
    yield from _running(NostrRelay())


@pytest.hookimpl(tryfirst=True)  # before -m looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, server in FIXTURES.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(f"real_{server}")


def pytest_collection_finish(session: pytest.Session) -> None:
    asked_for = [
        s for s in FIXTURES.values() if any(i.get_closest_marker(f"real_{s}") for i in session.items)
    ]
    with _record() as record:
        for server in asked_for:
            record.pop(server, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: pytest.TestReport = yield
    for server in FIXTURES.values():
        if item.get_closest_marker(f"real_{server}"):
            _note(server, report)
    if report.failed:
        _say_who_died(item, report)
    return report


def _note(server: str, report: pytest.TestReport) -> None:
    if report.failed:
        _write(server, f"failed: {report.nodeid}")
    elif report.when == "call" and report.passed:
        _write(server, "ran")
    elif report.skipped and isinstance(report.longrepr, tuple) and "ABSENT: " in report.longrepr[2]:
        _write(server, f"absent: {report.longrepr[2].partition('could not be tested. ')[2]}")


@contextmanager
def _record() -> Iterator[dict[str, str]]:
    """The record, to change; written when the block ends."""
    with alone(RECORD.with_suffix(".lock")):
        record: dict[str, str] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        yield record
        RECORD.write_text(json.dumps(record, indent=1) + "\n")


def _write(server: str, outcome: str) -> None:
    with _record() as record:
        outcomes = (record.get(server, "ran"), outcome)
        record[server] = max(outcomes, key=lambda one: WORST_LAST.index(one.partition(":")[0]))


def _say_who_died(item: pytest.Item, report: pytest.TestReport) -> None:
    """A refused connection is a riddle; a server's last words are not."""
    for value in getattr(item, "funcargs", {}).values():
        if isinstance(value, ThrownAway):
            try:
                value.check()
            except ServerFailed as last_words:
                report.sections.append((f"{value.name} died", str(last_words)))
