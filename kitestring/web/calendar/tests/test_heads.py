"""A brand with many accounts: the row of them is short, and whichever is chosen stands in it."""

from __future__ import annotations

from typing import Any

from kitestring.web.calendar.heads import FEW, SHOWN, some_of


def pills(count: int, chosen: int = -1) -> list[dict[str, Any]]:
    return [{"text": str(n), "on": n == chosen} for n in range(count)]


def test_a_few_accounts_all_stand_there() -> None:
    assert some_of(pills(FEW)) == (pills(FEW), [])


def test_of_many_the_first_stand_there_and_a_phone_has_them_all() -> None:
    shown, others = some_of(pills(21))
    assert [one["text"] for one in shown] == [str(n) for n in range(21)]
    assert [one["text"] for one in shown if "css" not in one] == [str(n) for n in range(SHOWN)]
    assert [one["text"] for one in others] == [str(n) for n in range(SHOWN, 21)]


def test_the_chosen_one_is_never_hidden() -> None:
    shown, others = some_of(pills(21, chosen=17))
    assert [one["text"] for one in shown if "css" not in one] == [*map(str, range(SHOWN)), "17"]
    assert "17" not in [one["text"] for one in others]
