"""The picture above the timeline: what went between the house and the channel, one arrow a call, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Attempt, Delivery, Step

LEFT: Final = 112
RIGHT: Final = 960
MOST: Final = 6


@dataclass(frozen=True)
class Arrow:
    """One call. `x`: where it leaves (0..1000). `kind`: sent, lost, refused, looked, found. `text`: what came back."""

    x: int
    at: datetime
    kind: str
    text: str
    strong: str = ""


@dataclass(frozen=True)
class Plot:
    """The arrows, and the two bars: from where on nobody knew, and from where on it is live (None: not drawn)."""

    arrows: list[Arrow]
    doubt: tuple[int, int] | None
    live_from: int | None


def plot_of(delivery: Delivery, tries: Sequence[Attempt]) -> Plot | None:
    """The picture of a delivery whose answer was once in doubt; None where there is nothing to draw."""
    calls = [
        t for t in tries if t.step == Step.PUBLISH or (t.step == Step.LOOK_UP and t.reason != "no_look_up")
    ]
    if not any(t.outcome == "unknown" for t in calls):
        return None
    shown = calls if len(calls) <= MOST else [calls[0], *calls[-(MOST - 1) :]]
    gap = (RIGHT - LEFT) // max(len(shown), 2)
    arrows = [_arrow(one, LEFT + n * gap) for n, one in enumerate(shown)]
    unclear = next((n for n, one in enumerate(shown) if one.outcome == "unknown"), 0)
    live = delivery.state == "published"
    end = arrows[-1].x + 30 if live else RIGHT
    doubt = (arrows[unclear].x + 150, end) if arrows[unclear].x + 150 < end else None
    stored = arrows[unclear].kind == "lost" and live and arrows[-1].kind == "found"
    live_from = (arrows[unclear].x if stored else arrows[-1].x) + 38 if live else None
    return Plot(arrows, doubt, live_from)


def _arrow(one: Attempt, x: int) -> Arrow:
    at = one.started_at
    if one.step == Step.PUBLISH:
        match one.outcome:
            case "published" | "processing":
                return Arrow(x, at, "sent", _("post"), _("taken"))
            case "unknown" | "":
                return Arrow(x, at, "lost", _("post"), _("answer lost"))
        return Arrow(x, at, "refused", _("post"), _("not taken"))
    match one.outcome:
        case "published":
            return Arrow(x, at, "found", _("looked"), _("found it"))
        case "scheduled":
            return Arrow(x, at, "looked", _("looked"), _("surely not there"))
        case "unknown" if one.reason == "too_early":
            return Arrow(x, at, "looked", _("looked"), _("not there yet"))
    return Arrow(x, at, "looked", _("looked"), _("no clear answer"))
