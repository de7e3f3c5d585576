"""How the accounts themselves stood at the first and the last day of a report: followers, or what their channel tells first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.analytics.models import AccountSample
from kitestring.domains.analytics.queries.accounts import counted, readings_between
from kitestring.domains.analytics.queries.reasons import first_sentence
from kitestring.domains.channels.models import Account
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.facts import NumberFact

FOLLOWERS: Final = "followers"
GRACE: Final = timedelta(days=2)


def numbers_in(named: Iterable[tuple[Account, str]], first: date, last: date) -> tuple[NumberFact, ...]:
    """Of each account, with its name for the page: measured at both ends, or why not. Days are the brand's own.

    A reading belongs to an end when it is of that day or at most two days from it, the nearest before the others.
    """
    accounts = dict(named)
    read = readings_between(accounts, first - GRACE, last + GRACE)
    return tuple(_number(one, name, read.get(one.pk, []), first, last) for one, name in accounts.items())


def _number(
    account: Account, name: str, read: Sequence[AccountSample], first: date, last: date
) -> NumberFact:
    keys = counted(account)
    if not keys:
        return NumberFact(name, "", _("its channel gives no number of the account"))
    metric = FOLLOWERS if FOLLOWERS in keys else keys[0]
    own = [row for row in read if row.metric == metric]
    start, end = _near(own, first), _near(own, last)
    if start is None or end is None or start.day >= end.day:
        return NumberFact(name, metric, _why(account, own, first, last))
    return NumberFact(
        name,
        metric,
        first=(start.day, start.value or 0.0),
        last=(end.day, end.value or 0.0),
        samples=(str(start.pk), str(end.pk)),
    )


def _near(rows: Sequence[AccountSample], day: date) -> AccountSample | None:
    """The reading with a value nearest to the day, of two alike the earlier; None where none is near enough."""
    near = [row for row in rows if row.value is not None and abs(row.day - day) <= GRACE]
    return min(near, key=lambda row: (abs(row.day - day), row.day), default=None)


def _why(account: Account, rows: Sequence[AccountSample], first: date, last: date) -> str:
    """Why it is not known at both ends, in the active language: the channel's own reason before ours."""
    connector = registry.connectors().get(account.channel)
    said = next((row.why for row in reversed(rows) if row.value is None and row.why), "")
    given = [row for row in rows if row.value is not None]
    if said and connector is not None and _near(rows, last) is None:
        return first_sentence(sentence(said, {}, get_language() or "en", connector.manifest))
    if not given:
        return _("not read in this time")
    if _near(rows, first) is None:
        return _("first read on %(day)s") % {"day": words.day(given[0].day)}
    if _near(rows, last) is None:
        return _("last read on %(day)s") % {"day": words.day(given[-1].day)}
    return _("read at one end only, the time is too short")
