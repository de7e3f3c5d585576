"""What follows from an answer: the one table of the ledger, as three pure functions.

`after_send` for a delivery in sending, `after_look` for one in unknown, `after_follow` for one in processing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final

from kitestring.domains.publishing.rules import waiting
from kitestring.domains.publishing.rules.answers import (
    Absent,
    Answer,
    Ended,
    Later,
    Live,
    Refused,
    Taken,
    Told,
    Unclear,
)
from kitestring.kit.values import value

RESTORED: Final = "restored"


@value
class Standing:
    """What the ledger knows when the answer comes. `in_doubt`: seconds since nobody knew. `chance`: jitter, 0..1.

    `settle` None: the channel has no look-up. `deadline`: seconds left for processing. `restored`: doubted because it
    comes from a backup, and what is to be said of that.
    """

    attempts: int = 1
    unclear: int = 0
    in_doubt: float = 0.0
    settle: float | None = None
    deadline: float = waiting.PROCESSING_DEADLINE
    chance: float = 0.5
    restored: Mapping[str, str | int] | None = None


@value
class Next:
    """Where the delivery goes. `wait`: seconds before anything else is tried (None: nothing waits).

    `sure`: nothing went out, so its place in the quota is free again. `doubt`: the doubt begins now.
    """

    state: str
    reason: str = ""
    said: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    wait: float | None = None
    sure: bool = False
    doubt: bool = False
    unclear: int = 0
    live: Live | None = None
    taken: Taken | None = None
    account_ended: bool = False


def restored(backup_at: datetime | None) -> Mapping[str, str | int] | None:
    """What is to be said of a row that comes from a backup; None of any other."""
    return {"made_at": f"{backup_at:%Y-%m-%d %H:%M} UTC"} if backup_at else None


def _told(state: str, told: Told, **more: object) -> Next:
    return Next(state, reason=told.reason, said=told.said, params=dict(told.params), **more)  # type: ignore[arg-type]  # `more` is a mapping of keywords


def _refused(answer: Refused) -> Next:
    """Final. What an account's own settings or rights are the cause of is said to be: another text would not help."""
    account = {"part": "account"} if answer.part == "account" else {}
    return _told("failed", Told(answer.reason, answer.said, {**answer.params, **account}), sure=True)


def after_send(answer: Answer, now: Standing) -> Next:
    """From sending. A look before a further attempt gives the same answers; Absent there never reaches this."""
    match answer:
        case Live():
            return Next("published", live=answer)
        case Taken():
            return Next("processing", taken=answer, wait=answer.poll_after)
        case Later():
            return _told(
                "scheduled", answer, wait=waiting.backoff(now.attempts, now.chance, answer.after), sure=True
            )
        case Ended():
            return _told("held", answer, sure=True, account_ended=True)
        case Refused():
            return _refused(answer)
        case Unclear():
            first_look = 0.0 if now.settle is None else min(waiting.FIRST_LOOK, now.settle)
            return _told("unknown", answer, wait=first_look, doubt=True, unclear=1)
        case Absent():
            raise ValueError("A send does not answer 'absent'.")


def after_look(answer: Answer, now: Standing) -> Next:
    """From unknown. Nothing is sent again before a look that came after the settle time said "absent"."""
    if now.settle is None:
        if now.restored is not None:
            return Next("needs_attention", reason=RESTORED, params=now.restored)
        return Next("needs_attention", reason="no_look_up")
    match answer:
        case Live():
            return Next("published", live=answer)
        case Taken():
            return Next("processing", taken=answer, wait=answer.poll_after)
        case Absent():
            return _absent(now)
        case Later() | Ended():
            asked = answer.after if isinstance(answer, Later) else None
            # A wait that ends beyond the horizon: nobody should learn only then that we could not look.
            if now.in_doubt + (asked or 0.0) > waiting.look_horizon(now.settle):
                return _told("needs_attention", Told("cannot_look", answer.said))
            wait = min(60.0, waiting.backoff(max(1, int(now.in_doubt / 30)), now.chance, asked))
            if asked is not None:
                wait = max(wait, asked)
            return _told("unknown", answer, wait=wait, account_ended=isinstance(answer, Ended))
        case Refused() | Unclear():
            if now.restored is not None:
                return _told("needs_attention", Told(RESTORED, answer.said, now.restored), unclear=1)
            if now.unclear + 1 >= waiting.UNCLEAR_LIMIT:
                return Next("needs_attention", reason="unclear_thrice", said=answer.said, unclear=1)
            return _told("unknown", answer, unclear=1, wait=waiting.backoff(now.unclear + 1, now.chance))


def _absent(now: Standing) -> Next:
    settle = now.settle or 0.0
    if now.in_doubt < settle:
        return Next("unknown", reason="too_early", wait=waiting.look_wait(now.in_doubt, settle))
    if now.unclear >= waiting.UNCLEAR_LIMIT:
        return Next("needs_attention", reason="unclear_thrice")
    return Next("scheduled", reason="proven_absent", sure=True)


def after_follow(answer: Answer, now: Standing) -> Next:
    """From processing. Past its deadline it is unknown, and looked up like anything else."""
    match answer:
        case Live():
            return Next("published", live=answer)
        case Refused():
            return _refused(answer)
        case Unclear():
            return _told("unknown", answer, doubt=True, unclear=1, wait=waiting.FIRST_LOOK)
        case Absent():
            raise ValueError("Following does not answer 'absent'.")
    if now.deadline <= 0:
        return Next("unknown", reason="processing_late", doubt=True, unclear=1, wait=0.0)
    if isinstance(answer, Taken):
        return Next("processing", taken=answer, wait=answer.poll_after)
    asked = answer.after if isinstance(answer, Later) else None
    wait = min(max(waiting.backoff(2, now.chance, asked), 5.0), max(now.deadline, 1.0))
    return _told("processing", answer, wait=wait, account_ended=isinstance(answer, Ended))
