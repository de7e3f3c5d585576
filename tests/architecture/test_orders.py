"""A list that people see stands in the same order each time it is read."""

from __future__ import annotations

import pytest

from tests.architecture.laws import orders
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import Source, sources


def test_no_list_may_tie() -> None:
    keep(
        orders.lists(sources("kitestring/")),
        right='the row\'s key comes last, `order_by("-made_at", "-id")`: rows of one moment else change places '
        "whenever one of them is written.",
    )


@pytest.mark.parametrize("text", ['rows.order_by("due_at")', 'rows.order_by(F("at").asc(), "-made_at")'])
def test_a_tie_is_found(text: str) -> None:
    assert list(orders.lists([Source("kitestring/domains/publishing/queries/x.py", text)]))


@pytest.mark.parametrize(
    "text", ["rows.order_by()", 'rows.order_by("-at", "-id")', 'rows.order_by("number")']
)
def test_what_cannot_tie_is_let_be(text: str) -> None:
    assert not list(orders.lists([Source("kitestring/domains/publishing/queries/x.py", text)]))
