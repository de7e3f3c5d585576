"""Translated texts in templates: `_("%(n)s posts", n=3)` and `_("%(n)s posts") % {"n": 3}` both work, and both escape."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from markupsafe import Markup, escape


def _fill(text: str, variables: dict[str, Any]) -> str:
    """Fill the placeholders; markup among the values stays markup, everything else is escaped at output."""
    if not variables:
        return text
    if any(isinstance(value, Markup) for value in variables.values()):
        return escape(text) % variables
    return text % variables


def gettext(message: str, /, **variables: Any) -> str:
    """The text in the active language. A literal percent sign needs doubling only where variables are given."""
    return _fill(translation.gettext(message), variables)


def ngettext(one: str, many: str, count: int, /, **variables: Any) -> str:
    """The text for `count`; `%(num)s` is the count unless given otherwise."""
    text = translation.ngettext(one, many, count)
    if variables or "%(num)s" in text:
        variables.setdefault("num", count)
    return _fill(text, variables)


def pgettext(context: str, message: str, /, **variables: Any) -> str:
    """The text where one English word needs two translations; `context` tells which."""
    return _fill(translation.pgettext(context, message), variables)
