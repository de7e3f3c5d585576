"""A list that is not there is not an empty one; a row of no use costs only itself."""

from __future__ import annotations

import pytest

from kitestring.connectorkit import shapes
from kitestring.connectorkit.errors import RetryLater


@pytest.mark.parametrize(
    "body", [None, [], {}, {"data": None}, {"data": {}}, {"data": {"rows": None}}, "data"]
)
def test_a_list_that_is_not_there_raises(body: object) -> None:
    for read in (shapes.listed, shapes.rows, shapes.told):
        with pytest.raises(RetryLater) as told:
            read(body, "data", "rows")
        assert told.value.reason == "not_itself"


def test_what_is_there_is_given() -> None:
    assert shapes.listed([1, 2]) == [1, 2]
    assert shapes.rows({"data": {"rows": []}}, "data", "rows") == []
    assert shapes.told({"data": {"rows": 1}}, "data") == {"rows": 1}
    with pytest.raises(RetryLater):
        shapes.rows({"rows": [{"id": 1}, None]}, "rows")


def test_rows_that_lack_what_they_need_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    rows = [{"id": 1, "author": {"id": 2}}, {"id": None}, {}, None, "x", {"id": 0, "author": {"id": ""}}]
    assert [row["id"] for row in shapes.sound(rows, "id", "author.id")] == [1, 0]
    assert "4 of 6 rows were left out" in caplog.text


def test_what_stumbles_is_left_out_and_so_is_none() -> None:
    assert shapes.each(["1", "x", None, "3", ""], lambda one: int(one) if one else None) == [1, 3]
