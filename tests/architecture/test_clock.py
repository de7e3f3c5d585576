"""One clock: no other is asked for the time, neither in Python nor in SQL."""

from __future__ import annotations

import pytest

from tests.architecture.laws import clocks
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import Source, matching, sources

RIGHT = "Python: `from kitestring.kit import clock` and `clock.now()`; SQL: `ks_now()`; durations: `time.monotonic()`."


def test_python_asks_the_one_clock() -> None:
    keep(clocks.in_python(sources()), right=RIGHT)


def test_sql_asks_the_one_clock() -> None:
    keep(clocks.in_sql(matching(".sql", under="kitestring/")), right=RIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "timezone.now()",
        "Field(default=timezone.now)",
        "timezone.localdate()",
        "time.time()",
        "from django.utils.timezone import now",
        "from django.db.models.functions import Now",
        "models.DateTimeField(auto_now_add=True)",
        "SQL = 'UPDATE a SET b = now() WHERE c'",
        "SQL = f'WHERE due < clock_timestamp() - {x}'",
        "SQL = 'SELECT CURRENT_TIMESTAMP'",
    ],
)
def test_the_law_sees_another_clock(text: str) -> None:
    assert list(clocks.in_python([Source("kitestring/domains/x/actions/a.py", text)]))
    assert not list(clocks.in_python([Source("kitestring/kit/clock.py", text)]))


@pytest.mark.parametrize(
    "text", ["clock.now()", "SQL = 'WHERE due < ks_now()'", "timezone.localtime(moment)", "time.monotonic()"]
)
def test_the_right_forms_pass(text: str) -> None:
    assert not list(clocks.in_python([Source("kitestring/domains/x/actions/a.py", text)]))


def test_the_law_reads_sql_files() -> None:
    assert list(clocks.in_sql([("a.sql", "SELECT now();")]))
    assert not list(clocks.in_sql([("a.sql", "SELECT ks_now(); -- not now()")]))
