"""How the parts of a sequence are told: each as a post of its own, with its number; and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Attempt, Delivery, Part, Step
from kitestring.domains.publishing.queries.attempts import tries_of
from kitestring.domains.publishing.queries.line import Line
from kitestring.domains.publishing.queries.parts import newest_address, parts_by_place
from kitestring.domains.publishing.rules.sequence import COMMENT, left_in_doubt, parts_of

# What the row's state means for the part whose turn it is.
IN_TURN: Final = {"partly_out": "scheduled", "needs_attention": "needs_attention", "draft": "scheduled"}
SHORT: Final = 90


def told_tries(delivery: Delivery) -> list[Attempt]:
    """The attempts in order, each with the outcome it had for its own part."""
    return [_as_one_post(one) for one in tries_of(delivery)]


def _as_one_post(one: Attempt) -> Attempt:
    """Of a part that is live the delivery says that it is partly out, of one that was stopped that a person is needed."""
    if one.outcome == "partly_out" and one.step != Step.PERSON:
        outcome = "scheduled" if one.reason else "published"
    elif one.outcome == "unknown" and one.reason == "restored" and one.step != Step.LOOK_UP:
        outcome = "published"
    elif one.part and one.step == Step.PUBLISH and one.outcome == "needs_attention":
        outcome = "needs_attention" if one.reason == "no_look_up" else "failed"
    else:
        return one
    one.outcome = outcome
    return one


class SequenceWords:
    """Words the lines of a delivery's tries; of what is one post it leaves them as they are."""

    def __init__(self, delivery: Delivery) -> None:
        self.parts = parts_of(delivery.payload)
        self.of = len(self.parts)
        self._rows = parts_by_place(delivery) if self.of else {}
        self._head = delivery.remote_id

    def worded(self, line: Line, part: int) -> Line:
        if not self.of:
            return line
        if line.shape == "published" and line.ids:
            row = self._rows.get(part)
            last = part + 1 == self.of
            kept = line.detail if last else _("Its id is kept; the next part follows")
            line = replace(line, detail=kept, ids=row.remote_id if row else self._head)
        if line.shape == "failed" and part:
            line = replace(line, text=_("Refused. This part is not live; what is out stays"))
        given = {"n": part + 1, "of": self.of, "text": line.text}
        if part < self.of and self.parts[part].get("role") == COMMENT:
            return replace(line, text=_("First comment: %(text)s") % given)
        return replace(line, text=_("Part %(n)s of %(of)s: %(text)s") % given)


@dataclass(frozen=True)
class Shown:
    """One part on the delivery's page. `state` as a chip knows it, or "left": it is never sent; "absent": it was tried, is
    not there and is never sent; or "waits": for a person's word."""

    number: int
    text: str
    comment: bool
    state: str
    url: str = ""
    remote_id: str = ""


def parts_shown(delivery: Delivery) -> list[Shown]:
    """Every part with where it stands; none for what is one post."""
    return list(_shown(delivery))


def _shown(delivery: Delivery) -> Iterator[Shown]:
    rows = parts_by_place(delivery)
    for place, part in enumerate(parts_of(delivery.payload)):
        row = rows.get(place)
        yield Shown(
            place + 1,
            Truncator(" ".join(part["text"].split())).chars(SHORT),
            part.get("role") == COMMENT,
            _state(delivery, place, row),
            row.remote_url if row else delivery.remote_url if place == 0 else "",
            row.remote_id if row else delivery.remote_id if place == 0 else "",
        )


def _state(delivery: Delivery, place: int, row: Part | None) -> str:
    if place < delivery.part:
        head_gone = place == 0 and delivery.head_withdrawn_at is not None
        gone = delivery.state == "withdrawn" or (row is not None and row.withdrawn_at is not None)
        return "withdrawn" if gone or head_gone else "published"
    if delivery.state in ("published", "withdrawn"):
        if place == delivery.part and left_in_doubt(delivery):
            return "unknown"
        tried = place == delivery.part and delivery.attempts > delivery.part_from
        return "absent" if tried else "left"
    if place > delivery.part:
        return {"cancelled": "cancelled", "needs_attention": "waits"}.get(delivery.state, "scheduled")
    return IN_TURN.get(delivery.state, delivery.state)


def look_at(delivery: Delivery) -> str:
    """Where a person who looks for what is in doubt begins: the part before it, else its account's newest post; "" unknown."""
    if not delivery.part:
        return newest_address(delivery)
    rows = parts_by_place(delivery)
    before = (rows[n].remote_url for n in range(delivery.part - 1, 0, -1) if n in rows)
    return next((url for url in before if url), delivery.remote_url)
