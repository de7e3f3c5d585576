"""How long recovery took after each kill, and apart from that of what met nothing but the kill: read from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from tests.chaos.soak.channel import LEASE
from tests.chaos.soak.database import patiently, rows
from tests.chaos.soak.watch import Kill, Watch

# What a delivery's attempts say where the platform did nothing wrong, from its calls to its looks.
PLAIN: Final = {"", "lease_ran_out", "too_early", "proven_absent", "no_look_up"}
TRIES: Final = """SELECT d.account_id, d.id, d.due_at, a.started_at, a.ended_at, a.step, a.part, a.outcome, a.reason
FROM publishing_attempt a JOIN publishing_delivery d ON d.id = a.delivery_id ORDER BY a.started_at, a.number"""
TAKEN: Final = ("published", "processing", "partly_out")
LOST: Final = "lease_ran_out"


@dataclass(frozen=True)
class Try:
    """One attempt, as the ledger has it."""

    account: UUID
    delivery: UUID
    due: datetime
    started: datetime
    ended: datetime | None
    step: str
    part: int
    outcome: str
    reason: str

    def busy(self, begin: datetime, end: datetime) -> bool:
        """Whether its account was in its hands at some moment between the two."""
        return self.started < end and (self.ended or self.started + timedelta(seconds=LEASE)) > begin


@dataclass(frozen=True)
class Out:
    """How many it was of, how many seconds after the kill it was of the last of them, and which that is."""

    count: int
    last: float | None = None
    who: UUID | None = None


@dataclass(frozen=True)
class Recovery:
    """After one kill: what was in the air, until it was at rest, and of that what met nothing besides; and the same of what
    was due and not in the air, until the channel had it: what it does with it then is its own time.
    """

    kill: Kill
    in_flight: Out
    plain: Out
    others: Out
    plain_others: Out


class Ledger:
    """Every attempt of a run, by delivery and by account."""

    def __init__(self, tries: Iterable[Try]) -> None:
        self.of: dict[UUID, list[Try]] = defaultdict(list)
        self.beside: dict[UUID, list[Try]] = defaultdict(list)
        for one in tries:
            self.of[one.delivery].append(one)
            self.beside[one.account].append(one)

    @classmethod
    def read(cls) -> Ledger:
        return cls(Try(*row) for row in patiently(rows, TRIES))

    def lost(self) -> set[UUID]:
        return {one for one, tries in self.of.items() if any(t.reason == LOST for t in tries)}

    def sent(self, kill: Kill, delivery: UUID) -> float | None:
        """When the channel had it, in seconds after a kill: its head, of a sequence."""
        ends = (one.ended for one in self.of[delivery] if one.outcome in TAKEN)
        first = next((end for end in ends if end), None)
        return (first - kill.hour).total_seconds() if first else None

    def plain(self, kill: Kill, delivery: UUID) -> bool:
        """Whether nothing but the kill kept it: each call went well, and while it waited its account's turn was nobody's."""
        tries = self.of[delivery]
        if any(one.reason not in PLAIN for one in tries):
            return False
        return not any(
            other.delivery != delivery and other.busy(begin, end)
            for begin, end in _waits(kill, tries)
            for other in self.beside[tries[0].account]
        )

    def course(self, kill: Kill, delivery: UUID) -> Iterator[str]:
        """What it went through, in seconds after a kill."""
        tries = self.of[delivery]
        yield f"due {_offset(kill, tries[0].due)}"
        for one in tries:
            yield (
                f"{_offset(kill, one.started)} to {_offset(kill, one.ended)}  {one.step}"
                f"{f' of part {one.part + 1}' if one.part else ''}: {one.outcome} {one.reason}"
            )


def recoveries(watch: Watch, ledger: Ledger) -> list[Recovery]:
    """A lease that ran out counts for the last kill that its delivery was in the air at."""
    lost, told = ledger.lost(), []
    for kill in reversed(watch.kills):
        told.append(_recovery(watch, ledger, kill, kill.sending & lost, kill.waiting - lost))
        lost -= kill.sending
    return told[::-1]


def _recovery(
    watch: Watch, ledger: Ledger, kill: Kill, hit: Iterable[UUID], others: Iterable[UUID]
) -> Recovery:
    rested = {one: watch.rested[one] - kill.at for one in hit if one in watch.rested}
    sent = {one: seconds for one in others if (seconds := ledger.sent(kill, one)) is not None}
    both = (_out(ledger, kill, some, plain) for some in (rested, sent) for plain in (False, True))
    return Recovery(kill, *both)


def _out(ledger: Ledger, kill: Kill, took: dict[UUID, float], plain: bool) -> Out:
    some = [(seconds, one) for one, seconds in took.items() if not plain or ledger.plain(kill, one)]
    return Out(len(some), *max(some)) if some else Out(0)


def _waits(kill: Kill, tries: list[Try]) -> Iterator[tuple[datetime, datetime]]:
    """When it stood in its account's order without being in anybody's hands."""
    if tries[0].started > kill.hour:
        yield kill.hour, tries[0].started
    for before, after in pairwise(tries):
        if before.outcome in ("scheduled", "partly_out") and before.ended:
            yield before.ended, after.started


def _offset(kill: Kill, hour: datetime | None) -> str:
    return "-" if hour is None else f"{(hour - kill.hour).total_seconds():+.1f} s"
