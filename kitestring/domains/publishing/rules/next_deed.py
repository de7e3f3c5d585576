"""What a post asks for next: the one deed the composer puts first, and the ones beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deeds:
    """Names of deeds: ask, answer, schedule, change, look, results, repeat. `first` "": nothing presses."""

    first: str = ""
    beside: tuple[str, ...] = ()


def next_deeds(
    *,
    accounts: bool,
    over: bool,
    leaving: bool,
    waiting: bool,
    lacks_yes: bool,
    asked: bool,
    may_ask: bool,
    may_answer: bool,
    may_schedule: bool,
    owed: bool = False,
) -> Deeds:
    """`over`: it is live on every account. `leaving`: some account still has to carry it, `waiting`: at an hour it has.

    `lacks_yes`: the brand wants one and nobody gave it to the words as they stand; `asked`: somebody was asked for it.
    `owed`: the hour has passed on some account, and only that yes is wanting there.
    """
    if not accounts:
        return Deeds()
    if over:
        return Deeds("results", ("repeat",))
    hour = "look" if not may_schedule or not leaving else "change" if waiting else "schedule"
    if lacks_yes and (leaving or owed):
        if asked:
            return Deeds("answer" if may_answer else "", (hour,))
        return Deeds("ask" if may_ask else "", (hour,))
    return Deeds(hour) if hour == "schedule" else Deeds("", (hour,))
