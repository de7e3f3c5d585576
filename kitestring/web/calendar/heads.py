"""What stands above the calendar where a brand has many accounts: it begins on the first screen all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from kitestring.domains.publishing.queries.quotas import Use

FEW: Final = 8  # accounts that have room in a row beside each other
SHOWN: Final = 5  # of more than that, so many stand there; the others are behind one button
QUOTAS: Final = 3


def some_of(pills: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first of the accounts, and the others; the chosen one is never among the others.

    On a phone all stand in one row that is pushed sideways: there the others are shown too.
    """
    if len(pills) <= FEW:
        return list(pills), []
    shown = list(pills[:SHOWN])
    others = [pill for pill in pills[SHOWN:] if not pill["on"]]
    shown += [pill for pill in pills[SHOWN:] if pill["on"]]
    return [*shown, *({**pill, "css": "only-p"} for pill in others)], others


def nearest_full(uses: Iterable[Use]) -> list[Use]:
    """The few quotas that something draws on, the fullest first: what nobody uses is on its account's page."""
    drawn = [use for use in uses if use.places]
    return sorted(drawn, key=lambda use: len(use.places) / use.limit, reverse=True)[:QUOTAS]
