"""Reads the numbers that people type as the apps show them: 12,345, 1.2万, 3k."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from kitestring.kit.refusals import Refusal

TIMES: Final = {"": 1, "k": 10**3, "w": 10**4, "万": 10**4, "萬": 10**4, "m": 10**6, "亿": 10**8, "億": 10**8}
WHOLE: Final = re.compile(r"\d{1,12}|\d{1,3}(?:[.,\s]\d{3}){1,3}")
SHORT: Final = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*([kwm万萬亿億])", re.IGNORECASE)
MOST: Final = 10**12


def number_of(typed: str) -> float | None:
    """The number that is meant; None for none. "1.234" is 1234, as it has groups of three; a fraction needs its unit."""
    plain = unicodedata.normalize("NFKC", typed).strip().removesuffix("+").strip()
    if WHOLE.fullmatch(plain):
        return float(re.sub(r"\D", "", plain))
    short = SHORT.fullmatch(plain)
    if short is None:
        return None
    return float(Decimal(short[1].replace(",", ".")) * TIMES[short[2].lower()])


def numbers_in(form: Mapping[str, str], keys: Iterable[str]) -> dict[str, float]:
    """What was typed, by metric; an empty field is none. Raises Refusal beside the first field that holds no number."""
    found = {}
    for key in keys:
        typed = form.get(key, "").strip()
        if not typed:
            continue
        value = number_of(typed[:40])
        if value is None or value > MOST:
            raise Refusal(
                _("This is no number such as 350, 12,345 or 1.2万. Nothing was changed."), field=key
            )
        found[key] = value
    return found
