"""Today's date as the greeting says it: the day, its lunar day, and the key date it is or leads to."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kitestring.ui.formats import date as said
from kitestring.web.days.key import Country, country_of, lunar_of, next_key_day
from kitestring.web.days.lunar import lunar_words


def date_line(today: date, timezone: str) -> str:
    """ "Wednesday 25 November, lunar 17/10. Black Friday is in 2 days." """
    country = country_of(get_language() or "en", timezone)
    line = said(today, "long")
    there = lunar_of(today, country)
    if there is not None:
        line = _("%(day)s, %(lunar)s") % {"day": line, "lunar": lunar_words(there)}
    key = _key_line(today, country)
    return _("%(day)s. %(key)s") % {"day": line, "key": key} if key else line


def _key_line(today: date, country: Country) -> str:
    found = next_key_day(today, country)
    if found is None:
        return ""
    name, away = str(found[0].name), found[1]
    if away == 0:
        return _("Today is %(name)s.") % {"name": name}
    if away == 1:
        return _("Tomorrow is %(name)s.") % {"name": name}
    return ngettext("%(name)s is in %(n)s day.", "%(name)s is in %(n)s days.", away) % {
        "name": name,
        "n": away,
    }
