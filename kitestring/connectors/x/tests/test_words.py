"""Texts as X tells them, read as their authors wrote them; and two texts that say the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.x import ids, words

CASES = json.loads((Path(__file__).parent / "fixtures" / "posts.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_post_reads_as_it_was_written(case: dict[str, Any]) -> None:
    assert case["basis"] in {"documented", "recorded", "assumed"}
    assert case["source"]
    assert words.said(case["post"]) == case["said"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Trà sen 新茶", "Trà sen  新茶"),
        ("Trà sen", "Tra\u0300 sen"),
        ("Xem vidu.vn/tra nhé", "Xem http://vidu.vn/tra/ nhé"),
        ("Một\n\nhai", "Một hai"),
    ],
)
def test_the_same_said_in_two_ways(ours: str, theirs: str) -> None:
    assert words.same(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Trà sen", "Trà sen!"),
        ("Xem https://vidu.vn/a", "Xem https://vidu.vn/b"),
        ("Xem https://vidu.vn/a", "Xem"),
        ("Tra sen", "Trà sen"),
    ],
)
def test_what_is_not_the_same(ours: str, theirs: str) -> None:
    assert not words.same(ours, theirs)


def test_an_id_tells_its_time() -> None:
    assert ids.made_at("1346889436626259968") == datetime(2021, 1, 6, 18, 40, 40, 344000, UTC)
    moment = datetime(2026, 11, 30, 12, 0, 0, 5000, UTC)
    assert ids.made_at(str(ids.first_of(moment))) == moment
    assert ids.first_of(datetime(2000, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("wrong", ["", "12a", "../me", "1" * 20, "１２"])
def test_what_is_no_id_goes_into_no_path(wrong: str) -> None:
    with pytest.raises(Rejected):
        ids.number(wrong)
