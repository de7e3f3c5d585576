"""Figures as the reader writes them: 12,345 in English and Chinese, 12.345 in Vietnamese, 1.2万 in Chinese tables."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from django.utils.translation import gettext as _

from kitestring.ui.formats import MISSING
from kitestring.ui.locales import tongue

Figure = int | float | Decimal | None
# From which size on, divided by what, with which word after it.
STEPS: dict[str, tuple[tuple[int, int, str], ...]] = {
    "zh": ((10**8, 10**8, "亿"), (10**4, 10**4, "万")),
    "vi": ((10**6, 10**6, "tr"), (10**4, 10**3, "k")),
    "en": ((10**6, 10**6, "M"), (10**4, 10**3, "k")),
}


def _pattern(digits: int | None) -> str:
    if digits is None:
        return "#,##0.###"
    return "#,##0" if digits == 0 else f"#,##0.{'0' * digits}"


def number(value: Figure, digits: int | None = None) -> str:
    """A figure in full; `digits` fixes the decimals."""
    if value is None:
        return MISSING
    return format_decimal(value, _pattern(digits), locale=tongue().locale)


def compact(value: Figure) -> str:
    """A figure for a narrow place: 12.3k, 1.2万, 12,3k. Below ten thousand it stays whole."""
    if value is None:
        return MISSING
    locale = tongue().locale
    for least, unit, word in STEPS.get(locale.language, STEPS["en"]):
        if abs(float(value)) >= least:
            return format_decimal(float(value) / unit, "#,##0.#", locale=locale) + word
    return number(value, None if isinstance(value, int) else 1)


def percent(value: Figure, digits: int = 0) -> str:
    """A share (0.049 is 4.9 %) with `digits` decimals."""
    if value is None:
        return MISSING
    return number(float(value) * 100, digits) + "%"


def money(value: Figure, currency: str) -> str:
    """An amount with its currency sign, decimals as the currency has them."""
    return MISSING if value is None else format_currency(value, currency, locale=tongue().locale)


def unit_price(value: Figure, currency: str) -> str:
    """A price of one of many, with the decimals it was stated in: $0.015 is not $0.02."""
    if value is None:
        return MISSING
    return format_currency(value, currency, locale=tongue().locale, decimal_quantization=False)


def size(value: int | None) -> str:
    """A file's size: 840 kB, 23 MB, 4 GB."""
    if value is None:
        return MISSING
    if value < 1000:
        return _("%(n)s B") % {"n": value}
    if value < 1_000_000:
        return _("%(n)s kB") % {"n": number(value / 1000, 0)}
    if value < 1_000_000_000:
        return _("%(n)s MB") % {"n": number(value / 1_000_000, _places(value, 1_000_000))}
    return _("%(n)s GB") % {"n": number(value / 1_000_000_000, _places(value, 1_000_000_000))}


def _places(value: int, unit: int) -> int:
    """One place below ten of the unit, where it says something."""
    return 1 if value < 10 * unit and value * 10 % (10 * unit) else 0
