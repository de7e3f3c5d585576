"""Why a time of a series is left out: which post lies too near to it, how far away, and what distance is asked by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kitestring.ui.formats import date_time, duration
from kitestring.ui.marks import account_name

# By who asks for the distance: the account, of any other post, before or after; the series, of another of its posts; the
# same post (`_perhaps`: nobody knew yet whether that one went out); and a newer time of the same series that was due at once.
TOLD: Final[dict[str, Promise]] = {
    "account": lazy(
        "Left out: “%(post)s” lies %(gap)s before it on this account, which asks for %(wants)s between what comes round "
        "and any other post."
    ),
    "account_after": lazy(
        "Left out: “%(post)s” lies %(gap)s after it on this account, which asks for %(wants)s between what comes round "
        "and any other post."
    ),
    "account_same": lazy(
        "Left out: “%(post)s” has the same hour on this account, which asks for %(wants)s between what comes round and "
        "any other post."
    ),
    "series": lazy(
        "Left out: “%(post)s”, also from these slots, went out %(gap)s before it; at least %(wants)s lie between two "
        "on one account."
    ),
    "series_perhaps": lazy(
        "Left out: “%(post)s”, also from these slots, may have gone out %(gap)s before it; at least %(wants)s lie "
        "between two on one account."
    ),
    "same": lazy(
        "Left out: this same post went out %(gap)s before it; at least %(wants)s lie between two times on one account."
    ),
    "same_perhaps": lazy(
        "Left out: this same post may have gone out %(gap)s before it; at least %(wants)s lie between two times on one "
        "account."
    ),
    "newer": lazy(
        "Left out: the next time, %(gap)s later, was due as well, and only the newest of them goes out."
    ),
}


def near_words(params: Mapping[str, object]) -> str:
    """The sentence; "" where it was not written down which post it was."""
    gap, wants = params.get("gap"), params.get("wants")
    if not isinstance(gap, int | float) or not isinstance(wants, int | float):
        return ""
    by = str(params.get("by"))
    if by == "account":
        by = "account_after" if gap > 0 else "account" if gap else "account_same"
    told = TOLD.get(by)
    return (
        str(told)
        % {"post": params.get("post") or _("No words"), "gap": duration(abs(gap)), "wants": duration(wants)}
        if told
        else ""
    )


class Hit(Protocol):
    """One time that would be left out (`queries/round_near.py`)."""

    @property
    def moment(self) -> datetime: ...
    @property
    def other(self) -> Any: ...
    @property
    def wants(self) -> int: ...
    @property
    def gap(self) -> int: ...


class Near(Protocol):
    """What is told of a rule's times that would be left out."""

    @property
    def account(self) -> Any: ...
    @property
    def count(self) -> int: ...
    @property
    def of(self) -> int: ...
    @property
    def hit(self) -> Any: ...


def ahead_near_words(near: Near, zone: ZoneInfo) -> str:
    """How many of a rule's next times would be left out on an account, and of the first one why."""
    many = ngettext(
        "%(account)s: %(n)s of the next %(of)s times would be left out, on %(when)s.",
        "%(account)s: %(n)s of the next %(of)s times would be left out, the first on %(when)s.",
        near.count,
    ) % {
        "account": account_name(near.account),
        "n": near.count,
        "of": near.of,
        "when": date_time(near.hit.moment, "weekday", zone),
    }
    return f"{many} {_why_of(near.hit)}"


def planned_near_words(hit: Hit) -> str:
    """Of one that is planned already."""
    return _("Will be left out. %(why)s") % {"why": _why_of(hit)}


def empty_near_words(name: str, gap: float, wants: int) -> str:
    """Why a slot of the evergreen stock takes nothing. `gap`: seconds from it to that post."""
    return _("Stays empty. %(why)s") % {"why": why_near(name, gap, wants)}


def _why_of(hit: Hit) -> str:
    if hit.other.delivery is None:
        told = _("The time before it is only %(gap)s earlier; at least %(wants)s must lie between them.")
        return told % {"gap": duration(abs(hit.gap)), "wants": duration(hit.wants)}
    return why_near(hit.other.name, hit.gap, hit.wants)


def why_near(name: str, gap: float, wants: int) -> str:
    """Which post lies how many seconds away (below 0: before), and what is asked."""
    told = _("“%(post)s” lies %(gap)s before it; at least %(wants)s must lie between them.")
    if gap > 0:
        told = _("“%(post)s” lies %(gap)s after it; at least %(wants)s must lie between them.")
    elif gap == 0:
        told = _("“%(post)s” has the same hour; at least %(wants)s must lie between them.")
    return told % {"post": name or _("No words"), "gap": duration(abs(gap)), "wants": duration(wants)}
