"""Why a slot stays empty, in one sentence, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.publishing.rules.rotation import (
    ELSEWHERE,
    NOT_APPROVED,
    OVER,
    TOO_SOON,
    WHYS,
)


def empty_words(whys: Mapping[str, int], days_apart: int) -> str:
    """ "Stays empty: 2 were out here less than 30 days before; 1 is no longer good by then." """
    told = [_why(why, whys[why], days_apart) for why in WHYS if whys.get(why)]
    if not told:
        return _("Stays empty: there is nothing in the stock.")
    return _("Stays empty: %(whys)s.") % {"whys": _("; ").join(told)}


def _why(why: str, count: int, days_apart: int) -> str:
    texts = {
        TOO_SOON: ngettext(
            "%(n)s is out here less than %(days)s days before or after",
            "%(n)s are out here less than %(days)s days before or after",
            count,
        ),
        OVER: ngettext("%(n)s is no longer good by then", "%(n)s are no longer good by then", count),
        NOT_APPROVED: ngettext("%(n)s is not approved", "%(n)s are not approved", count),
        ELSEWHERE: ngettext(
            "%(n)s has no version for this account", "%(n)s have no version for this account", count
        ),
    }
    return texts[why] % {"n": count, "days": days_apart}
