"""How a quota is told: what is used and planned of it in which period, and what to do when no place is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kitestring.connectorkit.manifest import PublishKind, Quota
from kitestring.ui.formats import date, date_time
from kitestring.ui.marks import account_name


def period_words(window: str, start: datetime, zone: ZoneInfo) -> str:
    """The period as people name it: "December 2026", a day, or how long a span is."""
    if window == "month":
        return date(start, "month", zone)
    if window == "day":
        return date(start, "medium", zone)
    return _("one hour") if window == "hour" else _("24 hours")


def use_words(kind: str, period: str, used: int, planned: int, limit: int) -> str:
    """One quiet line: how much of the quota is gone."""
    given = {"kind": kind, "period": period, "used": used, "planned": planned, "limit": limit}
    return _("%(kind)s in %(period)s: %(used)s used, %(planned)s planned, of %(limit)s") % given


class Short(Protocol):
    """What is told of times that find no place (`queries/round_quotas.py`)."""

    @property
    def account(self) -> Any: ...
    @property
    def kind(self) -> PublishKind: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def count(self) -> int: ...
    @property
    def of(self) -> int: ...
    @property
    def first(self) -> datetime: ...


def short_words(short: Short, zone: ZoneInfo) -> str:
    """How many of a rule's next times find no place on an account, and what becomes of them."""
    text = ngettext(
        "%(account)s: %(n)s of the next %(of)s times finds no place (%(kind)s: %(limit)s in %(period)s), on %(when)s. It asks "
        "a person then.",
        "%(account)s: %(n)s of the next %(of)s times find no place (%(kind)s: %(limit)s in %(period)s), the first on "
        "%(when)s. Each asks a person then.",
        short.count,
    )
    return text % {
        "account": account_name(short.account),
        "n": short.count,
        "of": short.of,
        "kind": short.kind.label.in_(get_language() or "en"),
        "limit": short.quota.limit,
        "period": period_words(short.quota.window, short.first, zone),
        "when": date(short.first, "medium", zone),
    }


def full_words(line: str, free_from: datetime, zone: ZoneInfo) -> str:
    """Why nothing was scheduled there, and what to do. `line`: see `use_words`; `zone`: the reader's."""
    return _(
        "No place is left: %(use)s. Nothing was changed. Choose an hour from %(when)s on, publish it another "
        "way, or move one of the others first."
    ) % {"use": line, "when": date_time(free_from, "medium", zone)}
